// What each column of a table holds: guessed by its heading, set right by hand.

import { el } from "../dom.js";

/** The table of columns; `value()` is the mapping to send, `onchange` is told of every choice. */
export function mappingTable(file, before = {}) {
  const selects = new Map();
  const view = { node: null, onchange: () => {}, value: () => Object.fromEntries([...selects].map(([key, select]) => [key, select.value || null])) };
  const row = (column) => {
    const key = `${column.letter}列`;
    const select = fieldSelect(file.fields, key in before ? before[key] : column.field, column);
    select.addEventListener("change", () => { mark(select); view.onchange(); });
    selects.set(key, select);
    return el("tr", { class: select.value ? null : "unread" },
      el("th", { scope: "row" }, el("span", { class: "letter" }, column.letter), column.heading || el("em", {}, "（没有表头）")),
      el("td", { class: "column-samples" }, column.samples.length ? column.samples.map((text) => el("span", {}, text)) : el("em", {}, "（空）")),
      el("td", {}, select));
  };
  view.node = file.columns.length
    ? el("div", { class: "table-scroll", tabindex: "0", role: "region", "aria-label": "列和字段的对应" }, el("table", { class: "mapping" },
      el("thead", {}, el("tr", {}, ["表头", "前几行", "作为"].map((name) => el("th", { scope: "col" }, name)))),
      el("tbody", {}, file.columns.map(row))))
    : el("p", { class: "hint" }, ".jsonl 文件按字段名读取，不用对应列。");
  return view;
}

function fieldSelect(fields, chosen, column) {
  const select = el("select", { "aria-label": `${column.letter} 列“${column.heading}”作为` },
    el("option", { value: "" }, "不导入"), fields.map(({ field, heading }) => el("option", { value: field }, heading)));
  select.value = chosen ?? "";
  return select;
}

const mark = (select) => select.closest("tr").classList.toggle("unread", !select.value);
