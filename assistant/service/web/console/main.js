// The knowledge console: one page with rooms, each in a file of its own that is loaded when it is first entered.

import { readItems, readVocabulary } from "../api.js";
import { byId, el } from "../dom.js";
import { useVocabulary } from "../names.js";
import { chosenShop, onShopChange, session } from "../session.js";
import { isTyping } from "../shortcuts.js";
import { showTopbar } from "../topbar.js";
import { failed, waiting } from "./notice.js";
import { address, go, here } from "./router.js";

/** In the order of the menu; `under` is the room that a place without a menu item belongs to. */
const ROOMS = {
  entries: { title: "条目", load: () => import("./list.js") },
  entry: { title: "编辑条目", under: "entries", load: () => import("./editor.js") },
  new: { title: "新建条目", under: "entries", load: () => import("./editor.js") },
  review: { title: "审核", load: () => import("./review.js") },
  bench: { title: "试答", load: () => import("./bench.js") },
  tests: { title: "测试", load: () => import("./tests.js") },
  clusters: { title: "待补知识", load: () => import("./clusters.js") },
  briefing: { title: "交班简报", load: () => import("./briefing.js") },
  import: { title: "导入导出", load: () => import("./import_room.js") },
};

let current = { view: null, room: null };
let desk = null; // until it is there, a shop that is chosen in the bar only waits: start() asks for the last one
let awaited = null; // the shop whose items are being read; no room is entered until they are there

/** What every room works with; `shop` and `items` come with the shop. */
async function open() {
  const [who, vocabulary] = await Promise.all([session(), readVocabulary()]);
  useVocabulary(vocabulary);
  desk = { who, vocabulary, may: (permission) => who.permissions.includes(permission) };
}

async function show() {
  if (awaited) return;
  const place = here();
  const view = ROOMS[place.view] ? place.view : "entries";
  if (current.view === view && current.room?.moved) return current.room.moved(place);
  leave();
  const root = el("div", { class: `room ${view}` }, waiting());
  current = { view, room: null };
  markMenu(view);
  byId("view").replaceChildren(root);
  try {
    const { mount } = await ROOMS[view].load();
    root.replaceChildren();
    const room = await mount(root, place, desk);
    if (current.view === view && root.isConnected) current.room = room ?? {};
    else room?.left?.();
  } catch (error) {
    root.replaceChildren(failed(error, show));
  }
}

function leave() {
  current.room?.left?.();
  current = { view: null, room: null };
}

/** Enters the room anew for another shop; of several chosen one after the other the last counts. */
async function changeShop(shop) {
  awaited = shop;
  leave();
  byId("view").replaceChildren(el("div", { class: "room" }, waiting()));
  try {
    const items = await readItems(shop);
    if (awaited !== shop) return;
    desk = { ...desk, shop, items };
  } catch (error) {
    if (awaited === shop) byId("view").replaceChildren(el("div", { class: "room" }, failed(error, () => changeShop(shop))));
    return;
  }
  awaited = null;
  await show();
}

function markMenu(view) {
  const inMenu = ROOMS[view].under ?? view;
  document.title = `${ROOMS[view].title} · 知识库 · 小二`;
  for (const link of byId("rooms").querySelectorAll("a")) {
    if (link.dataset.room === inMenu) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  byId("rooms").querySelector("[aria-current]").scrollIntoView({ block: "nearest", inline: "center" });
}

function showMenu() {
  const rooms = Object.entries(ROOMS).filter(([, room]) => !room.under);
  byId("rooms").replaceChildren(
    ...rooms.map(([view, { title }]) => el("a", { href: address(view), "data-room": view }, title)),
    el("a", { class: "add", href: address("new"), "aria-label": "新建条目", "aria-keyshortcuts": "n" },
      el("span", { class: "plus", "aria-hidden": "true" }, "＋"), el("span", { class: "word" }, "新建条目")));
}

async function start() {
  showMenu();
  showTopbar("知识库").catch(() => {});
  try {
    await open();
  } catch (error) {
    byId("view").replaceChildren(failed(error, start));
    return;
  }
  await changeShop(await chosenShop());
}

window.addEventListener("hashchange", () => desk && show());
document.addEventListener("keydown", (event) => {
  const free = !isTyping(event) && !event.ctrlKey && !event.metaKey && !event.altKey && !document.querySelector("dialog[open]");
  if (free && event.key === "n") { event.preventDefault(); go("new"); }
});
onShopChange((shop) => desk && changeShop(shop));
start();
