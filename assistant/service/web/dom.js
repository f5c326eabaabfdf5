// Building the page's elements. Strings become text nodes, so nothing that a buyer wrote is ever read as HTML.

export const byId = (id) => document.getElementById(id);

/** An element with attributes and children; `onclick` and the like are listeners; null and false children are left out. */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** The options of a select, from [value, text] pairs; the chosen value stays chosen when it is still there. */
export function fillSelect(select, pairs) {
  const chosen = select.value;
  select.replaceChildren(...pairs.map(([value, text]) => el("option", { value }, text)));
  if (pairs.some(([value]) => value === chosen)) select.value = chosen;
}

/** Whether a key belongs to an input method: the Enter that picks a word is told by Safari through its number alone. */
export const isComposing = (event) => event.isComposing || event.keyCode === 229;

/** Tells a screen reader something short, without moving the focus. */
export function announce(text) {
  byId("announcer").textContent = text;
}

/** A fresh id such as m-3f9a1c20; works on plain http too, where crypto.randomUUID is missing. */
export function newId(prefix) {
  const bytes = crypto.getRandomValues(new Uint8Array(6));
  return `${prefix}-${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

/** Copies a text; where the clipboard is not offered (plain http, a frame without leave), through a selection. */
export async function copy(text) {
  const done = await navigator.clipboard?.writeText(text).then(() => true, () => false);
  if (!done && !copyBySelection(text)) throw new Error("浏览器不允许复制，请手动选中后复制。");
}

function copyBySelection(text) {
  const box = el("textarea", { class: "visually-hidden", "aria-hidden": "true" });
  const before = document.activeElement;
  (document.querySelector("dialog[open]") ?? document.body).append(box);
  box.value = text;
  box.select();
  const done = document.execCommand("copy");
  box.remove();
  before?.focus();
  return done;
}

/** A button that copies what `text()` gives and says so for a moment. */
export function copyButton(text, label = "复制") {
  const button = el("button", { type: "button", class: "quiet small" }, label);
  button.addEventListener("click", async () => {
    const done = await copy(text()).then(() => true, () => false);
    button.textContent = done ? "已复制" : "复制失败";
    announce(button.textContent);
    setTimeout(() => { button.textContent = label; }, 1500);
  });
  return button;
}
