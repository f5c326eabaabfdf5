// Where it goes wrong: complaints, messages without a reply, talks that end before buying, goods with faults.

import { el } from "../dom.js";
import { bars } from "../charts/bars.js";
import { lines } from "../charts/line.js";
import { swatch } from "../charts/stack.js";
import { card, firstOf } from "./card.js";
import { change, changeOf, dayLabels, percent, rate, wholePercent } from "./format.js";
import { itemLink } from "./asked.js";

const SHOWN = 7;
const figure = (share, n) => [el("strong", {}, percent(share)), el("small", {}, ` ${n}`)];

export function complaints({ complaints: found, buckets }) {
  return card(found, () => [
    firstOf(found.rows, SHOWN, (rows) => bars("各类问题占投诉的多少", ["问题", "占投诉", "这类的投诉率"], rows.map((row) => ({
      name: row.zh, tone: 5, share: row.part, figure: figure(row.part, row.rate.n),
      change: el("span", { class: "hint" }, `这类里 ${rate(row.rate)}`),
    })))),
    lines({ title: "投诉率走势", labels: dayLabels(buckets), written: wholePercent, height: 130, series: [{ name: "投诉率", tone: 5, values: found.trend }] }),
  ], { name: "complaints" });
}

export function silence({ abstentions: found }) {
  return card(found, () => firstOf(found.rows, SHOWN, (rows) => bars("没有合适回复的问题", ["问题", "占全部", "这类里"], rows.map((row) => ({
    name: row.zh, tone: 6, share: row.part, figure: figure(row.part, row.rate.n),
    change: el("span", { class: "hint" }, `这类里 ${rate(row.rate)}`),
  })))), { name: "abstentions" });
}

export function notBuying({ not_buying: found }) {
  return card(found, () => [
    el("p", { class: "lead" }, "问过售前的 ", el("b", {}, found.rate.of), " 个会话里，", el("b", {}, `${found.rate.n} 个（${rate(found.rate)}）`), "没有下单就停下了 ", changeOf(found.rate, "down")),
    firstOf(found.rows, SHOWN, (rows) => bars("最后问的事", ["最后问的事", "占比", "变化"], rows.map((row) => ({
      name: row.zh, tone: 4, share: row.part, before: row.before, figure: figure(row.part, row.n), change: change(row.part, row.before),
    })))),
    el("h3", {}, "停下时在看"),
    el("ul", { class: "chips" }, found.items.slice(0, 6).map((item) => el("li", {}, item.item_id ? itemLink(item) : item.title, " ", el("b", {}, item.n)))),
  ], { name: "not_buying" });
}

export function quality({ quality: found }) {
  const codes = Object.keys(found.intents).filter((code) => found.rows.some(({ issues }) => issues[code]));
  const tone = (code) => codes.indexOf(code) + 1;
  return card(found, () => [
    el("ul", { class: "legend" }, codes.map((code) => el("li", {}, swatch(tone(code)), found.intents[code]))),
    firstOf(found.rows, SHOWN, (rows) => bars("各商品的质量问题会话", ["商品", "比率", "变化"], rows.map((row) => ({
      name: row.item_id ? itemLink(row) : row.title, share: row.rate.n, note: counts(row, found.intents),
      parts: Object.entries(row.issues).map(([code, n]) => ({ share: n, tone: tone(code) })),
      figure: [el("strong", {}, percent(row.rate.share)), el("small", {}, ` ${row.rate.n}/${row.rate.of}`)], change: changeOf(row.rate, "down"),
    })), Math.max(...rows.map(({ issues }) => Object.values(issues).reduce((sum, n) => sum + n, 0))))),
  ], { name: "quality" });
}

const counts = ({ issues }, names) => Object.entries(issues).map(([code, n]) => `${names[code]} ${n}`).join("，");
