// Suggestion cards: a reply with its parts marked, how sure it is, where it comes from and why.

import { el } from "./dom.js";
import { ROLES, band, fieldName, intentName, moment, percent } from "./names.js";
import { rove } from "./rove.js";
import { why } from "./why.js";

const SOON_MS = 3 * 24 * 3_600_000;

/** A card; `onInsert(suggestion)` puts its text where the agent writes; `tools` are the card's own buttons, if any. */
export function card(suggestion, onInsert, tools = null) {
  const { rank } = suggestion;
  const sure = suggestion.fallback ? { level: "holding", zh: "过渡语" } : band(suggestion.confidence);
  const sureness = suggestion.fallback ? sure.zh : `把握${sure.zh}`;
  const node = el("article", { class: `card ${sure.level}`, "data-rank": rank,
    "aria-label": `建议 ${rank}，${sureness}`, tabindex: tools ? "0" : null },
    el("header", {},
      takeButton(rank),
      el("span", { class: "topic" }, intentName(suggestion.intent)),
      el("span", { class: "inserted", hidden: true }, "已填入"),
      until(suggestion.source.effective_until),
      el("span", { class: "band", title: suggestion.fallback ? null : `把握 ${percent(suggestion.confidence)}` },
        sureness)),
    el("div", { class: "reply" }, lines(suggestion.parts)),
    notes(suggestion),
    source(suggestion),
    tools);
  if (tools) rove(node);
  node.addEventListener("click", (event) => {
    const selecting = !document.getSelection().isCollapsed && node.contains(document.getSelection().anchorNode);
    if (!selecting && !event.composedPath().some(isOwnUse)) onInsert(suggestion);
  });
  return node;
}

/** Whether a click there has a use of its own; asked of the click's path, for 取消 has left the page by then. */
const isOwnUse = (node) => node instanceof Element && node.matches("details, .tools");

/** What may be said once the reply is sent; `onInsert()` puts it into the draft. */
export function phraseCard(phrase, onInsert) {
  return el("aside", { class: "next-phrase", "aria-label": "接着可以说" },
    el("h2", {}, "接着可以说", el("span", { class: "topic" }, intentName(phrase.intent))),
    el("p", {}, phrase.text),
    el("button", { type: "button", class: "quiet small", onclick: onInsert }, "填入草稿"));
}

function takeButton(rank) {
  const keys = { title: `按 ${rank} 填入草稿；正在打字时按 Alt+${rank}`, "aria-keyshortcuts": `${rank} Alt+${rank}` };
  return el("button", { type: "button", class: "key", "aria-label": `把建议 ${rank} 填入草稿`, ...keys }, rank);
}

/** Marks the card whose text was last put into the draft. */
export function markInserted(list, rank) {
  for (const node of list.querySelectorAll(".card")) {
    const chosen = node.dataset.rank === String(rank);
    node.classList.toggle("chosen", chosen);
    node.querySelector(".inserted").hidden = !chosen;
  }
}

/** The pieces of the reply, neighbours of one role on one line, the role named in the margin. */
function lines(parts) {
  const groups = [];
  for (const part of parts) {
    if (groups.at(-1)?.role === part.role) groups.at(-1).texts.push(part.text);
    else groups.push({ role: part.role, texts: [part.text] });
  }
  return groups.map(({ role, texts }) => el("p", { class: "part", "data-role": role },
    el("span", { class: "role" }, ROLES[role] ?? role),
    el("span", { class: "words" }, texts.join(""))));
}

function notes({ missing, warnings }) {
  if (!missing.length && !warnings.length) return null;
  return el("ul", { class: "notes" },
    missing.length > 0 && el("li", { class: "missing" },
      `缺少 ${missing.map(fieldName).join("、")}，回复里已换成稳妥的说法`),
    warnings.map((finding) => el("li", { class: "warning" },
      `「${finding.text}」${finding.reason}`, finding.replacement ? `，可改为「${finding.replacement}」` : "")));
}

function source(suggestion) {
  const { title, version, matched } = suggestion.source;
  return el("footer", {},
    el("p", { class: "source" }, `${title}`, el("span", { class: "version" }, `第 ${version} 版`)),
    el("details", {},
      el("summary", {}, matched ? `匹配「${matched}」` : "按情景选出", el("span", { class: "ask-why" }, "为什么")),
      why(suggestion)));
}

function until(end) {
  if (!end) return null;
  const soon = new Date(end) - Date.now() < SOON_MS;
  return el("span", { class: `until${soon ? " soon" : ""}` }, `有效至 ${moment(end)}`);
}
