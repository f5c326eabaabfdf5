// From what is written to what is used: save as a proposal, have it reviewed, publish it when the tests agree.

import { ask, labelled } from "./dialogs.js";
import { el } from "../dom.js";
import { toast } from "../sidebar/toast.js";
import { merge } from "./conflict.js";
import { cleaned, draftOf } from "./draft.js";
import { inShort } from "./notice.js";
import { counts, reportView } from "./report.js";
import { publishProposal, readEntry, readProposal, readVersions, saveProposal, submitProposal, testProposal } from "./service.js";

export class Publishing {
  /**
   * `form` is the entry's form, `state` what is edited: {entry, base, proposal}. `outcome` is where reports are shown.
   * `saved(written)` is called when something was stored: with the draft as it was sent, or without one when only its state
   * changed; `published(entry)` when it is in use.
   */
  constructor({ desk, form, state, outcome, comment, fields, saved, published }) {
    Object.assign(this, { desk, form, state, outcome, comment, fields, saved, published });
  }

  /** Keeps what is written; gives whether that worked. */
  async save(told = true) {
    const { entry, base, proposal } = this.state;
    const written = this.form.draft();
    const text = { draft: cleaned(written), entry_id: entry?.id ?? null, base_version: base, comment: this.comment.value.trim() || null };
    return this.#try("没有存成", async () => {
      this.state.proposal = await saveProposal(proposal, text);
      this.saved(written);
      if (told) toast("草稿已保存");
    });
  }

  /** Asks for review. */
  async submit() {
    if (!await this.save(false)) return;
    await this.#try("没有提交", async () => {
      this.state.proposal = await submitProposal(this.state.proposal);
      this.saved();
      toast("已提交审核");
    });
  }

  /** Runs the tests without publishing. */
  async test() {
    if (!await this.save(false)) return;
    await this.#try("测试没有跑成", async () => {
      const report = await testProposal(this.state.proposal);
      this.#show(reportView(report, "测试结果", counts(report), this.#close()));
    });
  }

  /** Publishes when no test gets worse; otherwise shows which do. */
  async publish(reason = null) {
    if (!await this.save(false)) return;
    await this.#try("没有发布", async () => {
      const done = await publishProposal(this.state.proposal, reason);
      this.outcome.replaceChildren();
      await this.published(done.entry);
    });
  }

  async #try(what, act) {
    try {
      await act();
      return true;
    } catch (error) {
      await this.#refused(what, error);
      return false;
    }
  }

  async #refused(what, error) {
    if (error.status === 409 && error.problem?.regressions) return this.#blocked(error.problem);
    if (error.status === 412) return this.#conflict(error.problem);
    if (error.status === 422) this.form.check.refuse(error.errors.map((problem) => ({ ...problem, field: problem.field.replace(/^(?:body\.)?draft\./, "") })));
    toast(`${what}：${inShort(error)}`);
    this.form.node.querySelector("[aria-invalid='true'], .wrong input, .wrong select, .wrong textarea")?.focus();
  }

  #blocked(problem) {
    const override = this.desk.who.role === "admin" && el("button", { type: "button", class: "danger", onclick: () => this.#override() }, "仍然发布…");
    const { regressions } = problem;
    this.#show(reportView({ results: regressions }, "没有发布：有测试会变差", `发布后，原来通过的 ${regressions.length} 条测试会失败。`,
      el("p", { class: "hint" }, "改好内容再发布；如果是测试过时了，先到“测试”里删掉它。"), this.#close("回去修改"), override));
  }

  async #override() {
    const answer = await ask("仍然发布？", [el("p", {}, "变差的测试会记在审计日志里，连同您写的理由。"),
      labelled("理由", el("textarea", { name: "reason", required: true, rows: "2", maxlength: "500" }))], "发布", true);
    if (answer) await this.publish(answer.reason.trim());
  }

  /** Both versions side by side; what is merged goes into the form, over the version that is stored now. */
  async #conflict(problem) {
    const { proposal, entry, base } = this.state;
    try {
      const stored = await readProposal(proposal.id);
      if (stored.version !== proposal.version) return await this.#merge(null, stored.draft, stored.editor, { proposal: stored });
      if (problem.current === null) return this.#gone();
      const now = await readEntry(entry.id);
      const versions = await readVersions(entry.id);
      const known = versions.find(({ version }) => version === base);
      await this.#merge(known && draftOf(known.entry), now, versions[0].by, { entry: now, base: now.version });
    } catch (error) {
      toast(`没能读到对方的版本：${inShort(error)}`);
    }
  }

  async #merge(base, theirs, who, state) {
    const draft = await merge({ base, mine: this.form.draft(), theirs: draftOf(theirs), who, fields: this.fields });
    if (!draft) return toast("还没有合并；您写的内容都在，发布时会再问。");
    Object.assign(this.state, state);
    this.form.set(draft);
    this.form.changed();
    toast("已合并到表单，请看一遍再发布。");
  }

  /** The entry was deleted meanwhile: what is written becomes a new one. */
  #gone() {
    Object.assign(this.state, { entry: null, base: null, proposal: null });
    const { id, ...draft } = this.form.draft();
    this.form.set(draft);
    toast("这条已被别人删除。您写的内容还在，再点“发布”会成为一条新条目。");
  }

  #show(node) {
    this.outcome.replaceChildren(node);
    node.focus();
    node.scrollIntoView({ block: "start" });
  }

  #close(text = "收起") {
    return el("button", { type: "button", onclick: () => { this.outcome.replaceChildren(); this.form.title.focus(); } }, text);
  }
}
