// How far the run under way is, and the button that stops it.

import { byId, el } from "../dom.js";

/** Shows the run under way; null: none is. */
export function showProgress(run, stop) {
  const box = byId("progress");
  box.hidden = !run;
  if (!run) return box.replaceChildren();
  const parts = box.dataset.run === String(run.id) ? box.firstElementChild && parted(box) : build(box, run, stop);
  parts.step.textContent = run.step ?? "准备";
  parts.count.textContent = run.total ? `${run.done}/${run.total}` : `共 ${run.cases} 条`;
  if (run.total) parts.bar.value = run.done / run.total; else parts.bar.removeAttribute("value");
}

function build(box, run, stop) {
  box.dataset.run = run.id;
  box.replaceChildren(
    el("div", { class: "card-head" }, el("h2", {}, run.name), el("button", { type: "button", class: "small", onclick: () => stop(run) }, "停止")),
    el("p", {}, el("span", { class: "step" }), " ", el("span", { class: "count hint" })),
    el("progress", { max: 1, "aria-label": `${run.name} 的进度` }));
  return parted(box);
}

const parted = (box) => ({ step: box.querySelector(".step"), count: box.querySelector(".count"), bar: box.querySelector("progress") });
