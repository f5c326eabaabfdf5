// The room of the shift briefing: what is new, changed, about to end, and in force by emergency.

import { el } from "../dom.js";
import { intentName, moment } from "../names.js";
import { diffView } from "./diff.js";
import { empty, failed, waiting } from "./notice.js";
import { address, go } from "./router.js";
import { readBriefing, readFields } from "./service.js";

const PARTS = { emergency: "应急", new: "新增", changed: "有改动", withdrawn: "已停用", expiring: "快到期" };
const SPANS = { 8: "最近 8 小时", 24: "最近一天", 72: "最近 3 天", 168: "最近一周" };
const HOUR = 3_600_000;

export async function mount(root, place, desk) {
  const hours = SPANS[place.params.get("hours")] ? place.params.get("hours") : "24";
  const span = el("select", { "aria-label": "时间范围", onchange: () => go("briefing", null, { hours: span.value }) },
    Object.entries(SPANS).map(([value, text]) => el("option", { value, selected: value === hours }, text)));
  const body = el("div", { class: "briefing-body" });
  root.append(el("div", { class: "room-head" }, el("h1", {}, "交班简报"), span,
    el("button", { type: "button", class: "small", onclick: () => window.print() }, "打印")), body);
  const load = async () => {
    body.replaceChildren(waiting());
    try {
      const since = new Date(Date.now() - hours * HOUR).toISOString();
      const [briefing, fields] = await Promise.all([readBriefing({ since, ...(desk.shop && { shop_id: desk.shop }) }), readFields()]);
      const parts = Object.entries(PARTS).filter(([name]) => briefing[name]?.length).map(([name, zh]) => part(name, zh, briefing[name], briefing.totals[name], fields));
      body.replaceChildren(...(parts.length ? parts : [empty("这段时间没有变化", el("p", {}, "知识没有新增、改动，也没有快到期的条目。"))]));
    } catch (error) {
      body.replaceChildren(failed(error, load));
    }
  };
  await load();
  return { moved: (next) => {
    const held = document.activeElement === root.querySelector("select");
    root.replaceChildren();
    const entered = mount(root, next, desk);
    if (held) root.querySelector("select").focus();
    return entered;
  } };
}

const part = (name, zh, entries, total, fields) => el("section", { class: `briefing-part ${name}`, "aria-label": zh },
  el("h2", {}, `${zh} ${total} 条`), el("ul", {}, entries.map((each) => line(each, fields))),
  total > entries.length && el("p", { class: "hint" }, `只列出前 ${entries.length} 条。`));

function line({ entry_id: id, title, intent, text, effective_until: until, at, by, summary, changes }, fields) {
  const told = [intentName(intent), until && `有效至 ${moment(until)}`, at && `${by ? `${by} ` : ""}${moment(at)}`];
  return el("li", {}, el("a", { href: address("entry", id) }, title), el("span", { class: "hint" }, told.filter(Boolean).join(" · ")),
    changes.length > 0 && summary ? el("details", {}, el("summary", {}, summary), diffView(changes, fields)) : el("p", {}, text));
}
