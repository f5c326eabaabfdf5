// The work of the agents: what becomes of suggestions, how much is changed, how long buyers wait.

import { el } from "../dom.js";
import { bars } from "../charts/bars.js";
import { lines } from "../charts/line.js";
import { stack } from "../charts/stack.js";
import { card } from "./card.js";
import { change, changeOf, dayLabels, percent, rate, seconds, shortSeconds, wholePercent } from "./format.js";

export function usage({ adoption, buckets }) {
  const parts = [["原样采用", adoption.as_is, 1, "up"], ["改后采用", adoption.edited, 2, null], ["没有采用", adoption.ignored, 6, "down"]];
  return card(adoption, () => [
    stack(`看到建议的 ${adoption.shown} 条消息里`, parts.map(([name, found, tone, good]) => ({
      name, tone, share: found.share, figure: percent(found.share), more: [el("small", {}, `${found.n} 条`), changeOf(found, good)],
    }))),
    lines({ title: "采用率走势", labels: dayLabels(buckets), written: wholePercent, most: 1, height: 150,
      series: [{ name: "采用率", tone: 1, values: adoption.trend }] }),
  ], { name: "adoption" });
}

export function edits({ edits: found }) {
  const rows = [["一字未改", found.unchanged, 1], ["改 1–5 字", found.few, 1], ["改 6–20 字", found.some, 2], ["改 20 字以上", found.many, 5]];
  return card(found, () => [
    facts([["平均改动", `${found.mean} 字`, change(found.mean, found.before_mean, { good: "down", written: (gap) => `${gap.toFixed(1)} 字` })],
      ["占原文", percent(found.mean_share), null]]),
    bars("改动字数的分布", ["改动", "回复数"], rows.map(([name, n, tone]) => ({
      name, tone, share: n / found.replies, figure: [el("strong", {}, percent(n / found.replies)), el("small", {}, ` ${n}`)],
    }))),
  ], { name: "edits" });
}

export function responseTime({ response, buckets }) {
  const { waiting, target_s: target } = response;
  return card(response, () => [
    facts([
      ["一半人等了", seconds(waiting.median_s), change(waiting.median_s, response.before_median_s, { good: "down", written: (gap) => `${Math.round(gap)} 秒` })],
      ["九成人不超过", seconds(waiting.p90_s), null],
      [`${seconds(target)}内`, rate(waiting.within), changeOf(waiting.within, "up")],
    ]),
    lines({ title: "首次响应中位数走势", labels: dayLabels(buckets), written: shortSeconds, height: 150, most: target * 1.15, unit: target < 60 ? 1 : 60,
      target: { value: target, name: `目标 ${seconds(target)}` }, series: [{ name: "中位数", tone: 3, values: response.trend }] }),
  ], { name: "response" });
}

/** A few figures in a row, from [name, value, change]. */
export const facts = (rows) => el("dl", { class: "facts" }, rows.map(([name, value, delta]) =>
  el("div", {}, el("dt", {}, name), el("dd", {}, el("strong", {}, value), delta))));
