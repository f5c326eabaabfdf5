// The room of review: drafts on their way, what they change, and the decision.

import { el } from "../dom.js";
import { intentName, moment } from "../names.js";
import { toast } from "../sidebar/toast.js";
import { ask, confirm, labelled } from "./dialogs.js";
import { changedFields, draftOf } from "./draft.js";
import { empty, failed, inShort, waiting } from "./notice.js";
import { counts, reportView } from "./report.js";
import { address, go } from "./router.js";
import { dropProposal, listProposals, publishProposal, readEntry, returnProposal, testProposal } from "./service.js";
import { FIELDS, STATES, valueWords } from "./words.js";

const TABS = { in_review: "待审核", draft: "草稿", returned: "已退回", published: "已发布" };

export async function mount(root, place, desk) {
  const state = TABS[place.params.get("state")] ? place.params.get("state") : "in_review";
  const list = el("ul", { class: "proposals" });
  root.append(el("nav", { class: "sub", "aria-label": "提案状态" }, Object.entries(TABS).map(([each, zh]) =>
    el("a", { href: address("review", null, { state: each }), "aria-current": each === state && "page" }, zh))), list);
  const load = async () => {
    list.replaceChildren(el("li", {}, waiting()));
    try {
      const { proposals } = await listProposals({ state, limit: 200, ...(desk.shop && { shop_id: desk.shop }) });
      list.replaceChildren(...(proposals.length ? proposals.map((each) => item(each, desk, load)) : [el("li", {}, nothing(state))]));
    } catch (error) {
      list.replaceChildren(el("li", {}, failed(error, load)));
    }
  };
  await load();
  return { moved: (next) => { root.replaceChildren(); return mount(root, next, desk); } };
}

const nothing = (state) => (state === "in_review"
  ? empty("没有待审核的提案", el("p", {}, "编辑点“提交审核”后会出现在这里。")) : empty(`没有${TABS[state]}的提案`));

function item(proposal, desk, reload) {
  const { draft, entry_id: id, state } = proposal;
  const detail = el("div", { class: "proposal-detail" });
  const open = el("a", { href: address(id ? "entry" : "new", id, { proposal: proposal.id }) }, draft.title);
  const button = (text, act, extra = {}) => el("button", { type: "button", class: "small", onclick: act, ...extra }, text);
  const standing = state !== "published";
  return el("li", { class: "proposal", "data-id": proposal.id },
    el("div", { class: "proposal-head" }, el("h2", {}, open), el("span", { class: "tag" }, id ? "修改" : "新建"),
      el("span", { class: `state ${state}` }, STATES[state]), el("span", { class: "hint" }, intentName(draft.intent))),
    el("p", { class: "hint" }, `${proposal.editor} · ${moment(proposal.updated_at)}`, proposal.comment && ` · ${proposal.comment}`,
      proposal.review_comment && ` · ${proposal.reviewer ?? "审核人"}：${proposal.review_comment}`),
    el("div", { class: "proposal-acts" },
      button("看改动", () => showChanges(proposal, detail)),
      standing && button("跑测试", () => showTests(proposal, detail)),
      state === "in_review" && button("退回…", () => sendBack(proposal, reload)),
      standing && button("发布", () => publish(proposal, desk, detail, reload), { class: "small primary" }),
      standing && button("删除", () => drop(proposal, reload))),
    detail);
}

/** Shows below a proposal what `read()` gives, unless something else was asked for there in the meantime. */
async function showBelow(detail, words, read) {
  const wait = waiting(words);
  detail.replaceChildren(wait);
  const content = await read().catch((error) => [failed(error, () => showBelow(detail, words, read))]);
  if (wait.parentNode === detail) detail.replaceChildren(...content);
}

/** What the proposal changes, against the entry as it is now. */
const showChanges = ({ draft, entry_id: id, base_version: base }, detail) => showBelow(detail, "正在读取…", async () => {
  const now = id ? await readEntry(id) : null;
  const after = draftOf(draft);
  const before = now ? draftOf(now) : null;
  const outdated = now && now.version !== base && el("p", { class: "problem" }, `起草之后，条目又被改到了第 ${now.version} 版；发布前要先合并。`);
  const names = before ? changedFields(before, after) : Object.keys(FIELDS).filter((name) => valueWords(name, after[name]) !== "（空）");
  if (!names.length) return [empty("和现在的内容一样")];
  return [outdated, el("dl", { class: "diff" }, names.map((name) =>
    [el("dt", {}, FIELDS[name]), el("dd", {}, change(name, before?.[name], after[name]))]))].filter(Boolean);
});

function change(name, before, after) {
  const texts = (value) => (value ?? []).map((each) => each.text ?? each);
  if (!Array.isArray(after)) {
    return [before !== undefined && el("del", {}, valueWords(name, before)), before !== undefined && " → ", el("ins", {}, valueWords(name, after))].filter(Boolean);
  }
  const [old, fresh] = [texts(before), texts(after)];
  return el("ul", {}, old.filter((text) => !fresh.includes(text)).map((text) => el("li", {}, el("del", {}, text))),
    fresh.filter((text) => !old.includes(text)).map((text) => el("li", {}, el("ins", {}, text))),
    old.every((text) => fresh.includes(text)) && fresh.every((text) => old.includes(text)) && el("li", {}, "条件或顺序有改动"));
}

const showTests = (proposal, detail) => showBelow(detail, "正在跑测试…", async () => {
  const report = await testProposal(proposal);
  return [reportView(report, "测试结果", counts(report))];
});

async function publish(proposal, desk, detail, reload, reason = null) {
  if (reason === null && !await confirm(`发布「${proposal.draft.title}」？`, { more: [el("p", {}, "会先跑测试；通过后客服马上能用到。")], yes: "发布" })) return;
  const buttons = detail.closest(".proposal").querySelectorAll(".proposal-acts button");
  buttons.forEach((button) => { button.disabled = true; }); // publishing twice would end in a conflict with oneself
  detail.replaceChildren(waiting("正在跑测试并发布…"));
  try {
    const { entry } = await publishProposal(proposal, reason);
    toast(`已发布：第 ${entry.version} 版`);
    await reload();
  } catch (error) {
    if (error.status === 412) {
      toast("起草之后条目又被改过，请打开后合并。");
      return go(proposal.entry_id ? "entry" : "new", proposal.entry_id, { proposal: proposal.id });
    }
    if (error.status === 409 && error.problem.regressions) return blocked(proposal, desk, detail, reload, error.problem.regressions);
    detail.replaceChildren(failed(error));
  } finally {
    buttons.forEach((button) => { button.disabled = false; });
  }
}

function blocked(proposal, desk, detail, reload, regressions) {
  const override = async () => {
    const answer = await ask("仍然发布？", [labelled("理由（记入审计日志）", el("textarea", { name: "reason", required: true, rows: "2", maxlength: "500" }))], "发布", true);
    if (answer) await publish(proposal, desk, detail, reload, answer.reason.trim());
  };
  detail.replaceChildren(reportView({ results: regressions }, "没有发布：有测试会变差", `发布后，原来通过的 ${regressions.length} 条测试会失败。`,
    desk.who.role === "admin" && el("button", { type: "button", class: "danger", onclick: override }, "仍然发布…")));
}

async function sendBack(proposal, reload) {
  const answer = await ask("退回给起草人", [labelled("要改什么", el("textarea", { name: "comment", required: true, rows: "3", maxlength: "2000" }))], "退回");
  if (answer) await done(() => returnProposal(proposal, answer.comment.trim()), "已退回", reload);
}

async function drop(proposal, reload) {
  const sure = await confirm(`删除「${proposal.draft.title}」的提案？`, { more: [el("p", {}, "只删除这份草稿，已发布的条目不受影响。")], yes: "删除", danger: true });
  if (sure) await done(() => dropProposal(proposal), "已删除提案", reload);
}

async function done(act, told, reload) {
  try {
    await act();
    toast(told);
    await reload();
  } catch (error) {
    toast(inShort(error));
  }
}
