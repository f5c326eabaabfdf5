// Somebody else saved first: both versions side by side, field by field, and what each field is to be.

import { el } from "../dom.js";
import { sentence } from "./conditions.js";
import { changedFields, cleaned, draftOf } from "./draft.js";
import { FIELDS, valueWords } from "./words.js";

const LISTS = ["questions", "tags", "items"];

/** Asks how two drafts of one entry are to be merged; gives the merged draft, null when nothing was decided. */
export function merge({ base, mine, theirs, who, fields }) {
  const differing = changedFields(mine, theirs);
  if (!differing.length) return Promise.resolve(draftOf(mine));
  const [ours, others] = [cleaned(draftOf(mine)), cleaned(draftOf(theirs))];
  const mineOnly = new Set(base ? changedFields(base, ours).filter((name) => !changedFields(base, others).includes(name)) : []);
  const theirsOnly = new Set(base ? changedFields(base, others).filter((name) => !changedFields(base, ours).includes(name)) : []);
  const rows = differing.map((name) => row(name, ours[name], others[name], mineOnly.has(name), theirsOnly.has(name), fields));
  return new Promise((decide) => {
    const dialog = el("dialog", { class: "ask merge", "aria-labelledby": "merge-title" });
    const form = el("form", { method: "dialog" },
      el("h2", { id: "merge-title" }, `${who ?? "同事"}先保存了这条，请选择每一处用谁的`),
      el("p", { class: "hint" }, "只有一方改过的，已经替您选好。您写的内容一直保留，关掉这个窗口也不会丢。"),
      el("div", { class: "merge-heads", "aria-hidden": "true" }, el("span", {}, "您写的"), el("span", {}, "对方保存的")),
      el("div", { class: "ask-body" }, rows),
      el("div", { class: "ask-end" }, el("button", { type: "button", onclick: () => dialog.close() }, "先不合并"),
        el("button", { class: "primary", value: "yes" }, "合并")));
    dialog.append(form);
    document.body.append(dialog);
    dialog.addEventListener("close", () => {
      const chosen = new FormData(form);
      dialog.remove();
      decide(dialog.returnValue === "yes" ? merged(ours, others, differing, chosen) : null);
    });
    dialog.showModal();
  });
}

function merged(ours, theirs, differing, chosen) {
  const result = { ...ours };
  for (const name of differing) {
    const choice = chosen.get(name);
    if (choice === "theirs") result[name] = theirs[name];
    if (choice === "both") result[name] = [...new Set([...theirs[name], ...ours[name]])];
  }
  return result;
}

function row(name, mine, theirs, isMine, isTheirs, fields) {
  const given = isTheirs ? "theirs" : "mine";
  const option = (value, text, content) => el("label", { class: "side" },
    el("span", { class: "side-head" }, el("input", { type: "radio", name, value, checked: value === given }), text),
    content && el("div", { class: "side-body" }, content));
  return el("fieldset", { class: "merge-row", "data-field": name },
    el("legend", {}, FIELDS[name] ?? name, el("span", { class: "hint" }, isMine ? "只有您改过" : isTheirs ? "只有对方改过" : "两边都改过")),
    el("div", { class: "sides" }, option("mine", "用您的", shown(name, mine, theirs, fields)),
      option("theirs", "用对方的", shown(name, theirs, mine, fields))),
    LISTS.includes(name) && option("both", "两边的都要", null));
}

/** One side of a field; what the other side does not have is marked. */
function shown(name, value, other, fields) {
  if (name === "questions") return lines(value.map((text) => [text, !other.includes(text)]));
  if (name !== "answers") return valueWords(name, value);
  const known = other.map((answer) => JSON.stringify(answer));
  return el("ol", {}, value.map((answer) => el("li", { class: known.includes(JSON.stringify(answer)) ? null : "only" },
    answer.text, el("span", { class: "hint" }, sentence(answer.when, fields)))));
}

const lines = (pairs) => (pairs.length
  ? el("ul", {}, pairs.map(([text, only]) => el("li", { class: only ? "only" : null }, text))) : "（空）");
