// What can be done with the ticked entries: asked first, all or nothing, the result told.

import { Away } from "../api.js";
import { announce, el } from "../dom.js";
import { toast } from "../sidebar/toast.js";
import { ask, labelled } from "./dialogs.js";
import { inShort, problemList } from "./notice.js";
import { actOn } from "./service.js";
import { fromLocal } from "./times.js";

const tagField = () => labelled("标签", el("input", { name: "tags", required: true, maxlength: "200" }), "几个标签用空格或逗号隔开");
const timeField = (name, text) => labelled(text, el("input", { type: "datetime-local", name }), "留空表示不限");

/** What each action is called, what it asks for, and what it sends. */
const ACTIONS = {
  publish: { zh: "发布" },
  archive: { zh: "归档", danger: true, note: "归档后不再用于建议，随时可以恢复。" },
  restore: { zh: "恢复", note: "恢复后重新用于建议。" },
  add_tags: { zh: "加标签", fields: () => [tagField()], more: ({ tags }) => ({ tags: split(tags) }) },
  remove_tags: { zh: "去标签", fields: () => [tagField()], more: ({ tags }) => ({ tags: split(tags) }) },
  set_effective: {
    zh: "改时效", fields: () => [timeField("from", "生效时间"), timeField("until", "失效时间")],
    more: ({ from, until }) => ({ effective_from: fromLocal(from), effective_until: fromLocal(until) }),
  },
};

const split = (text) => text.split(/[\s,，、;；]+/).filter(Boolean);

export class BulkBar {
  /** `entries()` gives those on the page; `reload()` reads it again; `changed()` is called when the ticks change. */
  constructor(chosen, entries, reload, changed) {
    Object.assign(this, { chosen, entries, reload, changed });
    this.count = el("strong", {});
    this.node = el("div", { class: "bulk", role: "toolbar", "aria-label": "对选中的条目", hidden: true }, this.count,
      Object.entries(ACTIONS).map(([action, { zh }]) => el("button", { type: "button", class: "small", onclick: () => this.#act(action) }, zh)),
      el("button", { type: "button", class: "quiet small", onclick: () => { chosen.clear(); changed(); } }, "取消选择"));
  }

  show() {
    this.node.hidden = this.chosen.size === 0;
    this.count.textContent = `已选 ${this.chosen.size} 条`;
  }

  async #act(action) {
    const { zh, danger, note, fields, more } = ACTIONS[action];
    const ids = [...this.chosen];
    const titles = this.entries().filter((entry) => this.chosen.has(entry.id)).map((entry) => entry.title);
    const answer = await ask(`${zh} ${ids.length} 条？`, [
      el("ul", { class: "titles" }, titles.slice(0, 5).map((title) => el("li", {}, title)),
        ids.length > Math.min(titles.length, 5) && el("li", { class: "hint" }, `……共 ${ids.length} 条`)),
      note && el("p", {}, note), fields?.()], zh, danger);
    if (!answer) return;
    try {
      await actOn(ids, action, more?.(answer));
      this.chosen.clear();
      toast(`已${zh} ${ids.length} 条`);
      this.reload();
    } catch (error) {
      const title = error instanceof Away ? "没有收到结果，请刷新看看改了没有" : "没有改动任何条目";
      announce(title);
      await ask(title, [el("p", {}, inShort(error)), problemList(error.errors ?? [])], "知道了");
    }
    this.changed();
  }
}
