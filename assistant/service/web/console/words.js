// Chinese names of an entry's codes, and its values as people read them.

import { KINDS, intentName, moment } from "../names.js";
import { el } from "../dom.js";

export const STATUSES = { published: "已发布", draft: "草稿", archived: "已归档" };
export const AUTHORITIES = { platform: "平台规则", shop: "店铺规则", phrase: "话术" };
export const STATES = { draft: "草稿", in_review: "待审核", returned: "已退回", published: "已发布" };
export const TAGS = { emergency: "应急", empathy: "共情开场", guide: "引导下一步", greeting: "问候" };
export { KINDS };

export const tagName = (tag) => TAGS[tag] ?? tag;

/** The fields of an entry, as editors call them. */
export const FIELDS = {
  shop_id: "适用店铺", kind: "类型", intent: "意图", title: "标准问", questions: "相似问法", answers: "答案", items: "限定商品",
  tags: "标签", short_code: "短代码", effective_from: "生效时间", effective_until: "失效时间", status: "状态",
  authority: "依据", note: "内部备注",
};

/** Where in an entry a problem lies: answers[1].text is 答案 2. */
export function fieldWords(path) {
  const [name, number] = /^(?:body\.|draft\.)*([a-z_]+)(?:\[(\d+)\]|\.(\d+))?/.exec(path)?.slice(1, 3) ?? [path];
  return `${FIELDS[name] ?? name}${number === undefined ? "" : ` ${Number(number) + 1}`}`;
}

/** When an entry is in effect, as a word and a sentence; null: always. */
export function effect({ effective_from: from, effective_until: until }, now = Date.now()) {
  if (!from && !until) return null;
  const span = from && until ? `${moment(from)} 至 ${moment(until)}` : from ? `${moment(from)} 起` : `至 ${moment(until)}`;
  if (until && Date.parse(until) <= now) return { state: "expired", zh: "已过期", span };
  if (from && Date.parse(from) > now) return { state: "future", zh: "未生效", span };
  return { state: "now", zh: "生效中", span };
}

/** Options of a select of all intents, by phase. */
export function intentOptions({ intents, phases }) {
  return Object.entries(phases).map(([phase, name]) => el("optgroup", { label: name },
    Object.entries(intents).filter(([, intent]) => intent.phase === phase)
      .map(([code, intent]) => el("option", { value: code }, intent.zh))));
}

export const options = (names) => Object.entries(names).map(([value, zh]) => el("option", { value }, zh));

/** A value of a field in one piece of text, for comparing. */
export function valueWords(name, value) {
  if (value === null || value === undefined || value === "" || (Array.isArray(value) && !value.length)) return "（空）";
  if (name === "intent") return intentName(value);
  if (name === "kind") return KINDS[value] ?? value;
  if (name === "status") return STATUSES[value] ?? value;
  if (name === "authority") return AUTHORITIES[value] ?? value;
  if (name.startsWith("effective")) return moment(value);
  if (name === "tags") return value.map(tagName).join("、");
  if (name === "items") return value.join("、");
  return String(value);
}
