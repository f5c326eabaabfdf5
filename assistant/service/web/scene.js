// The demo's situation: item, variant, order. Turned into the `context` that a plug-in would send.

import { byId, fillSelect } from "./dom.js";
import { orderStates } from "./names.js";
import { isDispatched, momentsOf, orderOf } from "./order.js";

const PEOPLE = { channel: "wangwang", agent: { id: "a07", name: "小美" }, buyer: { nick: "小鱼儿" } };

export class Scene {
  #items = [];

  /** `form` holds the selects; `onChange` is called after the user changed something. */
  constructor(form, onChange) {
    this.fields = form.elements;
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("change", () => { this.#follow(); onChange(); });
    this.offer([]);
  }

  /** Takes the catalogue (and the vocabulary, by then known) into the selects. */
  offer(items) {
    const first = !this.#items.length;
    this.#items = items;
    fillSelect(this.fields.item_id, [["", "不指定"], ...items.map((item) => [item.item_id, item.title])]);
    fillSelect(this.fields.state, [["", "没有订单"], ...orderStates()]);
    if (first && items.length) this.fields.item_id.value = (items.find((item) => item.size_chart) ?? items[0]).item_id;
    this.#follow();
  }

  /** Sets the scene of an example: the first item of a category, an order state. */
  set({ category, state }) {
    const item = this.#items.find((each) => each.category === category);
    if (item) this.fields.item_id.value = item.item_id;
    if (state !== undefined) this.fields.state.value = state;
    this.#follow();
  }

  /** The `context` of a suggestion request. */
  context() {
    const { item_id, sku_id, state, moment, tracking } = this.fields;
    const chosen = item_id.value && { item_id: item_id.value, ...(sku_id.value && { sku_id: sku_id.value }) };
    const order = orderOf({
      state: state.value, hoursAgo: moment.value, tracking: tracking.checked, amount: this.#price() ?? null,
    });
    return { ...PEOPLE, ...(chosen && { item: chosen }), ...(order && { order }) };
  }

  #item() {
    return this.#items.find((each) => each.item_id === this.fields.item_id.value);
  }

  #price() {
    const sku = this.#item()?.skus.find((each) => each.sku_id === this.fields.sku_id.value);
    return sku?.price ?? this.#item()?.price;
  }

  /** What depends on another choice follows it. */
  #follow() {
    const { sku_id, state, moment, tracking } = this.fields;
    const skus = this.#item()?.skus ?? [];
    fillSelect(sku_id, [["", skus.length ? "未选" : "无"], ...skus.map((each) => [each.sku_id, skuName(each)])]);
    sku_id.disabled = !skus.length;
    const moments = momentsOf(state.value);
    fillSelect(moment, moments.choices.length ? moments.choices : [["", "—"]]);
    moment.disabled = !moments.choices.length;
    byId("moment-name").textContent = moments.name;
    tracking.disabled = !isDispatched(state.value);
  }
}

function skuName(sku) {
  const name = Object.values(sku.options).join(" ") || sku.sku_id;
  return sku.stock === 0 ? `${name}（无货）` : name;
}
