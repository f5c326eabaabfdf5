// The line above the form: which entry this is, its versions, and what can be done with it as a whole.

import { el } from "../dom.js";
import { moment } from "../names.js";
import { toast } from "../sidebar/toast.js";
import { ask, confirm, labelled } from "./dialogs.js";
import { EMERGENCY } from "./draft.js";
import { inShort } from "./notice.js";
import { editSeed } from "./seeds.js";
import { actOn } from "./service.js";
import { fromLocal, localDay } from "./times.js";
import { showVersions } from "./versions.js";
import { STATUSES } from "./words.js";

export class EditorHead {
  /** `editor` has state, form, fields, reopen(id). */
  constructor(editor) {
    this.editor = editor;
    const { entry } = editor.state;
    this.node = el("header", { class: "editor-head" },
      el("a", { class: "back", href: "#entries", onclick: (event) => { if (history.length > 1) { event.preventDefault(); history.back(); } } }, "‹ 返回"),
      el("h1", {}, entry ? "编辑条目" : "新建条目"),
      entry && el("span", { class: `state ${entry.status}` }, STATUSES[entry.status]),
      entry && el("span", { class: "hint" }, `第 ${entry.version} 版`, entry.updated_at && ` · ${moment(entry.updated_at)} ${entry.updated_by ?? ""}`),
      el("div", { class: "head-acts" },
        entry && button("版本", () => showVersions(entry, editor.fields, () => editor.reopen(entry.id))),
        button("设为应急…", () => this.#emergency()),
        entry && button("复制", () => this.#copy()),
        entry && entry.status !== "archived" && button("归档", () => this.#act("archive", "归档", "归档后不再用于建议，随时可以恢复。")),
        entry && entry.status === "archived" && button("恢复", () => this.#act("restore", "恢复", "恢复到归档前的状态。"))));
  }

  #copy() {
    const { id, ...draft } = this.editor.form.draft();
    editSeed({ ...draft, title: `${draft.title}（副本）`, short_code: null, status: "published",
      shop_id: draft.shop_id ?? this.editor.desk.shop });
  }

  async #act(action, zh, note) {
    const { entry } = this.editor.state;
    if (!await confirm(`${zh}「${entry.title}」？`, { more: [el("p", {}, note)], yes: zh })) return;
    try {
      await actOn([entry.id], action);
      toast(`已${zh}`);
      await this.editor.reopen(entry.id);
    } catch (error) {
      toast(`没有${zh}：${inShort(error)}`);
    }
  }

  /** An emergency entry stands in for the everyday ones of its intent until a moment; then it gives way by itself. */
  async #emergency() {
    const answer = await ask("设为应急条目", [
      el("p", {}, "应急条目在有效期内代替同一意图的日常条目，到时自动让位。适合爆仓、停发、系统故障。"),
      labelled("有效至", el("input", { type: "datetime-local", name: "until", required: true, value: localDay(1, 9) }))], "填入表单");
    if (!answer) return;
    const { form } = this.editor;
    const draft = form.draft();
    form.set({ ...draft, tags: [...new Set([...draft.tags, EMERGENCY])], effective_until: fromLocal(answer.until) });
    form.changed();
    toast("已填好应急标签和失效时间，发布后生效。");
  }
}

const button = (text, onclick) => el("button", { type: "button", class: "small", onclick }, text);
