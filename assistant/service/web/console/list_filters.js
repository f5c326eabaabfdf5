// The search box and the filters above the list.

import { el } from "../dom.js";
import { labelled } from "./dialogs.js";
import { narrowed, questionOf } from "./list_query.js";
import { KINDS, STATUSES, intentOptions, options } from "./words.js";

const MODES = { text: "文字", meaning: "意思", pinyin: "拼音" };
const HINTS = {
  text: "搜标准问、相似问法、答案、短代码", meaning: "用买家的话来找，例如：衣服褪色了咋整", pinyin: "拼音或首字母，例如：fahuo、fh",
};
const EFFECTIVE = { now: "生效中", future: "未生效", expired: "已过期" };
const SORTS = { updated_at: "最近修改", title: "标准问拼音", id: "编号" };

export class Filters {
  /** `ask(question, typed)` is called with every change; `typed` while letters are still coming. */
  constructor({ vocabulary, items }, ask) {
    this.ask = ask;
    this.search = el("input", { type: "search", name: "q", "aria-label": "搜索条目", "aria-keyshortcuts": "/",
      autocomplete: "off", spellcheck: "false", maxlength: "200" });
    this.count = el("span", { class: "count", hidden: true });
    this.node = el("form", { class: "filters", role: "search", "aria-label": "查找条目" },
      el("div", { class: "search" }, this.search, el("div", { class: "modes", role: "radiogroup", "aria-label": "搜索方式" },
        Object.entries(MODES).map(([mode, zh]) => el("label", {}, el("input", { type: "radio", name: "mode", value: mode }),
          el("span", {}, zh))))),
      el("details", { class: "narrow" }, el("summary", {}, "筛选", this.count), el("div", { class: "narrow-body" },
        choice("intent", "意图", intentOptions(vocabulary)),
        choice("kind", "类型", options(KINDS)),
        choice("item_id", "商品", items.map((item) => el("option", { value: item.item_id }, item.title))),
        choice("status", "状态", options(STATUSES)),
        choice("effective", "时效", options(EFFECTIVE)),
        labelled("修改人", el("input", { name: "author", maxlength: "100", autocomplete: "off" })),
        toggle("never_matched", "从未命中"), toggle("disliked", "被点踩"),
        choice("sort", "排序", options(SORTS), false),
        el("button", { type: "button", class: "quiet small", onclick: () => this.#clear() }, "清除筛选"))));
    this.details = this.node.querySelector("details");
    const wide = matchMedia("(min-width: 720px)");
    this.details.open = wide.matches;
    wide.addEventListener("change", () => { this.details.open = wide.matches; });
    this.node.addEventListener("submit", (event) => event.preventDefault());
    this.node.addEventListener("input", (event) => this.#changed(event.target));
  }

  #changed(field) {
    const typed = field === this.search || field.name === "author";
    this.#mark();
    this.ask({ ...this.question(), page: 1 }, typed);
  }

  /** The question as the fields say it. */
  question() {
    return questionOf(new URLSearchParams([...new FormData(this.node)].filter(([, value]) => value)));
  }

  /** Puts a question into the fields. */
  show(question) {
    for (const [name, value] of Object.entries(question)) {
      const field = this.node.elements[name];
      if (!field) continue;
      if (field.type === "checkbox") field.checked = value;
      else if (field.value !== value) field.value = value;
    }
    this.#mark();
  }

  #mark() {
    const question = this.question();
    this.search.placeholder = HINTS[question.mode];
    this.count.textContent = String(narrowed(question));
    this.count.hidden = narrowed(question) === 0;
    this.node.elements.sort.disabled = question.mode === "meaning" && question.q !== "";
  }

  #clear() {
    const { q, mode, sort } = this.question();
    const question = { ...questionOf(new URLSearchParams({ q, mode })), sort };
    this.show(question);
    this.ask(question, false);
  }
}

const choice = (name, zh, made, any = true) => labelled(zh, el("select", { name }, any && el("option", { value: "" }, "不限"), made));

const toggle = (name, zh) => el("label", { class: "toggle" }, el("input", { type: "checkbox", name, value: "true" }), zh);
