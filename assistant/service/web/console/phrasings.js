// 相似问法: a line each. Pasting many lines makes many phrasings; doubles are marked where they stand.

import { announce, el, isComposing } from "../dom.js";

const SHOWN_AT_ONCE = 12;

export class Phrasings {
  #notes = new Map();

  /** `title()` is the 标准问, which no phrasing need repeat. */
  constructor(title, changed) {
    Object.assign(this, { title, changed });
    this.list = el("ol", { class: "phrasings" });
    this.count = el("span", { class: "hint" });
    this.tidy = el("button", { type: "button", class: "small", hidden: true, onclick: () => this.#dropDoubles() }, "去掉重复");
    this.add = el("textarea", { rows: "1", class: "phrasing-new", "aria-label": "添加相似问法", placeholder: "买家还会怎么问？回车添加，可一次粘贴多行" });
    this.add.addEventListener("keydown", (event) => this.#typed(event));
    this.add.addEventListener("paste", (event) => this.#pasted(event, null));
    this.add.addEventListener("change", () => this.#take());
    this.node = el("section", { class: "part", "data-field": "questions", "aria-label": "相似问法" },
      el("div", { class: "part-head" }, el("h2", {}, "相似问法"), this.count, this.tidy), this.list, this.add);
  }

  set(questions) {
    this.list.replaceChildren(...questions.map((text) => this.#line(text)));
    this.mark();
  }

  value() {
    return this.#inputs().map((input) => input.value);
  }

  /** Adds lines at the end; those that are there already are left out. */
  append(lines) {
    const known = new Set(this.value().map(folded));
    const fresh = lines.map((line) => line.trim()).filter((line) => line && !known.has(folded(line)) && known.add(folded(line)));
    this.list.append(...fresh.map((line) => this.#line(line)));
    this.#changed();
    announce(`添加了 ${fresh.length} 条${lines.length > fresh.length ? `，${lines.length - fresh.length} 条重复或空白没有添加` : ""}`);
  }

  /** `notes` by phrasing: nodes that say what the check found. */
  note(notes) {
    this.#notes = notes;
    this.mark();
  }

  /** Shows doubles and what the check found. */
  mark() {
    const seen = new Map([[folded(this.title()), "标准问"]]);
    let doubles = 0;
    this.#inputs().forEach((input, index) => {
      const key = folded(input.value);
      const twin = key && seen.get(key);
      if (twin) doubles += 1;
      else if (key) seen.set(key, `第 ${index + 1} 条`);
      const line = input.closest("li");
      line.classList.toggle("double", Boolean(twin));
      input.setAttribute("aria-invalid", String(Boolean(twin)));
      line.querySelector(".line-notes").replaceChildren(
        ...(twin ? [el("span", { class: "problem" }, `与${twin}重复`)] : this.#notes.get(input.value.trim()) ?? []));
    });
    this.tidy.hidden = doubles === 0;
    this.count.textContent = `${this.#inputs().length} 条${doubles ? `，${doubles} 条重复` : ""}`;
    this.list.classList.toggle("long", this.#inputs().length > SHOWN_AT_ONCE);
  }

  #inputs() {
    return [...this.list.querySelectorAll("input")];
  }

  #line(text) {
    const input = el("input", { value: text, maxlength: "500", "aria-label": "相似问法", autocomplete: "off" });
    const line = el("li", {}, el("div", { class: "line" }, input,
      el("button", { type: "button", class: "quiet small", "aria-label": `删除「${text}」`, onclick: () => this.#remove(line) }, "✕")),
    el("div", { class: "line-notes" }));
    input.addEventListener("input", () => this.#changed());
    input.addEventListener("paste", (event) => this.#pasted(event, line));
    input.addEventListener("keydown", (event) => this.#inLine(event, line));
    return line;
  }

  #inLine(event, line) {
    if (isComposing(event)) return;
    const to = { ArrowUp: line.previousElementSibling, ArrowDown: line.nextElementSibling }[event.key];
    if (event.key === "Enter") { event.preventDefault(); this.add.focus(); }
    if (event.key === "Backspace" && !event.target.value) { event.preventDefault(); this.#remove(line); }
    if (event.key.startsWith("Arrow") && to !== undefined) { event.preventDefault(); (to?.querySelector("input") ?? this.add).focus(); }
  }

  #typed(event) {
    if (isComposing(event) || event.key !== "Enter") return;
    event.preventDefault();
    this.#take();
  }

  #take() {
    const lines = this.add.value.split(/\r?\n/);
    if (!this.add.value.trim()) return;
    this.add.value = "";
    this.append(lines);
    this.list.lastElementChild?.scrollIntoView({ block: "nearest" });
  }

  #pasted(event, line) {
    const lines = event.clipboardData.getData("text").split(/\r?\n/).map((each) => each.trim()).filter(Boolean);
    if (lines.length < 2) return;
    event.preventDefault();
    if (line && !line.querySelector("input").value) line.remove();
    this.append(lines);
  }

  #remove(line) {
    (line.nextElementSibling?.querySelector("input") ?? this.add).focus();
    line.remove();
    this.#changed();
  }

  #dropDoubles() {
    this.list.querySelectorAll(".double").forEach((line) => line.remove());
    this.#changed();
    this.add.focus();
  }

  #changed() {
    this.mark();
    this.changed();
  }
}

/** A phrasing as it is compared: full width or not, whatever the case, without punctuation at its end. */
export const folded = (text) => text.normalize("NFKC").toLowerCase().replace(/\s+/g, "").replace(/[。！？!?.,，~～…]+$/u, "");
