// The rows of the list: what an entry is about, where the search was found in it, whether it is in effect.

import { el } from "../dom.js";
import { intentName, moment, percent } from "../names.js";
import { address } from "./router.js";
import { KINDS, STATUSES, effect, tagName } from "./words.js";

const HEADS = ["标准问", "意图", "类型", "状态", "修改"];

/** The list as a table; `chosen` holds the ids that are ticked, `onChoose()` is called when they change. */
export function table(entries, question, chosen, onChoose) {
  const all = el("input", { type: "checkbox", "aria-label": "选中本页全部条目", onchange: () => {
    entries.forEach((entry) => (all.checked ? chosen.add(entry.id) : chosen.delete(entry.id)));
    onChoose();
  } });
  return el("table", { class: "entry-list", "aria-label": "知识条目" },
    el("thead", {}, el("tr", {}, el("th", { scope: "col", class: "pick" }, all), HEADS.map((head) => el("th", { scope: "col" }, head)))),
    el("tbody", {}, entries.map((entry) => row(entry, question, chosen, onChoose))));
}

/** Shows again which rows are ticked. */
export function markChosen(node, chosen) {
  const rows = [...node.querySelectorAll("tbody tr")];
  for (const each of rows) {
    const ticked = chosen.has(each.dataset.id);
    each.querySelector("input").checked = ticked;
    each.classList.toggle("chosen", ticked);
  }
  const all = node.querySelector("thead input");
  const count = rows.filter((each) => chosen.has(each.dataset.id)).length;
  all.checked = count > 0 && count === rows.length;
  all.indeterminate = count > 0 && count < rows.length;
}

function row(entry, question, chosen, onChoose) {
  const tick = el("input", { type: "checkbox", "aria-label": `选中「${entry.title}」`, tabindex: "-1", onchange: () => {
    if (tick.checked) chosen.add(entry.id);
    else chosen.delete(entry.id);
    onChoose();
  } });
  const time = effect(entry);
  return el("tr", { "data-id": entry.id, "data-status": entry.status, class: time?.state === "expired" ? "expired" : null },
    el("td", { class: "pick" }, tick),
    el("td", { class: "what" },
      el("span", { class: "head" }, el("a", { href: address("entry", entry.id), class: "title" }, marked(entry.title, question)),
        typeof entry.similarity === "number" && el("span", { class: "tag code" }, `相近 ${percent(entry.similarity)}`),
        entry.tags.map((tag) => el("span", { class: "tag", "data-tag": tag }, tagName(tag))),
        entry.short_code && el("span", { class: "tag code" }, `短代码 ${entry.short_code}`),
        entry.items.length > 0 && el("span", { class: "tag" }, `限 ${entry.items.length} 件商品`),
        entry.shop_id === null && el("span", { class: "tag shared" }, "各店共用")),
      found(entry, question)),
    el("td", { class: "intent" }, intentName(entry.intent)),
    el("td", { class: "kind" }, KINDS[entry.kind]),
    el("td", { class: "status" }, el("span", { class: `state ${entry.status}` }, STATUSES[entry.status]),
      time && el("span", { class: `effect ${time.state}`, title: time.span }, time.zh)),
    el("td", { class: "changed" }, entry.updated_at && moment(entry.updated_at), entry.updated_by && el("span", {}, entry.updated_by)));
}

/** The line in which the search was found, where the title does not show it; else what a buyer would say. */
function found({ title, questions, answers }, { q, mode }) {
  const sought = q.trim().toLowerCase();
  const lines = [...questions, ...answers.map((answer) => answer.text)];
  const hit = sought && mode === "text" && !title.toLowerCase().includes(sought)
    ? lines.find((line) => line.toLowerCase().includes(sought)) : null;
  const line = hit ?? answers[0]?.text ?? "";
  const start = hit ? Math.max(0, hit.toLowerCase().indexOf(sought) - 24) : 0;
  const shown = line.slice(start, start + 120).replaceAll("\n", " ");
  return el("span", { class: "snippet" }, marked(`${start ? "…" : ""}${shown}${start + 120 < line.length ? "…" : ""}`, { q, mode }));
}

/** A text with the searched words marked. */
function marked(text, { q, mode }) {
  const sought = q.trim().toLowerCase();
  const place = sought && mode === "text" ? text.toLowerCase().indexOf(sought) : -1;
  return place < 0 ? text : [text.slice(0, place), el("mark", {}, text.slice(place, place + sought.length)), text.slice(place + sought.length)];
}
