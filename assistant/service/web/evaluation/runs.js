// The list of runs: what each reached and what changed since the one before, two of them to choose for comparing.

import { byId, el } from "../dom.js";
import { moment } from "../names.js";
import { changed, written } from "./numbers.js";
import { save } from "./saving.js";
import { reportFile, resultFile } from "./service.js";

const SOURCES = { tests: "本店标注测试", upload: "上传", own: "自带对话" };

export class Runs {
  #box = byId("runs");
  #chosen = [];
  #seen = "";

  /** `open(run)` shows a report, `remove(run)` throws one away, `compare([a, b])` compares two by number, the earlier first. */
  constructor(actions) {
    Object.assign(this, actions);
    byId("compare").addEventListener("click", () => this.compare([...this.#chosen].sort((a, b) => a - b)));
  }

  show({ evaluations, metrics }) {
    const seen = JSON.stringify(evaluations.map((run) => [run.id, run.state]));
    if (seen === this.#seen) return;
    this.#seen = seen;
    this.#chosen = this.#chosen.filter((id) => evaluations.some((run) => run.id === id && run.state === "done"));
    this.#box.replaceChildren(evaluations.length
      ? el("ul", { class: "runs" }, evaluations.map((run) => this.#row(run, metrics)))
      : el("p", { class: "empty" }, "还没有测评过。选好测什么，点“开始测评”。"));
    this.#count();
  }

  /** Shows why the list could not be read. */
  fail(notice) {
    if (!this.#seen) this.#box.replaceChildren(notice);
  }

  clear() {
    this.#chosen = [];
    this.#seen = "";
    this.#count();
  }

  #row(run, metrics) {
    const about = [SOURCES[run.source], run.file, `${run.cases} 条`, run.knowledge_revision && `知识第 ${run.knowledge_revision} 版`, run.author, moment(run.created_at)];
    return el("li", { class: `run ${run.state}`, "data-run": run.id },
      el("header", {}, this.#choice(run), el("h3", {}, el("span", { class: "hint" }, `#${run.id} `), run.name), this.#tools(run)),
      el("p", { class: "hint" }, about.filter(Boolean).join(" · ")),
      run.state === "running" && el("p", {}, "正在测评…"),
      run.state === "failed" && el("p", { class: "problem" }, run.error),
      run.state === "done" && [
        el("dl", { class: "numbers" }, metrics.map((metric) => el("div", {}, el("dt", { title: metric.means }, metric.zh),
          el("dd", {}, el("strong", {}, written(metric, run.numbers[metric.name])), changed(metric, run.changes[metric.name]))))),
        run.against && el("p", { class: "hint" }, `箭头与 #${run.against} 相比`)]);
  }

  #choice(run) {
    const box = el("input", { type: "checkbox", "aria-label": `选中 ${run.name} 来比较`, checked: this.#chosen.includes(run.id), disabled: run.state !== "done" });
    box.addEventListener("change", () => {
      this.#chosen = box.checked ? [...this.#chosen, run.id].slice(-2) : this.#chosen.filter((id) => id !== run.id);
      this.#box.querySelectorAll("[data-run]").forEach((row) => { row.querySelector("input").checked = this.#chosen.includes(Number(row.dataset.run)); });
      this.#count();
    });
    return box;
  }

  #tools(run) {
    const button = (text, label, onclick) => el("button", { type: "button", class: "quiet small", "aria-label": `${label}：${run.name}`, onclick }, text);
    return el("span", { class: "tools" },
      run.state === "done" && [button("看报告", "看报告", () => this.open(run)),
        button("下载报告", "下载报告", () => save(this.#box, reportFile(run.id), "测评报告.html")),
        button("下载结果", "下载结果", () => save(this.#box, resultFile(run.id), `测评结果-${run.name}.json`))],
      run.state !== "running" && button("删除", "删除", () => this.remove(run)));
  }

  #count() {
    byId("compare").disabled = this.#chosen.length !== 2;
    byId("chosen").textContent = ["勾选两次来比较", "再勾选一次", ""][this.#chosen.length];
  }
}
