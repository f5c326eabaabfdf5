// The hand-over table of the shift (交接表): what the next one must go on with; filter, change, tick off, export.

import { byId, el } from "../dom.js";
import { save } from "../download.js";
import { moment } from "../names.js";
import { addHandover, changeHandover, exportHandovers, readHandovers } from "./service.js";

export class Handovers {
  #rows = [];
  #asked = null;
  #adding = false;
  #written = new Map(); // texts by row that are not saved yet; a row that is drawn anew shows them still

  /** `about()` gives {shop_id, conversation_id, agent}; `say(text)` tells the agent something short. */
  constructor(about, say) {
    Object.assign(this, { about, say, list: byId("handover-list"), state: byId("handover-state") });
    this.form = byId("handover-new");
    this.filter = byId("handover-filter");
    this.filter.addEventListener("change", () => this.read());
    this.form.addEventListener("submit", (event) => { event.preventDefault(); this.#create(); });
    for (const button of document.querySelectorAll("[data-export]")) {
      button.addEventListener("click", () => this.#export(button.dataset.export));
    }
  }

  /** Puts an item into the table; throws when it could not be saved. */
  async add({ title, text }) {
    await addHandover({ ...this.about(), title, text, status: "open" });
    this.say("已记入交接表");
    this.read();
  }

  async read() {
    const wanted = this.#wanted();
    const mine = this.#asked = {};
    try {
      const { handovers } = await readHandovers(wanted);
      if (mine !== this.#asked) return;
      this.#rows = handovers;
      this.state.textContent = handovers.length ? "" : wanted.status === "open" ? "没有待处理的交接事项。" : "还没有交接事项。";
    } catch (error) {
      if (mine !== this.#asked) return;
      this.state.textContent = `读不到交接表：${error.message || "服务暂时连不上"}。`;
    }
    this.list.replaceChildren(...this.#rows.map((row) => this.#row(row)));
  }

  #wanted() {
    const { status, hours } = this.filter.elements;
    const since = hours.value && new Date(Date.now() - Number(hours.value) * 3_600_000).toISOString();
    return { shop_id: this.about().shop_id, status: status.value, since };
  }

  async #create() {
    const { title, text } = this.form.elements;
    if (this.#adding) return;
    this.#adding = true;
    try {
      await this.add({ title: title.value.trim(), text: text.value.trim() });
      this.form.reset();
      title.focus();
    } catch (error) {
      this.say(`没有记上：${error.message || "服务暂时连不上"}`);
    } finally {
      this.#adding = false;
    }
  }

  #row(row) {
    const done = row.status === "done";
    const text = el("textarea", { rows: "1", "aria-label": `${row.title}：内容` });
    text.value = this.#written.get(row.id) ?? row.text;
    text.addEventListener("input", () => this.#written.set(row.id, text.value));
    text.addEventListener("blur", () => this.#write(row, text.value));
    return el("li", { class: `handover${done ? " done" : ""}` },
      el("header", {},
        el("h3", {}, row.title),
        el("span", { class: "handover-status" }, done ? "已完成" : "待处理"),
        el("button", { type: "button", class: "quiet small", onclick: () => this.#turn(row, done ? "open" : "done") },
          done ? "重新打开" : "完成")),
      text,
      el("p", { class: "hint" }, [row.agent, row.conversation_id, moment(row.created_at)].filter(Boolean).join(" · ")));
  }

  /** Saves what was written in a row, also once more when it could not be saved the last time. */
  async #write(row, text) {
    if (text === row.text) return void this.#written.delete(row.id);
    if (!await this.#change(row, { text })) return;
    row.text = text;
    if (this.#written.get(row.id) === text) this.#written.delete(row.id);
  }

  async #turn(row, status) {
    if (await this.#change(row, { status })) this.read();
  }

  /** Whether it could be saved; the fields that are not named stay as others may have left them. */
  async #change(row, change) {
    try {
      await changeHandover(row.id, { title: row.title, ...change });
      return true;
    } catch (error) {
      this.say(`没有保存：${error.message || "服务暂时连不上"}，内容还在，请再试`);
      return false;
    }
  }

  async #export(format) {
    const today = new Date().toLocaleDateString("sv-SE");
    try {
      const response = await exportHandovers({ format, ...this.#wanted() });
      save(await response.blob(), `交接表-${today}.${format}`);
    } catch (error) {
      this.say(`导出没有成功：${error.message || "服务暂时连不上"}`);
    }
  }
}
