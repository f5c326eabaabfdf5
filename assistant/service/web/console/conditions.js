// When an answer is said: rows of a field and the values it may have, and the same as a sentence.

import { el, isComposing } from "../dom.js";

export const ANY = "*";
const ATTRIBUTE = "item.attributes.";
const GROUPS = [
  ["order.", "订单"], ["item.", "商品"], ["asked.", "商品"], ["size.", "尺码"], ["fit.", "是否合适"], ["stock.", "库存"],
  ["return.", "退货"], ["region.", "地区"], ["policy.", "店铺设置"], ["buyer.", "买家"], ["agent.", "客服"], ["change.", "会话"],
  ["sent.", "会话"], ["talk.", "会话"], ["now.", "时间"],
];

const groupOf = (path) => GROUPS.find(([prefix]) => path.startsWith(prefix))?.[1] ?? "其他";

/** Fields by the part of the conversation they are about. */
export function grouped(fields) {
  const groups = new Map();
  for (const field of fields) groups.set(groupOf(field.path), [...(groups.get(groupOf(field.path)) ?? []), field]);
  return [...groups].sort(([one], [other]) => order(one) - order(other));
}

const order = (name) => GROUPS.findIndex(([, group]) => group === name);

/** What a field is called; an item's attribute is 商品属性「材质」. */
export function nameOf(path, fields) {
  if (path.startsWith(ATTRIBUTE) && path !== `${ATTRIBUTE}*`) return `商品属性「${path.slice(ATTRIBUTE.length)}」`;
  return fields.find((field) => field.path === path)?.name ?? path;
}

/** The conditions as people read them: 订单状态是待付款或已关闭，并且运单号已知. */
export function sentence(when, fields) {
  const said = Object.entries(when).map(([path, values]) => clause(path, values, fields));
  return said.length ? `当${said.join("，并且")}时说` : "不限条件，什么时候都能说";
}

function clause(path, values, fields) {
  const name = nameOf(path, fields);
  const names = fields.find((field) => field.path === path)?.values ?? {};
  const plain = values.filter((value) => value !== ANY && value !== null).map((value) => names[String(value)] ?? String(value));
  const parts = [values.includes(ANY) && `${name}已知`, plain.length && `${name}是${plain.join("或")}`, values.includes(null) && `${name}未知`];
  return parts.filter(Boolean).join("，或") || `${name}是（还没选值）`;
}

export class Conditions {
  /** The rows of one answer's conditions. */
  constructor(fields, changed) {
    Object.assign(this, { fields, changed });
    this.list = el("ul", { class: "conditions" });
    this.words = el("p", { class: "when-words" });
    this.chooser = el("select", { "aria-label": "添加条件", onchange: () => this.#add() });
    this.node = el("div", { class: "when" }, this.words, this.list, this.chooser);
  }

  set(when) {
    this.when = structuredClone(when);
    this.#draw();
  }

  value() {
    return structuredClone(this.when);
  }

  #draw() {
    this.words.textContent = sentence(this.when, this.fields);
    this.list.replaceChildren(...Object.entries(this.when).map(([path, values]) => this.#row(path, values)));
    this.chooser.replaceChildren(el("option", { value: "" }, "＋ 条件"), ...grouped(this.fields).map(([group, fields]) =>
      el("optgroup", { label: group }, fields.filter(({ path }) => !(path in this.when))
        .map((field) => el("option", { value: field.path, title: field.meaning }, field.path.endsWith("*") ? "某个商品属性…" : field.name)))));
  }

  #add() {
    const path = this.chooser.value;
    if (!path) return;
    if (path.endsWith("*")) return this.#addAttribute();
    this.#put(path, Object.keys(this.#names(path)).length ? [] : [ANY]);
    this.list.lastElementChild.querySelector("input")?.focus();
  }

  /** An attribute is named first; its row takes the place of the question. */
  #addAttribute() {
    const name = el("input", { "aria-label": "属性名", placeholder: "属性名，例如 材质", maxlength: "50" });
    const take = () => { if (name.value.trim()) this.#put(`${ATTRIBUTE}${name.value.trim()}`, [ANY]); };
    name.addEventListener("change", take);
    name.addEventListener("keydown", (event) => { if (event.key === "Enter" && !isComposing(event)) { event.preventDefault(); take(); } });
    this.list.append(el("li", {}, name));
    this.chooser.value = "";
    name.focus();
  }

  #put(path, values) {
    if (values === null) delete this.when[path];
    else this.when[path] = values;
    this.#draw();
    this.changed();
  }

  #names(path) {
    return this.fields.find((field) => field.path === path)?.values ?? {};
  }

  #row(path, values) {
    const name = nameOf(path, this.fields);
    const codes = Object.entries(this.#names(path));
    return el("li", { "data-path": path },
      el("span", { class: "cond-name" }, name),
      el("span", { class: "cond-values", role: "group", "aria-label": `${name}的值` },
        codes.length ? codes.map(([code, zh]) => this.#tick(path, code, zh)) : this.#free(path, values, name),
        this.#tick(path, ANY, "已知"), this.#tick(path, null, "未知")),
      el("button", { type: "button", class: "quiet small", "aria-label": `去掉条件 ${name}`, onclick: () => { this.#put(path, null); this.chooser.focus(); } }, "✕"));
  }

  #tick(path, code, zh) {
    const matches = (value) => value === code || (value !== null && code !== null && String(value) === code);
    const box = el("input", { type: "checkbox", checked: this.when[path].some(matches), onchange: () => {
      const others = this.when[path].filter((value) => !matches(value));
      this.when[path] = box.checked ? [...others, code] : others;
      this.words.textContent = sentence(this.when, this.fields);
      this.changed();
    } });
    return el("label", { class: "cond-value" }, box, el("span", {}, zh));
  }

  #free(path, values, name) {
    const plain = (value) => value !== ANY && value !== null;
    const box = el("input", { class: "cond-free", "aria-label": `${name}等于`, placeholder: "等于…，多个用逗号隔开",
      value: values.filter(plain).join("，"), oninput: () => {
        const said = box.value.split(/[,，、]/).map((each) => each.trim()).filter(Boolean);
        this.when[path] = [...said, ...this.when[path].filter((value) => !plain(value))];
        this.words.textContent = sentence(this.when, this.fields);
        this.changed();
      } });
    return box;
  }
}
