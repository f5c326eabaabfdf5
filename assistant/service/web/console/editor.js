// The room of one entry: its form, what is known about it, and the way from a draft to what agents are offered.

import { el } from "../dom.js";
import { moment } from "../names.js";
import { confirm } from "./dialogs.js";
import { compareWith } from "./compare.js";
import { blank, draftOf, same } from "./draft.js";
import { EditorBar } from "./editor_bar.js";
import { EditorHead } from "./editor_head.js";
import { EntryForm } from "./entry_form.js";
import { failed, waiting } from "./notice.js";
import { Publishing } from "./publishing.js";
import { address, go } from "./router.js";
import { takeSeed } from "./seeds.js";
import { listProposals, readEntry, readFields, readProposal } from "./service.js";
import { toast } from "../sidebar/toast.js";
import { Unsaved } from "./unsaved.js";
import { STATES } from "./words.js";

const KEEP_MS = 400;

export async function mount(root, place, desk) {
  root.replaceChildren(waiting());
  const [fields, state] = await Promise.all([readFields(), opened(place, desk)]);
  return new Editor(root, desk, fields, state);
}

/**
 * What is edited: `draft` as it is stored, `base` the version that it was written over, `place` where it is kept while it
 * is not saved, `seed` what another room has begun.
 */
async function opened({ id, params }, { shop }) {
  const asked = params.get("proposal");
  const [entry, proposal] = await Promise.all([id ? readEntry(id) : null, asked ? readProposal(asked) : null]);
  const draft = draftOf(proposal ? { ...proposal.draft, id: proposal.entry_id } : entry ?? blank(shop));
  const place = proposal ? `proposal-${proposal.id}` : entry?.id ?? `new-${params.get("from") ?? shop}`;
  return { entry, base: proposal ? proposal.base_version : entry?.version ?? null, proposal, draft, place, seed: entry || proposal ? null : takeSeed() };
}

class Editor {
  #timer = null;

  constructor(root, desk, fields, state) {
    Object.assign(this, { root, desk, fields, state, saved: state.draft });
    this.unsaved = new Unsaved(desk.who, state.place);
    this.form = new EntryForm(desk, fields, () => this.#changed(), (id) => compareWith(id, this.form.draft(), fields));
    this.outcome = el("div", { class: "outcome", "aria-live": "polite" });
    this.notices = el("div", { class: "notices" });
    this.bar = new EditorBar({ save: () => this.publishing.save(), submit: () => this.publishing.submit(),
      test: () => this.publishing.test(), publish: () => this.publishing.publish() });
    this.publishing = new Publishing({ desk, form: this.form, state, outcome: this.outcome, comment: this.bar.comment, fields,
      saved: (written) => this.#stored(written), published: (entry) => this.#published(entry) });
    this.bar.comment.value = state.proposal?.comment ?? "";
    this.head = new EditorHead(this);
    root.replaceChildren(this.head.node, this.notices, this.form.node, this.outcome, ...(this.#mayWrite() ? [this.bar.node] : []));
    this.#begin();
  }

  left() {
    this.#keep();
    this.form.stop();
    window.removeEventListener("pagehide", this.leaving);
  }

  /** Shared entries are written by whoever looks after all shops; everybody may copy one for the own shop. */
  #mayWrite() {
    const { who, may } = this.desk;
    const shop = this.state.draft.shop_id;
    const able = may("knowledge.write") && (shop === null ? who.shop_id === null && may("admin") : who.shop_id === null || who.shop_id === shop);
    if (!able) this.#note("foreign", may("knowledge.write") ? "这是各店共用的条目，由总管理员维护。需要不同的说法时，点“复制”改成本店的条目。" : "您的密钥只能看，不能改。");
    return able;
  }

  #begin() {
    const kept = this.unsaved.read();
    const restored = kept && !same(kept.draft, this.saved);
    this.form.set(restored ? draftOf(kept.draft) : draftOf({ ...this.saved, ...this.state.seed }));
    if (restored) {
      this.state.base = kept.base;
      this.#note("restored", `已恢复您 ${moment(kept.at)} 没保存的修改。`, ["放弃这些修改", () => this.#discard()]);
    }
    this.leaving = () => this.#keep();
    window.addEventListener("pagehide", this.leaving);
    this.#keep();
    this.#offerProposals();
    if (!this.state.entry && !restored) this.form.title.focus();
  }

  #changed() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#keep(), KEEP_MS);
    this.bar.show("有没保存的修改，已暂存在本机", true);
  }

  /** Keeps what is not saved in this browser. */
  #keep() {
    clearTimeout(this.#timer);
    if (this.ended) return;
    const draft = this.form.draft();
    if (same(draft, this.saved)) this.unsaved.forget();
    else if (!this.unsaved.keep(draft, this.state.base)) toast("浏览器的存储空间满了，请尽快点“存草稿”。");
    this.#tell();
  }

  #tell() {
    const { proposal, entry } = this.state;
    if (!same(this.form.draft(), this.saved)) return this.bar.show("有没保存的修改，已暂存在本机", true);
    if (proposal) return this.bar.show(`提案 #${proposal.id}：${STATES[proposal.state]}`);
    this.bar.show(entry ? `第 ${entry.version} 版，没有修改` : "还没有保存");
  }

  /**
   * The draft is a proposal now; the address names it, so that a reload comes back to it. `written` is what was sent: what
   * was typed while the answer was on its way is not saved yet.
   */
  #stored(written = null) {
    if (written) this.saved = draftOf(written);
    this.unsaved.forget();
    const { entry, proposal } = this.state;
    if (this.form.node.isConnected) history.replaceState(null, "", address(entry ? "entry" : "new", entry?.id, { proposal: proposal.id }));
    this.unsaved = new Unsaved(this.desk.who, `proposal-${proposal.id}`);
    this.#keep();
  }

  /** What was typed while the tests ran is kept as a change of the entry as it is now. */
  async #published(entry) {
    const later = this.form.draft();
    const more = !same(later, this.saved);
    this.#end();
    if (more) new Unsaved(this.desk.who, entry.id).keep({ ...later, id: entry.id }, entry.version);
    toast(`已发布：第 ${entry.version} 版，客服马上能用到`);
    await this.reopen(entry.id);
  }

  #end() {
    clearTimeout(this.#timer);
    this.ended = true;
    this.unsaved.forget();
  }

  /** Opens an entry in place of what is shown; what is not saved stays kept. */
  async reopen(id) {
    if (!this.root.isConnected) return; // another room was entered in the meantime
    this.left();
    this.ended = true;
    history.replaceState(null, "", address("entry", id));
    try {
      const next = await mount(this.root, { id, params: new URLSearchParams() }, this.desk);
      this.left = () => next.left();
      if (!this.root.isConnected) this.left();
    } catch (error) {
      this.root.replaceChildren(failed(error, () => this.reopen(id)));
    }
  }

  async #discard() {
    const sure = await confirm("放弃没保存的修改？", { more: [el("p", {}, "表单会回到已保存的内容。")], yes: "放弃", danger: true });
    if (!sure) return;
    this.unsaved.forget();
    this.state.base = this.state.proposal ? this.state.proposal.base_version : this.state.entry?.version ?? null;
    this.form.set(this.saved);
    this.notices.querySelector("[data-kind=restored]")?.remove();
    this.#tell();
  }

  /** Other drafts of this entry, so that two people do not write the same change twice. */
  async #offerProposals() {
    const { entry, proposal } = this.state;
    if (proposal?.state === "returned") this.#note("returned", `${proposal.reviewer ?? "审核人"}退回：${proposal.review_comment || "没有写原因"}`);
    if (!entry || proposal) return;
    const { proposals } = await listProposals({ entry_id: entry.id }).catch(() => ({ proposals: [] }));
    const standing = proposals.filter(({ state }) => state !== "published");
    for (const each of standing.slice(0, 3)) {
      this.#note("proposal", `${each.editor ?? each.author} ${moment(each.updated_at)} 起草了修改，还没发布。`,
        ["继续那份草稿", () => go("entry", entry.id, { proposal: each.id })]);
    }
  }

  #note(kind, text, act = null) {
    this.notices.append(el("p", { class: "notice-line", "data-kind": kind, role: "status" }, text,
      act && el("button", { type: "button", class: "small", onclick: act[1] }, act[0])));
  }
}
