// The report from top to bottom: what matters in one row, then a card for every question.

import { el } from "../dom.js";
import { spark } from "../charts/spark.js";
import { asked, askedOfItems } from "./asked.js";
import { change, changeOf, day, rate, seconds } from "./format.js";
import { gaps } from "./gaps.js";
import { complaints, notBuying, quality, silence } from "./trouble.js";
import { edits, responseTime, usage } from "./work.js";

/** `people` is the agents' card. */
export function report(found, people) {
  return el("div", { class: "report" },
    el("p", { class: "about" }, `${day(found.since)} – ${day(found.until)}，箭头与 ${day(found.before_since)} – ${day(found.before_until)} 相比（百分点），条上的竖线是那时的占比。`),
    found.explanation && el("p", { class: "explanation", role: "note" }, found.explanation),
    headline(found),
    el("div", { class: "cards" },
      asked(found), usage(found), responseTime(found), complaints(found), notBuying(found), gaps(found), quality(found),
      edits(found), silence(found), askedOfItems(found), people));
}

function headline(found) {
  const { adoption, response, complaints: angry, abstentions, not_buying: lost } = found;
  const { waiting } = response;
  return el("dl", { class: "tiles" },
    tile("买家消息", String(found.turns), share(found.turns, found.turns_before), found.buckets.map(({ turns }) => turns), `${found.conversations} 个会话`),
    tile("采用建议", rate(adoption.adopted), changeOf(adoption.adopted, "up"), adoption.trend, `看到建议的 ${adoption.shown} 条里`),
    tile("首次响应", seconds(waiting.median_s), change(waiting.median_s, response.before_median_s, { good: "down", written: (gap) => `${Math.round(gap)} 秒` }), response.trend, "中位数"),
    tile(`${seconds(response.target_s)}内响应`, rate(waiting.within), changeOf(waiting.within, "up"), [], `回复了的 ${waiting.within.of} 条里`),
    tile("投诉", rate(angry.rate), changeOf(angry.rate, "down"), angry.trend, `${angry.rate.n} 条`),
    tile("无合适回复", rate(abstentions.rate), changeOf(abstentions.rate, "down"), abstentions.trend, `${abstentions.rate.n} 条`),
    tile("停在售前", rate(lost.rate), changeOf(lost.rate, "down"), [], `问过售前的 ${lost.rate.of} 个会话里`));
}

const share = (now, before) => (before ? change(now / before - 1, 0, { written: (gap) => `${Math.round(gap * 100)}%` }) : el("span", { class: "delta" }, ""));

const tile = (name, value, delta, trend, note) => el("div", { class: "tile" },
  el("dt", {}, name), el("dd", {}, delta, el("strong", {}, value), el("small", {}, note), spark(trend)));

