// The room of all entries: search, filters, pages, and what can be done with several at once.

import { announce, el } from "../dom.js";
import { Filters } from "./list_filters.js";
import { BulkBar } from "./list_bulk.js";
import { installListKeys } from "./list_keys.js";
import { PAGE, narrowed, paramsOf, questionOf, requestOf } from "./list_query.js";
import { markChosen, table } from "./list_rows.js";
import { empty, failed } from "./notice.js";
import { address, go, note } from "./router.js";
import { editSeed } from "./seeds.js";
import { listEntries } from "./service.js";

const PAUSE_MS = 180;

export function mount(root, place, desk) {
  const list = new List(root, desk);
  list.moved(place);
  return list;
}

class List {
  #timer = null;
  #flight = null;
  #chosen = new Set();
  #entries = [];
  #total = 0;

  constructor(root, desk) {
    this.desk = desk;
    this.filters = new Filters(desk, (question, typed) => this.#asked(question, typed));
    this.rows = el("div", { class: "rows", "aria-live": "off" });
    this.pager = el("nav", { class: "pager", "aria-label": "翻页" });
    this.bulk = new BulkBar(this.#chosen, () => this.#entries, () => this.#load(), () => this.#choose());
    root.append(this.filters.node, this.bulk.node, this.rows, this.pager);
    this.removeKeys = installListKeys(root, this.filters.search, {
      turn: (by) => this.#turn(by),
      toggle: (id) => { if (!this.#chosen.delete(id)) this.#chosen.add(id); this.#choose(); return true; },
    });
  }

  left() {
    clearTimeout(this.#timer);
    this.#flight?.abort();
    this.removeKeys();
  }

  /** The address changed: by a link, or by "back". */
  moved({ params }) {
    this.question = questionOf(params);
    this.filters.show(this.question);
    this.#load();
  }

  #asked(question, typed) {
    const first = !this.question.q && question.q;
    this.question = question;
    clearTimeout(this.#timer);
    this.#flight?.abort();
    if (!typed) return go("entries", null, paramsOf(question));
    // The first letter makes a step in the history, so that "back" gives the list before the search.
    if (first) history.pushState(null, "", address("entries", null, paramsOf(question)));
    else note("entries", null, paramsOf(question));
    this.#timer = setTimeout(() => this.#load(), PAUSE_MS);
  }

  async #load() {
    this.#flight?.abort();
    const flight = this.#flight = new AbortController();
    this.rows.setAttribute("aria-busy", "true");
    try {
      const { entries, total } = await listEntries(requestOf(this.question, this.desk.shop), flight.signal);
      if (flight.signal.aborted) return;
      this.#show(entries, total);
    } catch (error) {
      if (flight.signal.aborted) return;
      this.rows.replaceChildren(failed(error, () => this.#load()));
      this.pager.replaceChildren();
    }
    this.rows.setAttribute("aria-busy", "false");
  }

  #show(entries, total) {
    const focused = document.activeElement?.closest?.("tbody tr")?.dataset.id;
    const step = this.pager.contains(document.activeElement) && document.activeElement.getAttribute("aria-label");
    Object.assign(this, { entries });
    this.#entries = entries;
    this.#total = total;
    this.rows.replaceChildren(entries.length ? table(entries, this.question, this.#chosen, () => this.#choose()) : this.#nothing());
    this.pager.replaceChildren(...this.#pages());
    this.#choose();
    announce(`找到 ${total} 条`);
    if (focused) this.rows.querySelector(`tr[data-id="${CSS.escape(focused)}"] .title`)?.focus();
    if (step) (this.pager.querySelector(`[aria-label="${step}"]:enabled`) ?? this.rows.querySelector(".title"))?.focus();
  }

  #nothing() {
    const { q, mode } = this.question;
    if (!q && !narrowed(this.question)) return empty("还没有条目", el("p", {}, "新建第一条，或从表格导入。"),
      el("a", { class: "button primary", href: address("new") }, "新建条目"), el("a", { class: "button", href: address("import") }, "导入表格"));
    return empty("没有符合的条目",
      el("p", {}, q && mode === "text" ? "换个说法，或改用“意思”来搜。" : "放宽筛选条件再试。"),
      q && mode !== "pinyin" && el("button", { type: "button", onclick: () => editSeed({ title: q }) }, "新建这一条"));
  }

  #choose() {
    const node = this.rows.querySelector("table");
    if (node) markChosen(node, this.#chosen);
    this.bulk.show();
  }

  #turn(by) {
    const page = this.question.page + by;
    if (page < 1 || page > this.#last()) return false;
    go("entries", null, paramsOf({ ...this.question, page }));
    this.rows.scrollTop = 0;
    return true;
  }

  #last() {
    return Math.max(1, Math.ceil(this.#total / PAGE));
  }

  #pages() {
    const { page } = this.question;
    const last = this.#last();
    const step = (text, to, label) => el("button", { type: "button", class: "small", "aria-label": label,
      disabled: to < 1 || to > last || to === page, onclick: () => this.#turn(to - page) }, text);
    const jump = el("input", { type: "number", min: "1", max: String(last), value: String(page), "aria-label": "第几页",
      onchange: () => this.#turn(Math.min(Math.max(Number(jump.value) || 1, 1), last) - page) });
    return [
      el("span", { class: "total" }, `共 ${this.#total} 条`),
      last > 1 && el("span", { class: "steps" }, step("«", 1, "第一页"), step("‹", page - 1, "上一页"),
        el("span", { class: "at" }, jump, ` / ${last} 页`), step("›", page + 1, "下一页"), step("»", last, "最后一页")),
      el("span", { class: "hint keys-hint" }, el("kbd", {}, "/"), " 搜索 ", el("kbd", {}, "↑"), el("kbd", {}, "↓"), " 移动 ",
        el("kbd", {}, "Enter"), " 打开 ", el("kbd", {}, "x"), " 选中 ", el("kbd", {}, "n"), " 新建"),
    ].filter(Boolean);
  }
}
