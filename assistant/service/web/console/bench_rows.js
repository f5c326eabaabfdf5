// The ranked entries of a test bench with their signals as bars, and those that were kept out with the reason.

import { el } from "../dom.js";
import { SIGNALS, intentName, moment, percent } from "../names.js";
import { address } from "./router.js";

const SHOWN = 12;
const SVG = "http://www.w3.org/2000/svg";
const FILTERS = { shop: "店铺", status: "状态", effective: "时效", item: "商品", role: "用途", conditions: "答案条件" };

/** The range in which a signal usually lies: where its bar begins and where it is full. */
const RANGES = { intent: [-9.3, 9.3], dense: [0.6, 1], dense_gap: [-0.3, 0], begun: [0, 1], feedback: [-1, 1] };

/** Ranked entries, best first, each with why it stands there; a bar shows how strong a signal is. */
export function entryRows(entries) {
  if (!entries.length) return el("p", { class: "hint" }, "没有条目进入排名。");
  const rows = entries.map(row);
  const more = rows.splice(SHOWN);
  return [el("ol", { class: "ranked" }, rows),
    more.length > 0 && el("details", {}, el("summary", {}, `后面还有 ${more.length} 条`), el("ol", { class: "ranked", start: SHOWN + 1 }, more))];
}

function row({ entry_id: id, title, intent, phrasing, confidence, match, signals, contributions, place, why }, index) {
  return el("li", { class: place === 1 ? "first" : null },
    el("div", { class: "ranked-head" }, el("span", { class: "rank" }, index + 1), el("a", { href: address("entry", id) }, title),
      el("span", { class: "hint" }, intentName(intent)), el("span", { class: "sure", title: "回复合适的概率" }, percent(confidence))),
    el("p", { class: place === null ? "lost" : "won" }, why),
    el("p", { class: "hint" }, phrasing ? `最像的问法：${phrasing}。` : "按情景选出。", `同一意图里的名次分 ${match.toFixed(1)}`),
    bars(signals, contributions));
}

/** Every signal: its strength, its value, and what it counts towards the probability. */
const bars = (signals, contributions) => el("dl", { class: "bars" }, Object.entries(signals).map(([name, value]) => [
  el("dt", {}, SIGNALS[name] ?? name),
  el("dd", {}, meter(strength(name, value)), el("span", { class: "figure", title: "值；对把握的贡献" }, `${value.toFixed(2)} · ${signed(contributions[name] ?? 0)}`))]));

const signed = (number) => `${number < 0 ? "−" : "+"}${Math.abs(number).toFixed(2)}`;

function strength(name, value) {
  const [least, most] = RANGES[name] ?? [0, 1];
  return Math.round(Math.min(1, Math.max(0, (value - least) / (most - least))) * 100);
}

/** A bar, drawn as SVG because no style may stand in the page itself. */
function meter(share) {
  const svg = document.createElementNS(SVG, "svg");
  for (const [name, value] of Object.entries({ viewBox: "0 0 100 6", preserveAspectRatio: "none", class: "meter", "aria-hidden": "true" })) svg.setAttribute(name, value);
  for (const [kind, width] of [["track", 100], ["filled", share]]) {
    const bar = document.createElementNS(SVG, "rect");
    for (const [name, value] of Object.entries({ width, height: 6, class: kind })) bar.setAttribute(name, value);
    svg.append(bar);
  }
  return svg;
}

/** The filters in their order: what each let through and how many entries it took out. */
export const filterRows = (filters) => el("ul", { class: "filter-list" }, filters.map(({ filter, about, removed }) =>
  el("li", { "data-filter": filter }, el("span", {}, FILTERS[filter] ?? filter), el("span", { class: "hint" }, spoken(about)),
    el("span", { class: "removed" }, removed ? `筛掉 ${removed} 条` : "没有筛掉"))));

/** Moments in a sentence of the service, as people read them. */
const spoken = (text) => text.replace(/\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)/, (time) => moment(time));

/** Entries that did not take part, and why. */
export const outRows = (out) => el("ul", { class: "kept-out" }, out.map(({ entry_id: id, title, filter, reason }) =>
  el("li", {}, el("a", { href: address("entry", id) }, title), el("span", { class: "tag" }, FILTERS[filter] ?? filter), el("span", { class: "hint" }, reason))));
