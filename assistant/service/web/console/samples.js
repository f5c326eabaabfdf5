// The sample conversations that answers are tried in while they are written.

import { el } from "../dom.js";
import { orderStates } from "../names.js";
import { orderOf } from "../order.js";
import { previewAnswers } from "./service.js";

const PAUSE_MS = 250;
const NO_ORDER = "";

export class Samples {
  #timer = null;
  #flight = null;
  #state = NO_ORDER;

  /** `draft()` is what is written; `show(previews, chosen)` what the answers come to in the chosen sample. */
  constructor(desk, draft, show) {
    Object.assign(this, { desk, draft, show });
    this.item = el("select", { "aria-label": "样例商品", onchange: () => this.soon() }, el("option", { value: "" }, "没有商品"),
      desk.items.map((item) => el("option", { value: item.item_id }, item.title)));
    this.said = el("input", { "aria-label": "样例消息", placeholder: "买家说（默认用标准问）", maxlength: "200", oninput: () => this.soon() });
    this.states = el("div", { class: "sample-states", role: "radiogroup", "aria-label": "样例订单状态" },
      [[NO_ORDER, "没有订单"], ...orderStates()].map(([state, zh]) => el("label", { "data-state": state },
        el("input", { type: "radio", name: "sample-state", value: state, checked: state === NO_ORDER, onchange: () => this.#choose(state) }),
        el("span", {}, zh, el("small", {})))));
    this.node = el("div", { class: "samples", role: "group", "aria-label": "样例会话" },
      el("div", { class: "sample-row" }, el("span", { class: "label" }, "样例会话"), this.said, this.item), this.states);
  }

  stop() {
    clearTimeout(this.#timer);
    this.#flight?.abort();
  }

  soon() {
    this.stop();
    this.#timer = setTimeout(() => this.#ask(), PAUSE_MS);
  }

  #choose(state) {
    this.#state = state;
    this.#tell();
  }

  async #ask() {
    const { title, intent, answers } = this.draft();
    const numbers = answers.map((answer, number) => (answer.text.trim() ? number : -1)).filter((number) => number >= 0);
    if (!numbers.length || !intent) return this.show(null, null);
    const states = [NO_ORDER, ...orderStates().map(([state]) => state)];
    const flight = this.#flight = new AbortController();
    const message = { role: "buyer", text: this.said.value.trim() || title.trim() || "在吗" };
    const requests = states.map((state) => ({ shop_id: this.desk.shop, messages: [message], context: this.#context(state) }));
    try {
      const asked = { intent, answers: numbers.map((number) => answers[number]), requests };
      const { previews } = await previewAnswers(asked, flight.signal);
      this.previews = new Map(states.map((state, place) => [state, inForm(previews[place], numbers)]));
      this.#tell();
    } catch {
      // A preview of what cannot be read yet; the check says what is wrong with it.
      if (!flight.signal.aborted) this.show(null, null);
    }
  }

  #tell() {
    for (const label of this.states.children) {
      const chosen = this.previews?.get(label.dataset.state)?.chosen ?? null;
      label.querySelector("small").textContent = chosen === null ? "不说" : `答案 ${chosen + 1}`;
      label.classList.toggle("silent", chosen === null);
    }
    const { answers, chosen } = this.previews?.get(this.#state) ?? { answers: null, chosen: null };
    this.show(answers, chosen);
  }

  #context(state) {
    const item = this.desk.items.find((each) => each.item_id === this.item.value);
    const order = orderOf({ state, hoursAgo: "20", tracking: true, amount: item?.price ?? 99 });
    return { agent: { id: "a07", name: "小美" }, buyer: { nick: "小鱼儿" }, ...(item && { item: { item_id: item.item_id } }), ...(order && { order }) };
  }
}

/** A preview by the numbers of the form, where blank answers stand in between. */
function inForm({ chosen, answers }, numbers) {
  const placed = [];
  answers.forEach((answer, place) => { placed[numbers[place]] = answer; });
  return { chosen: chosen === null ? null : numbers[chosen], answers: placed };
}
