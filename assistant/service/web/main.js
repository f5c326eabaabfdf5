// The demo workbench: a chat in which you are the buyer, and the agent's sidebar beside it.

import { readItems, readVocabulary } from "./api.js";
import { Asker } from "./asking.js";
import { BuyerInput, Chat } from "./chat.js";
import { Conversation } from "./conversation.js";
import { byId } from "./dom.js";
import { Draft } from "./draft.js";
import { DraftCheck } from "./draft_check.js";
import { useVocabulary } from "./names.js";
import { Scene } from "./scene.js";
import { installShortcuts } from "./shortcuts.js";
import { Sidebar } from "./sidebar.js";
import { StepMemory } from "./steps.js";
import { showTopbar } from "./topbar.js";
import { installViews, showCount, showView } from "./views.js";

let loaded = false;
let memory = new StepMemory();

const conversation = new Conversation();
const scene = new Scene(byId("scene"), () => { if (conversation.waiting.length) asker.soon(); });
const buyer = new BuyerInput(buyerSays);
const draft = new Draft(agentSays);
new DraftCheck(draft, () => ({ context: scene.context() }));
const sidebar = new Sidebar({
  onInsert: (text) => { draft.insert(text); showView("sidebar"); },
  retry: () => { sidebar.busy(); start(); },
  withdraw: () => { buyer.restore(conversation.withdraw().text); showView("chat"); askAgain(); },
  onCount: showCount,
  steps: { get memory() { return memory; } },
});
const asker = new Asker({
  build: () => conversation.request(scene.context()),
  newest: () => conversation.newestBuyerId,
  show: {
    busy: () => sidebar.busy(),
    answer: (response) => { sidebar.answer(response); showService(response); },
    error: (error) => { sidebar.error(error); showService(null); },
  },
});
new Chat(conversation, playExample);

byId("restart").addEventListener("click", restart);
installShortcuts({ onTake: (rank) => sidebar.insert(rank), onLeave: () => sidebar.focus() });
installViews();
showTopbar("回复助手", byId("views"), byId("service")).catch(() => {}); // without it the page works as well
start();

/** Reads names and catalogue, then asks again for a turn that waits; also what 重试 does. */
async function start() {
  try {
    const [vocabulary, items] = await Promise.all([readVocabulary(), readItems()]);
    useVocabulary(vocabulary);
    scene.offer(items);
    loaded = true;
  } catch (error) {
    sidebar.error(error);
    return showService(null);
  }
  askAgain();
}

function buyerSays(text) {
  if (!conversation.say("buyer", text)) return;
  if (loaded) asker.soon();
  else start();
}

function agentSays(text) {
  asker.stop();
  conversation.say("agent", text);
  sidebar.replied();
  showView("chat");
  buyer.box.focus();
}

function playExample(example) {
  scene.set(example);
  buyerSays(example.text);
}

function askAgain() {
  if (conversation.waiting.length) asker.now();
  else if (conversation.messages.length) sidebar.replied();
  else sidebar.welcome();
}

function restart() {
  asker.stop();
  conversation.clear();
  memory = new StepMemory();
  draft.clear();
  sidebar.welcome();
  buyer.box.focus();
}

function showService(response) {
  byId("service").textContent = response
    ? `知识版本 ${response.knowledge_revision}，用时 ${response.took_ms.toFixed(response.took_ms < 10 ? 1 : 0)} ms`
    : "";
}
