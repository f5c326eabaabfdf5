// What is missing: on the pages of items, and in what the shop's programs send along.

import { el } from "../dom.js";
import { card, firstOf } from "./card.js";
import { itemLink } from "./asked.js";

const SHOWN = 6;

export function gaps({ gaps: found, context_gaps: context }) {
  return card(found, () => [
    firstOf(found.rows, SHOWN, (rows) => el("div", { class: "wide", tabindex: "0", role: "region", "aria-label": `${found.title}的表格` }, el("table", { class: "data gaps" },
      el("thead", {}, el("tr", {}, ["商品", "缺的信息", "问到", "买家怎么问"].map((text) => el("th", { scope: "col", class: "words" }, text)))),
      el("tbody", {}, rows.map((row) => el("tr", {},
        el("th", { scope: "row" }, itemLink(row)), el("td", { class: "words" }, row.name), el("td", {}, `${row.n} 次`),
        el("td", { class: "words asked" }, row.examples.map((text) => el("q", {}, text))))))))),
    context.rows.length > 0 && el("details", { class: "context" },
      el("summary", {}, `${context.title}（${context.rows.length} 项）`), el("p", { class: "note" }, context.note),
      el("ul", { class: "chips" }, context.rows.map(({ name, n }) => el("li", {}, name, " ", el("b", {}, n))))),
  ], { name: "gaps" });
}
