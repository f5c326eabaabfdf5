// What the labelled tests say: how many pass, which a change would spoil, before and after.

import { el } from "../dom.js";
import { intentName } from "../names.js";
import { address } from "./router.js";

const OUTCOMES = { regression: "变差", fails: "没通过", fixed: "变好", passes: "通过" };

/** A report, what went wrong first; `more` are the words and buttons below it. */
export function reportView({ results }, title, counted, ...more) {
  const worse = results.filter(({ outcome }) => outcome === "regression" || outcome === "fails");
  return el("section", { class: `report ${results.some(({ outcome }) => outcome === "regression") ? "worse" : "fine"}`, "aria-label": title, tabindex: "-1" },
    el("h2", {}, title), el("p", { class: "counts" }, counted),
    worse.length > 0 && el("ul", { class: "cases" }, worse.map(caseView)),
    folded("fixed", results), folded("passes", results),
    el("div", { class: "report-end" }, more));
}

function folded(outcome, results) {
  const these = results.filter((each) => each.outcome === outcome);
  return these.length > 0 && el("details", {}, el("summary", {}, `${OUTCOMES[outcome]} ${these.length} 条`), el("ul", { class: "cases" }, these.map(caseView)));
}

/** The numbers of a report in a line. */
export function counts({ total, passed_before: before, passed_after: after, regressions }) {
  if (!total) return "还没有标注测试。在“试答”里把重要的问法存成测试，发布前会自动跑。";
  const compared = before === null ? "" : `，原来通过 ${before} 条`;
  return `共 ${total} 条，通过 ${after} 条${compared}${regressions ? `，会变差 ${regressions} 条` : ""}。`;
}

function caseView({ message, expected, outcome, before, after }) {
  const titles = titlesIn([before, after]);
  return el("li", { class: "case", "data-outcome": outcome },
    el("p", { class: "case-message" }, el("span", { class: `outcome-mark ${outcome}` }, OUTCOMES[outcome]), `买家：${message || "（店铺先开口）"}`),
    el("dl", {}, el("dt", {}, "应当"), el("dd", {}, wanted(expected, titles)),
      before && before.passed !== after.passed && [el("dt", {}, "原来"), el("dd", {}, got(before))],
      el("dt", {}, before ? "发布后" : "现在"), el("dd", { class: after.passed ? null : "bad" }, got(after))));
}

/** Titles of the entries that were offered, by id. */
const titlesIn = (states) => new Map(states.filter(Boolean).flatMap(({ suggestions }) => suggestions.map(({ entry_id: id, title }) => [id, title])));

/** What the labels say, in words; `titles` are those of entries, as far as they are known. */
export function wanted({ intents, entry_ids: ids, complaint, abstained }, titles = new Map()) {
  const parts = [
    ids?.length > 0 && el("span", {}, "用 ", ids.map((id, place) => [place > 0 && " 或 ", entryLink(id, titles.get(id) ?? id)])),
    intents?.length > 0 && `意图是${intents.map(intentName).join("或")}`,
    complaint === true && "是投诉", complaint === false && "不是投诉", abstained === true && "不作回答", abstained === false && "要有回答"];
  return joined(parts.filter(Boolean));
}

function got({ suggestions, abstained, faults }) {
  const first = suggestions[0];
  return [
    first ? el("span", {}, entryLink(first.entry_id, first.title), el("span", { class: "hint" }, intentName(first.intent)), el("q", {}, first.text))
      : abstained ? "没有合适的回复" : "没有建议",
    faults.length > 0 && el("ul", { class: "faults" }, faults.map((fault) => el("li", {}, fault)))];
}

const entryLink = (id, text) => el("a", { href: address("entry", id), target: "_blank" }, text);
const joined = (parts) => parts.map((part, place) => [place > 0 && "，", part]);
