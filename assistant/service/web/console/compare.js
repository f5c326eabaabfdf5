// Another entry beside the one that is written: what both are asked and what both say.

import { el } from "../dom.js";
import { intentName } from "../names.js";
import { toast } from "../sidebar/toast.js";
import { sentence } from "./conditions.js";
import { inShort } from "./notice.js";
import { address } from "./router.js";
import { readEntry } from "./service.js";
import { folded } from "./phrasings.js";

export async function compareWith(id, draft, fields) {
  try {
    const other = await readEntry(id);
    const dialog = el("dialog", { class: "ask compare", "aria-label": "对照" },
      el("div", { class: "dialog-head" }, el("h2", {}, "对照"), el("button", { type: "button", onclick: () => dialog.close() }, "关闭")),
      el("div", { class: "sides" }, side("正在写的", draft, other, fields),
        side(el("a", { href: address("entry", id), target: "_blank" }, "已有的（打开）"), other, draft, fields)));
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
  } catch (error) {
    toast(inShort(error));
  }
}

function side(head, entry, other, fields) {
  const theirs = new Set([other.title, ...other.questions].map(folded));
  return el("section", {}, el("h3", {}, head),
    el("p", { class: "hint" }, intentName(entry.intent) || "还没选意图"), el("h4", {}, entry.title || "（还没写标准问）"),
    el("ul", {}, entry.questions.filter((text) => text.trim()).map((text) => el("li", { class: theirs.has(folded(text)) ? "shared" : null }, text))),
    el("ol", {}, entry.answers.filter(({ text }) => text.trim()).map(({ text, when }) => el("li", {}, text, el("span", { class: "hint" }, sentence(when, fields))))));
}
