// How far the work is, in what can be counted: rows while checking, texts while learning them.

import { el } from "../dom.js";

const STEPS = {
  rows: ({ done }) => `已检查 ${done} 行`,
  embedding: ({ done, total }) => (total === null ? "正在准备…" : `正在读懂新的句子：${done} / ${total}`),
  storing: () => "正在写入…",
};

/** `update(state)` shows how far; `stop()` is asked for by the button, which goes when nothing can be stopped. */
export function progressView(step, stop) {
  const words = el("p", { role: "status" }, step === "check" ? "正在检查…" : "正在导入…");
  const bar = el("progress", { "aria-label": step === "check" ? "检查进度" : "导入进度" });
  const button = el("button", { type: "button", onclick: stop }, "停止");
  return {
    node: el("div", { class: "import-progress" }, words, bar, button),
    update(state) {
      words.textContent = STEPS[state.step]?.(state) ?? words.textContent;
      button.hidden = state.step === "storing";
      if (state.total === null) return bar.removeAttribute("value");
      bar.max = state.total || 1;
      bar.value = state.done;
    },
  };
}
