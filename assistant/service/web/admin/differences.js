// What a change changed: the fields whose value is another, before and after.

import { el } from "../dom.js";
import { fieldName } from "./field_names.js";

/** A table of the changed fields; of what came into being or went, all fields that say something. */
export function differences(action, before, after) {
  const names = [...new Set([...keysOf(before), ...keysOf(after)])];
  const changed = names.filter((name) => text(part(before, name)) !== text(part(after, name)));
  if (!changed.length) return el("p", { class: "hint" }, "没有内容可以对比。");
  return el("div", { class: "table-frame" }, el("table", { class: "differences" },
    el("thead", {}, el("tr", {}, ["字段", "之前", "之后"].map((each) => el("th", { scope: "col" }, each)))),
    el("tbody", {}, changed.map((name) => el("tr", {}, el("th", { scope: "row" }, fieldName(action, name)),
      cell("del", "之前", part(before, name)), cell("ins", "之后", part(after, name)))))));
}

const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
const keysOf = (value) => (isObject(value) ? Object.keys(value) : value === null || value === undefined ? [] : [""]);
const part = (value, name) => (isObject(value) ? value[name] : name === "" ? value : undefined);

function cell(tag, head, value) {
  const words = text(value);
  return el("td", { "data-head": head }, words ? el(tag, {}, words) : "—");
}

/** A value as a person reads it: a list one a line, an object one field a line, nothing as nothing. */
function text(value) {
  if (value === null || value === undefined || value === "") return "";
  if (Array.isArray(value)) return value.map(text).join("\n");
  if (isObject(value)) return Object.entries(value).filter(([, each]) => text(each)).map(([name, each]) => `${name}: ${text(each)}`).join("\n");
  if (typeof value === "boolean") return value ? "是" : "否";
  return String(value);
}
