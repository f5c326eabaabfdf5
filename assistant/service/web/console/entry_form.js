// The form of an entry as a whole: its parts, the draft they make up, and what reads along.

import { el } from "../dom.js";
import { Answers } from "./answers.js";
import { EntryCheck } from "./entry_check.js";
import { Phrasings } from "./phrasings.js";
import { Samples } from "./samples.js";
import { SideFields } from "./side_fields.js";

export class EntryForm {
  #id = null;

  /** `changed()` is called with every change; `compare(entryId)` shows another entry. */
  constructor(desk, fields, changed, compare) {
    this.changed = changed;
    const edited = () => this.#edited();
    this.title = el("input", { name: "title", maxlength: "200", "aria-label": "标准问", autocomplete: "off",
      placeholder: "买家最常怎么问，例如：什么时候发货", oninput: () => { this.phrasings.mark(); edited(); } });
    this.phrasings = new Phrasings(() => this.title.value, edited);
    this.samples = new Samples(desk, () => this.draft(), (previews, chosen) => this.answers.show(previews, chosen));
    this.answers = new Answers(fields, this.samples.node, edited);
    this.side = new SideFields(desk, edited);
    this.node = el("form", { class: "entry-form", "aria-label": "条目" },
      el("div", { class: "words" },
        el("div", { class: "part", "data-field": "title" }, el("div", { class: "part-head" }, el("h2", {}, "标准问")), this.title,
          el("ul", { class: "line-notes" })),
        notesUnder(this.phrasings.node), notesUnder(this.answers.node)),
      el("div", { class: "beside" }, this.side.node),
      el("datalist", { id: "tones" }, ["亲切", "简洁", "正式"].map((tone) => el("option", { value: tone }))));
    this.check = new EntryCheck(this, compare);
    this.node.querySelector(".beside").prepend(this.check.node);
    this.node.addEventListener("submit", (event) => event.preventDefault());
  }

  /** Puts a draft into the form. */
  set(draft) {
    this.#id = draft.id ?? null;
    this.title.value = draft.title;
    this.phrasings.set(draft.questions);
    this.answers.set(draft.answers);
    this.side.set(draft);
    this.#read();
  }

  /** The draft as it is written. */
  draft() {
    return { ...(this.#id && { id: this.#id }), ...this.side.value(), title: this.title.value,
      questions: this.phrasings.value(), answers: this.answers.value() };
  }

  stop() {
    this.check.stop();
    this.samples.stop();
  }

  #edited() {
    this.changed();
    this.#read();
  }

  #read() {
    this.check.soon();
    this.samples.soon();
  }
}

function notesUnder(node) {
  node.append(el("ul", { class: "line-notes" }));
  return node;
}
