// What stands beside the words of an entry: what it is about, whom it is for, how it is found.

import { el } from "../dom.js";
import { labelled } from "./dialogs.js";
import { EffectiveTimes } from "./periods.js";
import { Tokens } from "./tokens.js";
import { AUTHORITIES, KINDS, STATUSES, TAGS, intentOptions, options } from "./words.js";

export class SideFields {
  constructor(desk, changed) {
    this.desk = desk;
    const select = (name, made) => el("select", { name, onchange: changed }, made);
    this.plain = {
      intent: select("intent", [el("option", { value: "" }, "请选择意图"), ...intentOptions(desk.vocabulary)]),
      kind: select("kind", options(KINDS)), authority: select("authority", options(AUTHORITIES)),
      status: select("status", options(STATUSES)),
      shop_id: select("shop_id", []),
      short_code: el("input", { name: "short_code", maxlength: "20", autocomplete: "off", placeholder: "例如 fh", oninput: changed }),
      note: el("textarea", { name: "note", rows: "2", maxlength: "2000", placeholder: "只给同事看，买家看不到", oninput: changed }),
    };
    this.items = new Tokens("商品", desk.items.map((item) => [item.item_id, item.title]), changed, { placeholder: "不限商品" });
    this.tags = new Tokens("标签", Object.entries(TAGS), changed, { placeholder: "加标签" });
    this.times = new EffectiveTimes(desk, changed);
    const { intent, kind, authority, status, shop_id: shop, short_code: code, note } = this.plain;
    this.node = el("div", { class: "side-fields" },
      at("intent", labelled("意图", intent)), at("kind", labelled("类型", kind)), at("authority", labelled("依据", authority)),
      at("status", labelled("发布后的状态", status)), at("shop_id", labelled("适用店铺", shop)),
      at("short_code", labelled("短代码", code, "客服输入短代码就能找到")),
      at("items", el("div", { class: "field" }, el("span", { class: "label" }, "限定商品"), this.items.node)),
      at("tags", el("div", { class: "field" }, el("span", { class: "label" }, "标签"), this.tags.node)),
      at("effective_until", this.times.node), at("note", labelled("内部备注", note)));
  }

  set(draft) {
    this.#offerShops(draft.shop_id);
    for (const [name, field] of Object.entries(this.plain)) field.value = draft[name] ?? "";
    this.items.set(draft.items);
    this.tags.set(draft.tags);
    this.times.set(draft);
  }

  value() {
    const plain = Object.fromEntries(Object.entries(this.plain).map(([name, field]) => [name, field.value]));
    return { ...plain, shop_id: plain.shop_id || null, short_code: plain.short_code || null, note: plain.note || null,
      items: this.items.value(), tags: this.tags.value(), ...this.times.value() };
  }

  /** One's own shops, and shared entries for whoever looks after all shops. */
  #offerShops(current) {
    const { who } = this.desk;
    const shops = who.shops.map((shop) => [shop.shop_id, shop.name]);
    const mayShare = who.shop_id === null && who.permissions.includes("admin");
    const known = [...shops, ...(mayShare || current === null ? [["", "各店共用"]] : [])];
    if (current && !shops.some(([id]) => id === current)) known.push([current, current]);
    this.plain.shop_id.replaceChildren(...known.map(([value, name]) => el("option", { value }, name)));
  }
}

/** A field with the place where the check says what is wrong with it. */
const at = (name, node) => el("div", { class: "at", "data-field": name }, node, el("ul", { class: "line-notes" }));
