// Next steps beside the reply: evidence to tick off, notes to change and copy, what the next shift must know.

import { copyButton, el } from "./dom.js";
import { FLAGS, STEPS } from "./names.js";

/** What the agent ticked and rewrote, kept while the same steps come again with the buyer's next message. */
export class StepMemory {
  ticked = new Set();
  texts = new Map();
}

/** The steps panel's content; `save({title, text})`, where given, puts a step into the hand-over table. */
export function stepList(steps, { save = null, memory = new StepMemory() } = {}) {
  return [
    el("h2", {}, "下一步"),
    el("ul", { class: "step-list" }, steps.map((step) => stepItem(step, save, memory))),
  ];
}

function stepItem(step, save, memory) {
  const { kind, title, flag } = step;
  const { body, text } = step.items ? checklist(step, memory) : note(step, memory);
  return el("li", { class: "step", "data-kind": kind },
    el("header", {},
      el("span", { class: "step-kind" }, STEPS[kind] ?? kind),
      el("h3", {}, title),
      flag && el("span", { class: "flag", "data-flag": flag }, FLAGS[flag] ?? flag),
      el("span", { class: "step-tools" },
        text && copyButton(text),
        text && save && saveButton(() => save({ title, text: text() })))),
    body);
}

function note({ kind, title, text }, memory) {
  if (!text) return { body: null, text: null };
  const key = `${kind}|${title}`;
  const box = el("textarea", { class: "step-text", rows: "1", "aria-label": `${title}，可以修改` });
  box.value = memory.texts.get(key) ?? text;
  box.addEventListener("input", () => memory.texts.set(key, box.value));
  return { body: box, text: () => box.value };
}

function checklist({ kind, title, items }, memory) {
  const boxes = items.map((item) => {
    const key = `${kind}|${title}|${item}`;
    const box = el("input", { type: "checkbox", checked: memory.ticked.has(key) });
    box.addEventListener("change", () => memory.ticked[box.checked ? "add" : "delete"](key));
    return box;
  });
  const lines = () => items.map((item, index) => `${boxes[index].checked ? "☑" : "☐"} ${item}`);
  return {
    body: el("ul", { class: "checklist" }, items.map((item, index) =>
      el("li", {}, el("label", {}, boxes[index], el("span", {}, item))))),
    text: () => lines().join("\n"),
  };
}

/** A button that saves by one click and says what became of it. */
function saveButton(save) {
  const button = el("button", { type: "button", class: "quiet small" }, "记入交接");
  button.addEventListener("click", async () => {
    button.disabled = true;
    const done = await save().then(() => true, () => false);
    button.disabled = false;
    button.textContent = done ? "已记入" : "没记上，再试";
  });
  return button;
}
