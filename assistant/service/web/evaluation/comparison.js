// Two runs side by side: every metric with how sure the difference is, then the messages that were won and lost.

import { byId, el } from "../dom.js";
import { failure } from "../notices.js";
import { save } from "./saving.js";
import { comparisonFile, readComparison } from "./service.js";

const KINDS = [["", "全部"], ["lost", "变差"], ["won", "变好"]];
let shown = "";

export function closeComparison() {
  shown = "";
  byId("comparison").hidden = true;
}

export async function showComparison(a, b, close) {
  const box = byId("comparison"), key = `${a}/${b}`;
  if (shown === key) return;
  shown = key;
  box.hidden = false;
  box.replaceChildren(el("p", { class: "loading" }, "正在比较…"));
  const content = await readComparison(a, b).then((found) => view(found, a, b, close),
    (error) => [head("比较没有做成", close), failure(error, { retry: () => { shown = ""; showComparison(a, b, close); } })]);
  if (shown !== key) return;
  box.replaceChildren(...content);
  box.focus({ preventScroll: true });
  box.scrollIntoView({ block: "start" });
}

const head = (title, close, ...tools) => el("div", { class: "card-head" }, el("h2", {}, title), ...tools,
  el("button", { type: "button", class: "quiet small", onclick: close }, "关闭"));

function view(found, a, b, close) {
  const saveAs = (format, text) => el("button", { type: "button", class: "small", onclick: () => save(byId("comparison"), comparisonFile(a, b, format)) }, text);
  return [
    head(`${found.first} → ${found.second}`, close, saveAs("csv", "导出 CSV"), saveAs("md", "导出 Markdown")),
    el("p", { class: "verdict" }, verdict(found)),
    metrics(found.metrics),
    el("p", { class: "note" }, `${found.paired} 条成对比较，重抽样 ${found.resamples} 次；“看不出差别”指差异可能只是碰巧。`, left(found)),
    changes(found.changes),
  ];
}

function verdict({ metrics: all, changes: moved }) {
  const sure = (way) => all.filter((each) => each.way === way).map(({ zh }) => zh).join("、");
  const won = moved.filter((each) => each.won).length;
  return [
    sure("better") && el("span", { class: "better" }, `变好：${sure("better")}。`),
    sure("worse") && el("span", { class: "worse" }, `变差：${sure("worse")}。`),
    !sure("better") && !sure("worse") && "各项指标看不出可靠的差别。",
    ` 逐条看，${won} 处变好，${moved.length - won} 处变差。`,
  ];
}

const metrics = (all) => el("div", { class: "wide", tabindex: "0", role: "region", "aria-label": "各项指标" }, el("table", { class: "data" },
  el("thead", {}, el("tr", {}, ["指标", "之前", "之后", "差", "95% 区间", "p", "结论"].map((text) => el("th", { scope: "col", class: text === "结论" && "words" }, text)))),
  el("tbody", {}, all.map((each) => el("tr", { class: each.way }, el("th", { scope: "row" }, each.zh), el("td", {}, each.first), el("td", {}, each.second),
    el("td", {}, each.difference), el("td", {}, `${each.low} ～ ${each.high}`), el("td", {}, each.p.toFixed(3)), el("td", { class: "words" }, each.verdict))))));

function left({ only_first: first, only_second: second, relabelled }) {
  const told = [first && `只在前一次 ${first} 条`, second && `只在后一次 ${second} 条`, relabelled && `标注改过 ${relabelled} 条`].filter(Boolean);
  return told.length ? `没有配上的：${told.join("，")}。` : "";
}

function changes(all) {
  if (!all.length) return el("p", { class: "empty" }, "没有一条消息的结果变了。");
  const list = el("ul", { class: "changes" }), bar = el("div", { class: "kinds", role: "group", "aria-label": "显示哪些" });
  const show = (kind) => {
    bar.querySelectorAll("button").forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.kind === kind)));
    list.replaceChildren(...all.filter(({ won }) => !kind || won === (kind === "won")).map(change));
  };
  bar.append(...KINDS.map(([kind, name]) => el("button", { type: "button", class: "small", "data-kind": kind, onclick: () => show(kind) }, name)));
  show("");
  return el("div", {}, el("h3", {}, "变好与变差的消息"), bar, list);
}

const change = ({ id, aspect, won, text, wanted, before, after }) => el("li", { class: won ? "won" : "lost" },
  el("p", { class: "said" }, el("span", { class: `badge ${won ? "won" : "lost"}` }, won ? "变好" : "变差"), el("span", { class: "badge" }, aspect), text || "（客服开场）"),
  el("p", { class: "hint" }, wanted && `应当 ${wanted}；`, el("span", {}, `之前 ${before}`), " → ", el("b", {}, after), ` · ${id}`));
