// The answers of an entry: what is said under which conditions, and what it comes to in the sample conversation.

import { el } from "../dom.js";
import { fieldName } from "../names.js";
import { Conditions, nameOf } from "./conditions.js";
import { placeholderChooser } from "./placeholders.js";

const BLANK = { text: "", when: {}, tone: null };

export class Answers {
  #cards = [];

  /** `head` is what stands above the answers: the choice of the sample conversation. */
  constructor(fields, head, changed) {
    Object.assign(this, { fields, changed });
    this.list = el("ol", { class: "answers" });
    this.node = el("section", { class: "part", "data-field": "answers", "aria-label": "答案" },
      el("div", { class: "part-head" }, el("h2", {}, "答案"), el("span", { class: "hint" }, "条件越具体越优先；条件一样时，排在前面的先说")),
      head, this.list,
      el("button", { type: "button", class: "small add", onclick: () => this.#insert(this.#cards.length, BLANK) }, "＋ 再加一条答案"));
  }

  set(answers) {
    this.#cards = answers.map((answer) => this.#card(answer));
    this.#draw();
  }

  value() {
    return this.#cards.map((card) => card.value());
  }

  /** `previews` by answer, `chosen` the number of the one that is said; both null while nothing is known. */
  show(previews, chosen) {
    this.#cards.forEach((card, number) => card.show(previews?.[number] ?? null, number === chosen));
  }

  /** `notes` by answer number: nodes that say what is wrong with it. */
  note(notes) {
    this.#cards.forEach((card, number) => card.note(notes.get(number) ?? []));
  }

  #card(answer) {
    const card = new AnswerCard(answer, this.fields, this.changed, {
      up: () => this.#move(card, -1), down: () => this.#move(card, 1), remove: () => this.#remove(card),
      copy: () => this.#insert(this.#cards.indexOf(card) + 1, card.value()),
    });
    return card;
  }

  #insert(place, answer) {
    this.#cards.splice(place, 0, this.#card(answer));
    this.#draw();
    this.#cards[place].box.focus();
    this.changed();
  }

  #move(card, by) {
    const from = this.#cards.indexOf(card);
    const to = from + by;
    if (to < 0 || to >= this.#cards.length) return;
    this.#cards.splice(from, 1);
    this.#cards.splice(to, 0, card);
    this.#draw();
    card.box.focus();
    this.changed();
  }

  #remove(card) {
    const place = this.#cards.indexOf(card);
    this.#cards = this.#cards.filter((each) => each !== card);
    if (!this.#cards.length) this.#cards = [this.#card(BLANK)];
    this.#draw();
    (this.#cards[place] ?? this.#cards.at(-1)).box.focus();
    this.changed();
  }

  #draw() {
    this.list.replaceChildren(...this.#cards.map((card) => card.node));
    this.#cards.forEach((card, number) => card.number(number + 1));
  }
}

class AnswerCard {
  constructor(answer, fields, changed, acts) {
    this.fields = fields;
    this.box = el("textarea", { rows: "2", maxlength: "2000", placeholder: "直接发给买家的话。需要的事实用占位符，例如 {运单号}" });
    this.box.value = answer.text;
    this.tone = el("input", { class: "tone", value: answer.tone ?? "", maxlength: "20", "aria-label": "语气", placeholder: "语气（可不填）", list: "tones" });
    this.conditions = new Conditions(fields, changed);
    this.conditions.set(answer.when);
    this.title = el("h3", {});
    this.mark = el("span", { class: "chosen-mark", hidden: true }, "样例会话会说这条");
    this.notes = el("ul", { class: "line-notes" });
    this.preview = el("p", { class: "preview-line", hidden: true });
    this.node = el("li", { class: "answer" },
      el("header", {}, this.title, this.mark, el("span", { class: "answer-tools" }, this.tone,
        tool("↑", "上移", acts.up), tool("↓", "下移", acts.down), tool("复制", "复制这条答案", acts.copy), tool("删除", "删除这条答案", acts.remove))),
      this.box, this.notes, this.preview,
      el("div", { class: "answer-end" }, this.conditions.node, placeholderChooser(fields, this.box)));
    for (const field of [this.box, this.tone]) field.addEventListener("input", changed);
  }

  number(number) {
    this.title.textContent = `答案 ${number}`;
    this.box.setAttribute("aria-label", `答案 ${number}`);
    this.node.dataset.number = number;
  }

  value() {
    return { text: this.box.value, when: this.conditions.value(), tone: this.tone.value.trim() || null };
  }

  note(nodes) {
    this.notes.replaceChildren(...nodes);
    this.box.setAttribute("aria-invalid", String(nodes.length > 0));
  }

  show(preview, isChosen) {
    this.mark.hidden = !isChosen;
    this.node.classList.toggle("chosen", isChosen);
    this.preview.hidden = preview === null;
    if (preview) this.preview.replaceChildren(...said(preview, this.fields));
    this.preview.dataset.state = !preview ? "" : preview.unmet.length ? "unmet" : preview.text === null ? "silent" : "said";
  }
}

function said({ unmet, text, missing }, fields) {
  if (unmet.length) return [`样例会话里不说：${unmet.map((path) => nameOf(path, fields)).join("、")}不符合`];
  const gaps = missing.map(fieldName).join("、");
  if (text === null) return [`样例会话里说不了：不知道${gaps || "占位符的值"}`];
  return [el("span", { class: "said" }, text), gaps && el("span", { class: "hint" }, `（不知道${gaps}，已换成稳妥的说法）`)].filter(Boolean);
}

const tool = (text, label, onclick) => el("button", { type: "button", class: "quiet small", "aria-label": label, title: label, onclick }, text);
