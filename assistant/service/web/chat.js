// The little chat: bubbles of buyer and agent, the examples of a first visit, the buyer's input line.

import { byId, el, isComposing } from "./dom.js";

export const EXAMPLES = [
  { text: "我160高100斤穿多大", category: "服饰", state: "", about: "选尺码" },
  { text: "啥料子的", category: "服饰", state: "", about: "问材质" },
  { text: "能改地址吗", category: "服饰", state: "paid", about: "已付款，未发货" },
  { text: "单号多少", category: "服饰", state: "collected", about: "运输中" },
  { text: "裙子腋下破了个洞！太失望了", category: "服饰", state: "delivered", about: "已签收，投诉" },
  { text: "發票可以開嗎", category: "数码", state: "", about: "繁体也认得" },
];

const ROLE_NAMES = { buyer: "买家", agent: "客服", system: "系统" };
const CLOCK = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };

/** Draws the conversation; `onExample` is called with an example that was clicked. */
export class Chat {
  constructor(conversation, onExample) {
    this.conversation = conversation;
    this.list = byId("bubbles");
    this.welcome = byId("welcome");
    this.welcome.append(
      el("h3", {}, "扮一回买家试试"),
      el("p", {}, "选好商品和订单，以买家身份说一句，小二会给出可以直接发送的回复。也可以从这里开始："),
      el("ul", { class: "examples" }, EXAMPLES.map((example) => el("li", {}, exampleButton(example, onExample)))),
    );
    conversation.addEventListener("change", () => this.draw());
    this.draw();
  }

  draw() {
    const { messages } = this.conversation;
    this.welcome.hidden = messages.length > 0;
    this.list.hidden = messages.length === 0;
    drawBubbles(this.list, this.conversation, { buyer: "小鱼儿", agent: "小美（客服）" });
  }
}

/** Draws all messages and shows the last; `names` are what buyer and agent are called. */
export function drawBubbles(list, { messages, waiting }, names) {
  list.replaceChildren(...messages.map((message, index) => bubble(message, messages[index - 1], waiting, names)));
  list.lastElementChild?.scrollIntoView({ block: "end" });
}

function exampleButton(example, onExample) {
  return el("button", { type: "button", onclick: () => onExample(example) },
    el("span", {}, example.text), el("small", {}, example.about));
}

function bubble(message, before, waiting, names) {
  const who = ROLE_NAMES[message.role];
  const opens = before?.role !== message.role;
  const waits = waiting.includes(message);
  const time = message.sent_at ? new Date(message.sent_at).toLocaleTimeString("zh-CN", CLOCK) : "";
  return el("li", { class: `bubble ${message.role}${opens ? " opens" : ""}${waits ? " waits" : ""}` },
    opens && el("span", { class: "who" }, names[message.role] ?? who, el("time", {}, time)),
    el("p", {}, el("span", { class: "visually-hidden" }, `${who}：`), el("span", { class: "said" }, message.text)),
    waits && message === waiting.at(-1) && el("span", { class: "waiting" },
      waiting.length > 1 ? `待回复，${waiting.length} 条合为一轮` : "待回复"));
}

/** The buyer's input line: Enter sends, Shift+Enter breaks the line, an input method's Enter only picks a word. */
export class BuyerInput {
  constructor(onSay) {
    const form = byId("composer");
    this.box = byId("buyer-text");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const text = this.box.value;
      this.box.value = "";
      onSay(text);
    });
    this.box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || isComposing(event)) return;
      event.preventDefault();
      form.requestSubmit();
    });
  }

  /** Puts a text back to be changed. */
  restore(text) {
    this.box.value = text;
    this.box.focus();
  }
}
