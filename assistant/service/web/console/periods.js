// When an entry is in effect: two moments, or a named period of the shop (双11…), which editors keep in one place.

import { el } from "../dom.js";
import { toast } from "../sidebar/toast.js";
import { ask, labelled } from "./dialogs.js";
import { inShort } from "./notice.js";
import { readPeriods, savePeriods } from "./service.js";
import { fromLocal, toLocal } from "./times.js";
import { effect } from "./words.js";

export class EffectiveTimes {
  #given = { from: null, until: null };
  #periods = [];

  constructor(desk, changed) {
    Object.assign(this, { desk, changed });
    this.from = el("input", { type: "datetime-local", name: "effective_from", onchange: () => this.#edited() });
    this.until = el("input", { type: "datetime-local", name: "effective_until", onchange: () => this.#edited() });
    this.named = el("select", { "aria-label": "按活动期填写", onchange: () => this.#take() });
    this.words = el("p", { class: "hint" });
    this.node = el("fieldset", { class: "times" }, el("legend", {}, "时效"),
      this.named, labelled("生效时间", this.from), labelled("失效时间", this.until), this.words);
    this.#offer();
  }

  set({ effective_from: from, effective_until: until }) {
    this.#given = { from, until };
    this.from.value = toLocal(from);
    this.until.value = toLocal(until);
    this.#tell();
  }

  /** A moment that was not touched stays as it was written, seconds and zone included. */
  value() {
    const kept = (field, given) => (field.value === toLocal(given) ? given : fromLocal(field.value));
    return { effective_from: kept(this.from, this.#given.from), effective_until: kept(this.until, this.#given.until) };
  }

  #edited() {
    this.#tell();
    this.changed();
  }

  #tell() {
    const time = effect(this.value());
    this.words.textContent = time ? `${time.zh}：${time.span}` : "不填就一直有效";
  }

  async #offer() {
    this.#periods = await readPeriods(this.desk.shop).catch(() => []);
    this.named.replaceChildren(el("option", { value: "" }, "按活动期填写…"),
      ...this.#periods.map((period, number) => el("option", { value: number }, `${period.name}（${effect(period).span}）`)),
      el("option", { value: "none" }, "一直有效"), el("option", { value: "new" }, "把上面的时间存为活动期…"));
  }

  async #take() {
    const chosen = this.named.value;
    this.named.value = "";
    if (chosen === "new") return this.#keep();
    const period = chosen === "none" ? { effective_from: null, effective_until: null } : this.#periods[Number(chosen)];
    if (!period || chosen === "") return;
    this.set(period);
    this.changed();
  }

  async #keep() {
    const { effective_from: from, effective_until: until } = this.value();
    if (!from || !until) return toast("先填好生效时间和失效时间，再存为活动期。");
    const answer = await ask("存为活动期", [labelled("名称", el("input", { name: "name", required: true, maxlength: "30", placeholder: "例如 双11" })),
      el("p", { class: "hint" }, effect({ effective_from: from, effective_until: until }).span)], "保存");
    if (!answer) return;
    const others = this.#periods.filter(({ name }) => name !== answer.name.trim());
    try {
      await savePeriods(this.desk.shop, [...others.map(written), periodOf(answer.name.trim(), this.from.value, this.until.value)]);
      toast(`已存活动期“${answer.name.trim()}”`);
      await this.#offer();
    } catch (error) {
      toast(inShort(error));
    }
  }
}

/** A period from one moment to another, this once. */
function periodOf(name, from, until) {
  const [[first, opens], [last, closes]] = [from.split("T"), until.split("T")];
  return { name, first, last, opens, closes };
}

/** A period as it was written, without the times of its next occurrence. */
const written = ({ name, first, last, opens, closes }) => ({ name, first, last, opens, closes });
