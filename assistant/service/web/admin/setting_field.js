// One setting in the form: its control, and how a value gets in and out. Each type has a `show` and a `read`.

import { el } from "../dom.js";

const lines = (text) => text.split("\n").map((line) => line.trim()).filter(Boolean);

const TYPES = {
  text: {
    control: (each) => el("input", { placeholder: each.placeholder, autocomplete: "off" }),
    show: (control, value) => { control.value = value ?? ""; },
    read: (control, each) => control.value.trim() || (each.required ? "" : null),
  },
  clock: {
    control: () => el("input", { placeholder: "09:00", autocomplete: "off" }),
    show: (control, value) => { control.value = value; },
    read: (control) => control.value.trim(),
  },
  number: {
    control: () => el("input", { inputmode: "decimal", autocomplete: "off" }),
    show: (control, value) => { control.value = value ?? ""; },
    read: (control) => number(control.value.trim()),
  },
  yes_no: {
    control: () => el("input", { type: "checkbox" }),
    show: (control, value) => { control.checked = value; },
    read: (control) => control.checked,
  },
  choice: {
    control: ({ options }) => el("select", {}, options.map(([value, text]) => el("option", { value }, text))),
    show: (control, value) => { control.value = value; },
    read: (control) => control.value,
  },
  words: {
    control: ({ placeholder }) => el("textarea", { rows: 2, placeholder }),
    show: (control, value) => { control.value = (value ?? []).join("\n"); },
    read: (control) => lines(control.value),
  },
  pairs: {
    control: ({ placeholder }) => el("textarea", { rows: 2, placeholder }),
    show: (control, value) => {
      control.value = Object.entries(value ?? {}).map(([key, each]) => (each === null ? key : `${key}: ${each}`)).join("\n");
    },
    read: (control, { numbers }) => Object.fromEntries(lines(control.value).map((line) => pair(line, numbers))),
  },
};

/** A number, or null for nothing; what is no number is sent as it is, for the service to say so. */
function number(text) {
  if (text === "") return null;
  return Number.isNaN(Number(text)) ? text : Number(text);
}

/** A line such as 新疆: 15. */
function pair(line, numbers) {
  const [, key, value] = /^([^:：]*)[:：]?(.*)$/.exec(line).map((each) => each.trim());
  return [key, numbers ? number(value) : value];
}

/** The labelled control of a setting: `node`, `show(value)`, `read()`, `problem(text)`. */
export function settingField(each) {
  const type = TYPES[each.type];
  const control = type.control(each);
  const id = `setting-${each.name}`;
  control.id = id;
  control.setAttribute("aria-describedby", `${id}-hint ${id}-problem`);
  const problem = el("p", { class: "problem", id: `${id}-problem` });
  const row = each.unit ? el("span", { class: "with-unit" }, control, el("span", { class: "hint" }, each.unit)) : control;
  return {
    node: el("div", { class: `field ${each.type}` }, el("label", { for: id }, each.label), row,
      el("p", { class: "hint", id: `${id}-hint` }, each.hint ?? ""), problem),
    show: (value) => type.show(control, value),
    read: () => type.read(control, each),
    focus: () => control.focus(),
    problem(text) {
      problem.textContent = text;
      if (text) control.setAttribute("aria-invalid", "true");
      else control.removeAttribute("aria-invalid");
    },
  };
}
