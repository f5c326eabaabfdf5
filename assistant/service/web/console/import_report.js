// What became, or would become, of every row.

import { el } from "../dom.js";
import { toast } from "../sidebar/toast.js";
import { inShort } from "./notice.js";
import { failedRowsAddress, readImport } from "./import_service.js";

const OUTCOMES = { created: "新增", updated: "更新", unchanged: "未变", failed: "出错", skipped: "未写入" };
const AT_ONCE = 50;

/** The report; `ready`: whether it can be imported as it is, `summary`: it in one sentence. */
export function reportView(file, { report }, { done, keepGoing }) {
  const bad = report.failed - report.skipped;
  const ready = !done && report.read > 0 && (bad === 0 || (keepGoing && bad < report.read));
  const summary = sentence(report, bad, done, ready);
  const list = rowList(file, report);
  const node = el("div", { class: "import-report" },
    el("p", { class: ready || done ? "verdict" : "verdict bad" }, summary), counts(report, bad),
    report.notes.length > 0 && el("ul", { class: "import-notes" }, report.notes.map((note) => el("li", {}, note))),
    bad > 0 && el("p", {}, el("a", { href: failedRowsAddress(file.id), download: `出错的行-${file.filename.replace(/\.\w+$/, "")}.csv` }, "下载出错的行和原因（.csv）"),
      el("span", { class: "hint" }, ` ${mending(file, { keepGoing, ready })}`)),
    list);
  return { node, ready, summary };
}

function sentence({ read, created, updated, unchanged }, bad, done, ready) {
  const changes = `新增 ${created} 条，更新 ${updated} 条，${unchanged} 条没有变化`;
  if (!read) return "文件里没有内容。";
  if (done) return `导入完成：${changes}${bad ? `，跳过出错的 ${bad} 行` : ""}。`;
  if (ready) return `可以导入：将${changes}${bad ? `，跳过出错的 ${bad} 行` : ""}。`;
  return `共 ${read} 行，${bad} 行出错，什么都没有写入。请改好文件再选一次，或在选项里勾选“跳过它们”。`;
}

/** Where bad rows are to be mended: a file of them alone leaves out the good rows, which are not stored yet either. */
function mending({ format }, { keepGoing, ready }) {
  if (!keepGoing || format === "jsonl") return "只含出错的行，供对照用；请在原文件里改好，再导入整个原文件。";
  return ready ? "先点“正式导入”写入其余的行；这个文件改好后，再单独导入它。" : "改好后可以直接导入这个文件。";
}

const counts = ({ read, created, updated, unchanged, skipped }, bad) => el("dl", { class: "counts" },
  [["读到", read], ["新增", created], ["更新", updated], ["未变", unchanged], ["出错", bad], ...(skipped ? [["未写入", skipped]] : [])]
  .map(([name, count]) => el("div", { class: name === "出错" && count ? "bad" : null }, el("dt", {}, name), el("dd", {}, String(count)))));

function rowList(file, report) {
  const body = el("tbody", {});
  const more = el("button", { type: "button", class: "small", onclick: () => load() }, "再显示一些");
  const only = el("select", { "aria-label": "显示哪些行", onchange: () => load(true) }, el("option", { value: "failed" }, "只看出错的行"), el("option", { value: "" }, "全部行"));
  only.value = report.failed > report.skipped ? "failed" : "";
  let shown = 0, asked = 0;
  const load = async (anew = false) => {
    if (anew) { shown = 0; body.replaceChildren(); }
    const mine = asked += 1; // of several questions the last counts: rows of another choice are not wanted any more
    try {
      const part = await readImport(file.id, { limit: String(AT_ONCE), offset: String(shown), ...(only.value && { outcome: only.value }) });
      if (mine !== asked) return;
      body.append(...part.report.rows.map(row));
      shown += part.report.rows.length;
      more.hidden = shown >= part.report.rows_total;
    } catch (error) {
      if (mine !== asked || !body.isConnected) return;
      more.hidden = false;
      toast(`没有读到这些行：${inShort(error)}`);
    }
  };
  load();
  return el("section", { "aria-label": "逐行结果" }, el("div", { class: "rows-head" }, el("h3", {}, "逐行结果"), only),
    el("div", { class: "table-scroll", tabindex: "0", role: "region", "aria-label": "逐行结果表" }, el("table", { class: "import-rows" },
      el("thead", {}, el("tr", {}, ["行", "结果", "编号", "原因和改法"].map((name) => el("th", { scope: "col" }, name)))), body)), more);
}

const row = ({ number, outcome, entry_id: id, passed_over: passed, problems }) => el("tr", { class: outcome },
  el("td", {}, String(number)), el("td", {}, OUTCOMES[outcome]), el("td", {}, id ?? "（新编号）"),
  el("td", {}, passed && "已经有了，跳过", el("ul", {}, problems.map(({ field, reason, remedy }) =>
    el("li", {}, el("strong", {}, field), `：${reason}`, el("span", { class: "remedy" }, `。${remedy}`))))));
