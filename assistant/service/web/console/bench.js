// The room of the test bench: a message in a situation, and why each entry stands where it stands.

import { el } from "../dom.js";
import { emotionName, intentName, percent } from "../names.js";
import { Scene } from "../scene.js";
import { saveAsTest } from "./bench_test.js";
import { entryRows, filterRows, outRows } from "./bench_rows.js";
import { labelled } from "./dialogs.js";
import { empty, failed, waiting } from "./notice.js";
import { go } from "./router.js";
import { readTest, tryMessage } from "./service.js";
import { fromLocal } from "./times.js";

const PAUSE_MS = 350;

export async function mount(root, place, desk) {
  const bench = new Bench(root, desk);
  await bench.open(place.params);
  return bench;
}

class Bench {
  #timer = null;
  #flight = null;
  #given = null;

  constructor(root, desk) {
    this.desk = desk;
    this.said = el("textarea", { rows: "3", "aria-label": "会话", maxlength: "5000", oninput: () => { this.#given = null; this.#soon(); },
      placeholder: "买家说什么？一行一条。\n客服说的，行首写“客服：”" });
    this.now = el("input", { type: "datetime-local", name: "now", onchange: () => this.#changed() });
    this.result = el("div", { class: "bench-result", "aria-live": "polite" });
    this.save = el("button", { type: "button", class: "small", hidden: true, onclick: () => this.#keep() }, "存为测试…");
    this.form = el("form", { class: "bench-form", "aria-label": "试答" }, this.said, el("div", { class: "bench-scene" },
      labelled("商品", el("select", { name: "item_id" })), labelled("规格", el("select", { name: "sku_id" })), labelled("订单", el("select", { name: "state" })),
      el("div", { class: "field" }, el("label", { class: "label", id: "moment-name", for: "moment" }, "时间"), el("select", { name: "moment", id: "moment" })),
      labelled("现在是", this.now), el("label", { class: "toggle" }, el("input", { type: "checkbox", name: "tracking", checked: true }), "有运单号")), this.save);
    root.append(this.form, this.result);
    this.scene = new Scene(this.form, () => this.#changed());
    this.scene.offer(desk.items);
    this.form.elements.item_id.value = "";
    this.scene.set({});
    this.#hint();
  }

  left() {
    clearTimeout(this.#timer);
    this.#flight?.abort();
  }

  /** Opens a message, or a stored test with the very context that it was kept with. */
  async open(params) {
    if (params.get("test")) {
      const test = await readTest(params.get("test"), this.desk.shop);
      if (test) this.#given = { messages: test.messages.map(({ role, text }) => ({ role, text })), context: test.context };
      this.said.value = (test?.messages ?? []).map(({ role, text }) => `${role === "agent" ? "客服：" : ""}${text}`).join("\n");
      this.form.elements.item_id.value = test?.context.item?.item_id ?? "";
      this.form.elements.state.value = test?.context.order?.state ?? "";
      this.scene.set({});
    } else {
      this.said.value = params.get("q") ?? "";
    }
    this.said.focus();
    if (this.said.value) this.#ask();
  }

  #changed() {
    this.#given = null;
    this.#soon();
  }

  #soon() {
    clearTimeout(this.#timer);
    this.#flight?.abort();
    this.#timer = setTimeout(() => this.#ask(), PAUSE_MS);
  }

  #request() {
    const messages = this.said.value.split("\n").map((line) => line.trim()).filter(Boolean)
      .map((line) => (/^客服[:：]/.test(line) ? { role: "agent", text: line.slice(3).trim() } : { role: "buyer", text: line.replace(/^买家[:：]\s*/, "") }));
    const context = { ...this.scene.context(), ...(this.now.value && { now: fromLocal(this.now.value) }) };
    return { shop_id: this.desk.shop, ...(this.#given ?? { messages, context }) };
  }

  async #ask() {
    const request = this.#request();
    this.save.hidden = true;
    if (!request.messages.length) return this.#hint();
    const flight = this.#flight = new AbortController();
    if (!this.result.querySelector(".bench-understood")) this.result.replaceChildren(waiting("正在试答…"));
    try {
      const found = await tryMessage({ request }, flight.signal);
      if (flight.signal.aborted) return;
      this.last = { request, found };
      this.result.replaceChildren(...parts(found));
      this.save.hidden = request.messages.at(-1).role !== "buyer" || !this.desk.may("knowledge.write");
    } catch (error) {
      if (!flight.signal.aborted) this.result.replaceChildren(failed(error, () => this.#ask()));
    }
  }

  async #keep() {
    if (await saveAsTest(this.last, this.desk)) go("tests");
  }

  #hint() {
    this.result.replaceChildren(empty("写一句买家的话", el("p", {}, "会看到排在前面的条目、每项信号算了多少、哪些条目被挡在外面。")));
  }
}

function parts({ understanding, response, entries, filters, filtered_out: out }) {
  return [
    el("section", { class: "bench-understood", "aria-label": "理解" }, el("h2", {}, "理解"), understood(understanding)),
    el("section", { class: "bench-entries", "aria-label": "条目排名" }, el("h2", {}, "条目排名 ", el("span", { class: "hint" }, "条：信号强弱；数字：值 · 对把握的贡献")),
      entryRows(entries)),
    el("div", { class: "bench-side" },
      el("section", { class: "bench-replies", "aria-label": "客服看到的" }, el("h2", {}, "客服看到的"), replies(response)),
      el("section", { class: "bench-out", "aria-label": "被挡在外面的条目" }, el("h2", {}, "筛选"), filterRows(filters),
        out.length > 0 && [el("h2", {}, "相近但被挡在外面"), outRows(out)])),
  ];
}

function understood({ intents, complaint, emotion, risks }) {
  return el("p", { class: "understood" },
    intents.slice(0, 3).map(({ code, confidence }) => el("span", { class: "tag" }, `${intentName(code)} ${percent(confidence)}`)),
    complaint.value && el("span", { class: "tag", "data-tag": "emergency" }, `投诉 ${percent(complaint.confidence)}`),
    risks.map((code) => el("span", { class: "tag", "data-tag": "emergency" }, intentName(code))),
    el("span", { class: "tag" }, `情绪 ${emotionName(emotion.label)}`));
}

function replies({ suggestions, abstained, reason }) {
  return [
    abstained && el("p", { class: "problem" }, `不作回答：${reason ?? "没有贴切的内容"}`),
    el("ol", { class: "reply-list" }, suggestions.map(({ text, confidence, fallback, source }) => el("li", {}, text,
      el("span", { class: "hint" }, `${source.title} · ${fallback ? "过渡语" : percent(confidence)}`))))];
}
