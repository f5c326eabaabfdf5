// The room of what is still missing: messages that got no answer or a disliked one, alike ones together.

import { el } from "../dom.js";
import { intentName } from "../names.js";
import { empty, failed, waiting } from "./notice.js";
import { address, go } from "./router.js";
import { editSeed } from "./seeds.js";
import { readClusters } from "./service.js";

const KINDS = { unanswered: "没答上的", disliked: "被点踩的" };
const SPANS = { 1: "最近一天", 7: "最近 7 天", 30: "最近 30 天" };
const DAY = 86_400_000;
const SHOWN = 6;

export async function mount(root, place, desk) {
  const kind = KINDS[place.params.get("kind")] ? place.params.get("kind") : "unanswered";
  const days = SPANS[place.params.get("days")] ? place.params.get("days") : "7";
  const list = el("ul", { class: "cluster-list" });
  const span = el("select", { "aria-label": "时间范围", onchange: () => go("clusters", null, { kind, days: span.value }) },
    Object.entries(SPANS).map(([value, text]) => el("option", { value, selected: value === days }, text)));
  root.append(el("nav", { class: "sub", "aria-label": "哪一类" }, Object.entries(KINDS).map(([each, zh]) =>
    el("a", { href: address("clusters", null, { kind: each, days }), "aria-current": each === kind && "page" }, zh)), span), list);
  const load = async () => {
    list.replaceChildren(el("li", {}, waiting("正在归类…")));
    try {
      const { clusters } = await readClusters({ kind, since: new Date(Date.now() - days * DAY).toISOString(), ...(desk.shop && { shop_id: desk.shop }) });
      list.replaceChildren(...(clusters.length ? clusters.map(item) : [el("li", {}, nothing(kind))]));
    } catch (error) {
      list.replaceChildren(el("li", {}, failed(error, load)));
    }
  };
  await load();
  return { moved: (next) => {
    const held = document.activeElement === root.querySelector("select");
    root.replaceChildren();
    const entered = mount(root, next, desk);
    if (held) root.querySelector("select").focus();
    return entered;
  } };
}

function item({ title, size, messages, intent, draft, entries }) {
  return el("li", { class: "cluster" },
    el("div", { class: "cluster-head" }, el("span", { class: "size", title: `${size} 条消息` }, size), el("h2", {}, title),
      el("span", { class: "hint" }, intent && intentName(intent)),
      el("button", { type: "button", class: "small primary", onclick: () => editSeed(draft) }, "写成条目")),
    el("ul", { class: "said-list" }, messages.slice(0, SHOWN).map(({ text, times }) => el("li", {}, text, times > 1 && el("span", { class: "hint" }, ` ×${times}`))),
      messages.length > SHOWN && el("li", { class: "hint" }, `……等 ${messages.length} 种问法`)),
    entries.length > 0 && el("p", { class: "hint" }, "当时给的：", entries.map(({ entry_id: id, title: said, times }, place) =>
      [place > 0 && "、", el("a", { href: address("entry", id) }, said ?? id), `（${times} 次）`])));
}

const nothing = (kind) => (kind === "unanswered"
  ? empty("暂时没有要补的知识", el("p", {}, "小二答不上的买家消息会归到这里。")) : empty("没有被点踩的回复", el("p", {}, "客服点 👎 的回复会归到这里。")));
