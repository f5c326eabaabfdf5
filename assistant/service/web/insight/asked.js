// What buyers ask: topics with their share, how the largest develop, and what is asked about each item.

import { el } from "../dom.js";
import { bars } from "../charts/bars.js";
import { lines } from "../charts/line.js";
import { card, firstOf } from "./card.js";
import { changeOf, dayLabels, percent, wholePercent } from "./format.js";

const SHOWN = 10, DRAWN = 3, NOT_DRAWN = ["flow", "other"];

export function asked(found) {
  const { topics, buckets } = found;
  return card(topics, () => el("div", { class: "pair" },
    firstOf(topics.rows.filter(({ rate }) => rate.n), SHOWN, (rows) => bars("各类问题的占比", ["问题", "占比", "变化"], rows.map((row) => ({
      name: row.zh, share: row.rate.share, before: row.rate.before, figure: [el("strong", {}, percent(row.rate.share)), el("small", {}, ` ${row.rate.n}`)],
      change: changeOf(row.rate),
    })))),
    el("div", {},
      el("h3", {}, `问得最多的几类，${found.by === "day" ? "每天" : "每周"}的占比`),
      lines({
        title: "问得最多的几类的占比走势", labels: dayLabels(buckets), written: wholePercent,
        series: topics.rows.filter(({ phase }) => !NOT_DRAWN.includes(phase)).slice(0, DRAWN).map((row, place) => ({
          name: row.zh, tone: place + 1, values: row.trend.map((n, part) => (buckets[part].turns ? n / buckets[part].turns : null)),
        })),
      }))), { wide: true, name: "topics" });
}

export function askedOfItems({ topics }) {
  const section = { ...topics, title: "各商品在问什么" };
  return card(section, () => firstOf(topics.by_item, 8, (rows) => el("ul", { class: "items" }, rows.map((item) => el("li", {},
    el("h3", {}, item.item_id ? itemLink(item) : item.title, el("span", { class: "hint" }, ` ${item.n} 条`)),
    el("ul", { class: "chips" }, item.topics.map(({ zh, share }) => el("li", {}, zh, " ", el("b", {}, percent(share))))))))),
  { wide: true, name: "items" });
}

/** An item's title, leading to the report about it alone. */
export function itemLink({ item_id: id, title }) {
  const query = new URLSearchParams(location.search);
  query.set("item", id);
  return el("a", { href: `?${query}` }, title);
}
