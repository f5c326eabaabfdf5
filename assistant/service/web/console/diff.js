// What changed between two versions, as the service tells it: fields, items of lists, pieces of text.

import { el } from "../dom.js";
import { sentence } from "./conditions.js";
import { empty } from "./notice.js";
import { valueWords } from "./words.js";

const KINDS = { added: "新增", removed: "删除", changed: "修改" };

/** Every field that changed. */
export function diffView(changes, fields) {
  if (!changes.length) return empty("两版内容一样");
  return el("dl", { class: "diff" }, changes.map((change) => [el("dt", {}, change.name), el("dd", {}, content(change, fields))]));
}

function content({ field, before, after, segments = [], items = [] }, fields) {
  if (items.length) return el("ul", {}, items.map((item) => el("li", { class: item.kind }, el("span", { class: "tag" }, KINDS[item.kind]), itemWords(field, item, fields))));
  if (segments.length) return pieces(segments);
  if (Array.isArray(before) && Array.isArray(after)) return "调整了顺序";
  return [el("del", {}, valueWords(field, before)), " → ", el("ins", {}, valueWords(field, after))];
}

function itemWords(field, { kind, before, after, segments = [] }, fields) {
  const text = kind === "changed" && segments.length ? pieces(segments)
    : el(kind === "removed" ? "del" : "ins", {}, words(field, kind === "removed" ? before : after));
  const moved = field === "answers" && kind === "changed" && JSON.stringify(before.when) !== JSON.stringify(after.when);
  return [text, field === "answers" && !moved && el("span", { class: "hint" }, sentence((after ?? before).when ?? {}, fields)),
    moved && el("span", { class: "hint" }, el("del", {}, sentence(before.when, fields)), " → ", el("ins", {}, sentence(after.when, fields)))];
}

const words = (field, value) => (typeof value === "object" && value !== null ? value.text : valueWords(field, value));

const TAGS = { insert: "ins", delete: "del" };
const pieces = (segments) => segments.map(({ op, text }) => (TAGS[op] ? el(TAGS[op], {}, text) : text));
