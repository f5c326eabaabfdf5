// The log of every change: filters, records, what was before and after.

import { call } from "../api.js";
import { announce, el } from "../dom.js";
import { session } from "../session.js";
import { GROUPS, actionName, objectName } from "./actions.js";
import { differences } from "./differences.js";
import { reason, when } from "./messages.js";

const AT_ONCE = 50;

/** Fills the section with the filters and the newest records. */
export async function showAudit(section) {
  const { shop_id: own, shops } = await session();
  const list = el("ol", { class: "records", "aria-label": "操作记录，新的在前" });
  const more = el("button", { type: "button" }, "更早的记录");
  const form = filters(own ? [] : shops);
  const problem = el("p", { class: "problem", role: "alert" });
  let asked = 0;
  const read = async (before) => {
    const mine = asked += 1; // of several questions the last counts
    const { records } = await call("GET", `/v1/audit?${query(form, before)}`).catch((error) => { if (mine === asked) throw error; return {}; });
    if (mine !== asked) return;
    problem.textContent = "";
    if (!before) list.replaceChildren();
    list.append(...records.map(record));
    more.hidden = records.length < AT_ONCE;
    more.onclick = () => again(records.at(-1).id);
    if (!list.children.length) list.append(el("li", { class: "hint" }, "没有符合条件的记录。"));
    announce(`${list.children.length} 条记录`);
  };
  const again = (before) => read(before).catch((error) => { problem.textContent = reason(error); });
  form.addEventListener("change", () => again());
  form.addEventListener("submit", (event) => { event.preventDefault(); again(); });
  section.replaceChildren(el("h2", { id: "audit-title" }, "操作记录"),
    el("p", { class: "hint" }, "谁在什么时候改了什么。记录只增不改，密钥从不写进记录。"), form, problem, list, more);
  await read();
}

function filters(shops) {
  const options = (pairs) => pairs.map(([value, text]) => el("option", { value }, text));
  return el("form", { class: "row-form", role: "search", "aria-label": "筛选操作记录" },
    field("audit-action", "操作", el("select", { name: "action" }, options([["", "全部"], ...GROUPS]))),
    shops.length > 0 && field("audit-shop", "店铺", el("select", { name: "shop_id" },
      options([["", "全部"], ...shops.map((each) => [each.shop_id, each.name])]))),
    field("audit-who", "谁", el("input", { name: "who", placeholder: "密钥名称，或 本机、命令行", autocomplete: "off" })),
    field("audit-object", "编号", el("input", { name: "object", placeholder: "知识、商品或密钥的编号", autocomplete: "off" })),
    el("button", { type: "submit" }, "查看"));
}

function field(id, text, control) {
  control.id = id;
  return el("div", { class: "field" }, el("label", { for: id }, text), control);
}

function query(form, before) {
  const wanted = [...new FormData(form)].map(([name, value]) => [name, value.trim()]).filter(([, value]) => value);
  return new URLSearchParams([...wanted, ["limit", AT_ONCE], ...(before ? [["before", before]] : [])]);
}

const record = (one) => el("li", {}, el("details", {},
  el("summary", {},
    el("time", { datetime: one.at }, when(one.at)),
    el("span", { class: "what" }, actionName(one.action), " ", el("b", {}, objectName(one))),
    el("span", { class: "by" }, one.who, one.shop_id && ` · ${one.shop_id}`)),
  differences(one.action, one.before, one.after)));
