// The agents' table for coaching: who takes suggestions, who is quick, and what the changed replies say that they must not.

import { el } from "../dom.js";
import { card } from "./card.js";
import { changeOf, rate, seconds } from "./format.js";

const HEADINGS = ["客服", "买家消息", "采用率", "原样", "改后", "没有采用", "首次响应", "九成不超过", "目标内", "平均改动", "改动里的问题"];

export function agents(found) {
  return card(found, () => el("div", { class: "wide", tabindex: "0", role: "region", "aria-label": `${found.title}的表格` }, el("table", { class: "data agents" },
    el("thead", {}, el("tr", {}, HEADINGS.map((text) => el("th", { scope: "col", class: text === HEADINGS.at(-1) && "words" }, text)))),
    el("tbody", {}, found.rows.map(row)))), { wide: true, name: "agents" });
}

const row = (one) => el("tr", {},
  el("th", { scope: "row" }, one.agent), el("td", {}, one.turns),
  el("td", {}, el("strong", {}, rate(one.adopted)), " ", changeOf(one.adopted, "up")),
  el("td", {}, rate(one.as_is)), el("td", {}, rate(one.edited)), el("td", {}, rate(one.ignored)),
  el("td", {}, seconds(one.waiting.median_s)), el("td", {}, seconds(one.waiting.p90_s)),
  el("td", {}, rate(one.waiting.within), " ", changeOf(one.waiting.within, "up")),
  el("td", {}, one.mean_distance === null ? "—" : `${one.mean_distance} 字`),
  el("td", { class: "words" }, findings(one)));

function findings({ checked, with_findings: bad, findings: found }) {
  if (!checked) return el("span", { class: "hint" }, "没有改过的回复");
  if (!bad) return el("span", { class: "fine" }, `${checked} 条都没有问题`);
  return el("details", {}, el("summary", {}, `${checked} 条里 `, el("b", { class: "bad" }, `${bad} 条`), "有问题"),
    el("ul", {}, found.map(({ category, n, example, reason }) => el("li", {}, el("b", {}, `${category} ${n}`), "，如", el("q", {}, example), el("span", { class: "hint" }, reason)))));
}
