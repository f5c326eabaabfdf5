// The phrase search: any phrase by title, text, short code or pinyin initials; ↑ ↓ choose, Enter puts it in, Esc closes.

import { byId, el, isComposing } from "../dom.js";
import { intentName } from "../names.js";
import { findPhrases } from "./service.js";

const PAUSE_MS = 120;
const MOST = 30;

export class PhraseSearch {
  #found = [];
  #chosen = 0;
  #timer = null;
  #flight = null;
  #shownFor = null; // the words that the list answers

  /** `about()` gives {shop_id, context}; `onInsert(phrase)` takes the one that was chosen. */
  constructor(about, onInsert) {
    Object.assign(this, { about, onInsert });
    this.dialog = byId("phrases");
    this.box = byId("phrase-box");
    this.list = byId("phrase-list");
    this.state = byId("phrase-state");
    this.box.addEventListener("input", () => this.#soon());
    this.box.addEventListener("keydown", (event) => this.#key(event));
    this.dialog.addEventListener("click", (event) => { if (event.target === this.dialog) this.dialog.close(); });
  }

  open() {
    if (this.dialog.open) return;
    this.box.value = "";
    this.#show(null, [], ""); // the last list was filled in for what was known then
    this.dialog.showModal();
    this.#search();
  }

  close() {
    clearTimeout(this.#timer);
    this.#flight?.abort();
    this.dialog.close();
  }

  #soon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#search(), PAUSE_MS);
  }

  async #search() {
    clearTimeout(this.#timer);
    this.#flight?.abort();
    const flight = this.#flight = new AbortController();
    const q = this.box.value.trim();
    try {
      const { phrases } = await findPhrases({ q, limit: MOST, ...this.about() }, flight.signal);
      if (!flight.signal.aborted) this.#show(q, phrases);
    } catch (error) {
      if (!flight.signal.aborted) this.#show(null, [], `搜不了：${error.message || "服务暂时连不上"}，稍后再试。`);
    }
  }

  #show(q, phrases, problem = null) {
    this.#shownFor = q;
    this.#found = phrases;
    this.#chosen = 0;
    this.list.replaceChildren(...phrases.map((phrase, index) => this.#option(phrase, index)));
    this.state.textContent = problem ?? (phrases.length ? `${phrases.length} 条` : "没有找到，换个说法或拼音首字母试试");
    this.#mark();
  }

  #option(phrase, index) {
    return el("li", { role: "option", id: `phrase-${index}`, onclick: () => this.#take(index) },
      el("p", { class: "phrase-title" }, phrase.title,
        phrase.short_code && el("kbd", {}, phrase.short_code), el("span", { class: "topic" }, intentName(phrase.intent))),
      el("p", { class: "phrase-text" }, phrase.text));
  }

  #mark() {
    for (const [index, node] of [...this.list.children].entries()) {
      node.setAttribute("aria-selected", String(index === this.#chosen));
      if (index === this.#chosen) node.scrollIntoView({ block: "nearest" });
    }
    if (this.#found.length) this.box.setAttribute("aria-activedescendant", `phrase-${this.#chosen}`);
    else this.box.removeAttribute("aria-activedescendant");
  }

  #key(event) {
    if (isComposing(event)) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && this.#found.length) this.#chosen = (this.#chosen + step + this.#found.length) % this.#found.length;
    else if (event.key === "Enter") this.#takeChosen();
    else return;
    event.preventDefault();
    this.#mark();
  }

  /** What is marked; while the list still answers other words, the first that is found for these. */
  async #takeChosen() {
    const isCurrent = () => this.#shownFor === this.box.value.trim();
    if (!isCurrent()) await this.#search();
    if (isCurrent() && this.dialog.open) this.#take(this.#chosen);
  }

  #take(index) {
    const phrase = this.#found[index];
    if (!phrase) return;
    this.close();
    this.onInsert(phrase);
  }
}
