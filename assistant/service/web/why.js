// Why a reply was chosen: in words, then the confidence, the entry and every signal with its figure.

import { el } from "./dom.js";
import { KINDS, SIGNALS, intentName, percent } from "./names.js";

/** A signal's value in words: the first row whose threshold it reaches; null says nothing. */
const WORDS = {
  dense: [[0.93, "意思非常接近"], [0.87, "意思接近"], [-1, "意思略有关联"]],
  lexical: [[0.6, "用词几乎一样"], [0.25, "用词相近"], [-1, null]],
  intent: [[2, "意图吻合"], [0, "意图大致吻合"], [-Infinity, "意图把握不大"]],
  dense_gap: [[0, "是最接近的一条"], [-Infinity, null]],
};

/** One sentence: what spoke for the reply. */
export function inWords({ fallback, source, signals = {} }) {
  if (fallback) return "没有贴切的内容，先用过渡语回应。";
  if (!source.matched) return "按会话情景选出，没有对应的问法。";
  const found = Object.entries(WORDS)
    .filter(([name]) => typeof signals[name] === "number")
    .map(([name, rows]) => rows.find(([least]) => signals[name] >= least)?.[1])
    .filter(Boolean);
  return `与「${source.matched}」${found.join("，") || "最为接近"}。`;
}

/** The expanded part of a card. */
export function why(suggestion) {
  const { confidence, fallback, intent, kind, source, signals = {} } = suggestion;
  const rows = [
    ["回复合适的概率", fallback ? "过渡语，不作估计" : percent(confidence)],
    ["对应意图", intentName(intent)],
    ["知识条目", `${source.entry_id}（${KINDS[kind] ?? kind}，第 ${source.version} 版）`],
    ["命中的问法", source.matched ?? "无，按情景选出"],
    ...Object.entries(signals).map(([name, value]) => [SIGNALS[name] ?? name, figure(value)]),
  ];
  return el("div", { class: "why" },
    el("p", {}, inWords(suggestion)),
    el("dl", {}, rows.map(([name, value]) => [el("dt", {}, name), el("dd", {}, value)])));
}

function figure(value) {
  return typeof value === "number" ? value.toFixed(2) : String(value);
}
