// Why a reply was chosen: the confidence, the entry and every signal, with its figure.

import { el } from "./dom.js";
import { KINDS, SIGNALS, intentName, percent } from "./names.js";

/** The expanded part of a card. */
export function why({ confidence, fallback, intent, kind, source, signals = {} }) {
  const rows = [
    ["回复合适的概率", fallback ? "过渡语，不作估计" : percent(confidence)],
    ["对应意图", intentName(intent)],
    ["知识条目", `${source.entry_id}（${KINDS[kind] ?? kind}，第 ${source.version} 版）`],
    ["命中的问法", source.matched ?? "无，按情景选出"],
    ...Object.entries(signals).map(([name, value]) => [SIGNALS[name] ?? name, figure(value)]),
  ];
  return el("dl", { class: "why" }, rows.map(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]));
}

function figure(value) {
  return typeof value === "number" ? value.toFixed(2) : String(value);
}
