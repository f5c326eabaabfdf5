// A short list written as tokens: tags, items. Enter or a comma adds one, Backspace takes the last away.

import { el, isComposing } from "../dom.js";

export class Tokens {
  /** `known` are [value, name] pairs to choose from; with `only` nothing else is taken. */
  constructor(label, known, changed, { only = false, placeholder = "" } = {}) {
    Object.assign(this, { names: new Map(known), changed, only, values: [] });
    const id = `known-${label}`;
    this.box = el("input", { list: id, "aria-label": `添加${label}`, placeholder, autocomplete: "off", maxlength: "100" });
    this.list = el("ul", { class: "token-list", "aria-label": label });
    this.node = el("div", { class: "tokens" }, this.list, this.box,
      el("datalist", { id }, known.map(([value, name]) => el("option", { value: name === value ? value : name }))));
    this.box.addEventListener("keydown", (event) => this.#typed(event));
    this.box.addEventListener("change", () => this.#take());
  }

  set(values) {
    this.values = [...values];
    this.list.replaceChildren(...this.values.map((value) => el("li", {}, this.names.get(value) ?? value,
      el("button", { type: "button", class: "quiet", "aria-label": `去掉 ${this.names.get(value) ?? value}`,
        onclick: () => { this.#put(this.values.filter((each) => each !== value)); this.box.focus(); } }, "✕"))));
  }

  value() {
    return [...this.values];
  }

  #put(values) {
    this.set(values);
    this.changed();
  }

  #typed(event) {
    if (isComposing(event)) return;
    if (event.key === "Enter" || event.key === "," || event.key === "，") {
      event.preventDefault();
      this.#take();
    }
    if (event.key === "Backspace" && !this.box.value && this.values.length) this.#put(this.values.slice(0, -1));
  }

  #take() {
    const said = this.box.value.split(/[,，、]/).map((each) => each.trim()).filter(Boolean).map((each) => this.#valueOf(each));
    const fresh = said.filter((value) => value && !this.values.includes(value));
    this.box.setCustomValidity(said.includes(null) ? "请从列表里选一个" : "");
    if (said.includes(null)) return this.box.reportValidity();
    this.box.value = "";
    if (fresh.length) this.#put([...this.values, ...new Set(fresh)]);
  }

  #valueOf(said) {
    const match = [...this.names].find(([value, name]) => value === said || name === said);
    return match?.[0] ?? (this.only ? null : said);
  }
}
