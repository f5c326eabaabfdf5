// The agent's sidebar: beside any chat window, fed by its host or by the service alone. See docs/host-protocol.md.

import { Away, readVocabulary, session } from "../api.js";
import { Asker } from "../asking.js";
import { Conversation } from "../conversation.js";
import { byId, copy, el } from "../dom.js";
import { Draft } from "../draft.js";
import { DraftCheck } from "../draft_check.js";
import { useVocabulary } from "../names.js";
import { Sidebar } from "../sidebar.js";
import { StepMemory } from "../steps.js";
import { showTopbar } from "../topbar.js";
import { Backoff } from "./backoff.js";
import { Batches } from "./batches.js";
import { cardTools } from "./card_tools.js";
import { Desk } from "./desk.js";
import { Drafts } from "./drafts.js";
import { Feedback } from "./feedback.js";
import { Handovers } from "./handovers.js";
import { Holding } from "./holding.js";
import { HostDraft } from "./host_draft.js";
import { isFramed } from "./hosts/frame.js";
import { hostFor } from "./hosts/index.js";
import { installKeys } from "./keys.js";
import { Live } from "./live.js";
import { PhraseSearch } from "./phrase_search.js";
import { Recording } from "./recording.js";
import { installTabs, showTab } from "./tabs.js";
import { WaitingTimer } from "./timer.js";
import { toast } from "./toast.js";
import { WaitingList } from "./waiting_list.js";

const wanted = new URLSearchParams(location.search);

let host = null;
let who = null;
let editing = null; // {id, suggestion}: what was put into the draft of which conversation to be changed

const conversation = new Conversation();
const feedback = new Feedback(() => ({ ...about(), agent: agent()?.name ?? who?.name }));
const memories = new Map();
const draft = new Draft(draftDone);
const drafts = new Drafts();
const hostDraft = new HostDraft(draft, () => conversation.id, (text) => host.insert(text, { all: true }));
new DraftCheck(draft, heldAgainst, (text, before) => hostDraft.replaced(text, before));
const handovers = new Handovers(() => ({ ...about(), agent: agent()?.name ?? who?.name }), toast);
const sidebar = new Sidebar({
  onInsert: insert, retry: () => retry.now(), withdraw: null, onCount: countChanged,
  tools: (suggestion) => cardTools(suggestion, actions),
  steps: { get memory() { return memory(); }, save: (step) => handovers.add(step) },
});
const batches = new Batches((limit) => conversation.request(context(), limit), turn);
const again = el("p", { class: "hint", role: "status" });
const retry = new Backoff(() => (who ? desk.ask() : start()), (seconds) => { again.textContent = `${seconds} 秒后自动再试。`; });
const asker = new Asker({
  build: () => conversation.request(context()),
  newest: () => conversation.newestBuyerId,
  show: { busy: () => sidebar.busy(), answer, error: failed },
});
const holding = new Holding(heldAgainst, (text) => insert(text, null));
const live = new Live({
  messages: (update) => desk.fromService(update), knowledge: () => desk.refresh(),
  state: showLive, refused: (problem) => showLive("refused", 0, problem.message),
});
const timer = new WaitingTimer(() => { if (!feedback.hasTaken && !draft.box.value) holding.offer(); });
const phrases = new PhraseSearch(heldAgainst, (phrase) => insert(phrase.text, null));
const desk = new Desk({
  conversation, live, recording: new Recording(), feedback, timer, holding, phrases, asker, sidebar, draft, drafts,
  names,
});
const queue = new WaitingList(() => ({ shopId: conversation.shopId, conversationId: conversation.id }), openFromList);

const actions = {
  edit(suggestion) {
    editing = { id: conversation.id, suggestion };
    draft.insert(suggestion.text);
  },
  async copy(suggestion) {
    const problem = await copy(suggestion.text).then(() => null, (error) => error);
    toast(problem ? problem.message : "已复制");
    if (!problem) feedback.took("copied", suggestion);
  },
  like(suggestion) {
    feedback.tell("liked", suggestion);
    toast("已记下");
  },
  dislike: (suggestion, more) => feedback.tellNow("disliked", suggestion, more),
  report: (suggestion, more) => feedback.tellNow("reported", suggestion, more),
};

installKeys({ sidebar, actions, phrases, holding, nextBatch, dismiss });
installTabs((view) => { if (view === "handovers") handovers.read(); if (view === "queue") queue.read(); });
byId("live-again").addEventListener("click", () => live.again());
byId("more").addEventListener("click", nextBatch);
draft.box.addEventListener("input", () => {
  const { value } = draft.box;
  drafts.put(conversation.id, value, !hostDraft.mirrors(value));
});
start();

/** Signs in, reads the names of codes, and begins to listen; tried again by itself while the service is away. */
async function start() {
  try {
    const [session_, vocabulary] = await Promise.all([session(), readVocabulary()]);
    useVocabulary(vocabulary);
    begin(session_);
  } catch (error) {
    failed(error);
  }
}

function begin(session_) {
  who = session_;
  retry.succeeded();
  drafts.keepFor(who.name);
  if (!isFramed()) showBar();
  const conversationId = wanted.get("conversation");
  host = hostFor(wanted.get("host"), { origins: who.embed_origins ?? [], draft, conversationId });
  byId("draft-send").textContent = host.button;
  conversation.shopId = wanted.get("shop");
  sidebar.welcome();
  if (conversationId) desk.open(conversationId, conversation.shopId);
  else if (!isFramed()) showTab("queue");
  host.start({ conversation: (update) => desk.fromHost(update), draft: (text) => hostDraft.show(text) });
  queue.start();
}

function showBar() {
  byId("page-title").remove();
  byId("topbar").hidden = false;
  showTopbar("侧边栏");
}

function answer(response) {
  retry.succeeded();
  const suggestions = response.suggestions.map((each) => ({ ...each, request_id: response.request_id }));
  batches.start(suggestions);
  sidebar.answer({ ...response, suggestions });
  feedback.shown(suggestions);
  byId("batch-hint").textContent = "";
}

function failed(error) {
  const away = error instanceof Away;
  sidebar.error(error, { again: away ? again : null });
  if (away) retry.later();
}

/**
 * Puts a text where the agent writes; into the draft when the host does not take it, so that it is never lost. A host may
 * be slow to refuse: by then another buyer may be open, for whom the text is not.
 */
async function insert(text, suggestion, options = {}) {
  const { id } = conversation;
  holding.hide();
  if (suggestion) feedback.took(host.takes, suggestion);
  try {
    toast(await host.insert(text, options));
  } catch (error) {
    const isOpen = id === conversation.id;
    if (isOpen) draft.insert(text);
    else drafts.add(id, text);
    toast(`${error.message}，已放进${isOpen ? "下面" : "刚才那位买家"}的草稿`);
  }
}

/** The draft's button: into the host's input box; without one, the agent says that it was sent. */
function draftDone(text) {
  const suggestion = editing?.id === conversation.id ? editing.suggestion : null;
  if (suggestion) editing = null;
  if (host.name !== "api") return insert(text, suggestion, { all: hostDraft.mirrors(text) });
  if (suggestion) feedback.took(host.takes, suggestion);
  desk.recordSent(text);
}

async function nextBatch() {
  try {
    const batch = await batches.next();
    if (!batch) return;
    sidebar.offer(batch.suggestions);
    feedback.shown(batch.suggestions);
    byId("batch-hint").textContent = batch.again ? "没有更多了，回到第一批" : "";
  } catch (error) {
    toast(`换不了：${error.message || "服务暂时连不上"}，请再试。`);
  }
}

/** Esc: puts the current card aside; 恢复 brings the last batch back. */
function dismiss() {
  const suggestion = sidebar.suggestion();
  if (!suggestion) return false;
  const before = sidebar.shown;
  sidebar.dismiss(suggestion.rank, () => sidebar.offer(before));
  feedback.tell("dismissed", suggestion);
}

function countChanged(count) {
  byId("batch").hidden = count === 0;
}

function openFromList(id) {
  if (host.open) return host.open(id);
  if (host.name !== "api") return toast("请在聊天窗口里点开这位买家");
  const url = new URL(location);
  url.searchParams.set("conversation", id);
  history.replaceState(null, "", url);
  desk.open(id, conversation.shopId);
  queue.read();
  showTab("work");
}

function showLive(state, seconds = 0, reason = "") {
  const words = { live: "实时", joining: "正在连接", refused: reason }[state];
  byId("live").dataset.state = state;
  byId("live-text").textContent = words ?? (seconds ? `连接断开，${seconds} 秒后重连` : "连接断开");
  byId("live-again").hidden = !["lost", "refused"].includes(state);
  if (state === "live") feedback.flush();
}

function agent() {
  return host?.agent() ?? null;
}

function context() {
  return { ...conversation.context, ...(agent() && { agent: agent() }) };
}

/** Names the turn that waits for an answer; null when nobody waits. */
function turn() {
  return conversation.waiting.length ? `${conversation.id}|${conversation.newestBuyerId}` : null;
}

/** What was ticked and rewritten in the steps of the open conversation. */
function memory() {
  if (!memories.has(conversation.id)) memories.set(conversation.id, new StepMemory());
  return memories.get(conversation.id);
}

/** What texts are filled from and checked against. */
function heldAgainst() {
  return { shop_id: conversation.shopId, context: context() };
}

function about() {
  return { conversation_id: conversation.id, ...(conversation.shopId && { shop_id: conversation.shopId }) };
}

function names() {
  const { id } = conversation;
  const short = id.length > 16 ? `会话 …${id.slice(-8)}` : `会话 ${id}`;
  return { buyer: conversation.context.buyer?.nick || (live.id ? short : "小二"), agent: agent()?.name ?? "客服" };
}
