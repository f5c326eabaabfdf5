// The keys of the sidebar, and the table that tells them.

import { byId } from "../dom.js";
import { keyList } from "../notices.js";
import { installShortcuts } from "../shortcuts.js";

const KEYS = [
  ["1 2 3", "填入第几条（正在打字时按 Alt 加数字）"], ["Tab", "下一条建议"], ["← →", "这一条上的按钮"],
  ["Esc", "略过这一条；在输入框里是离开输入框"], ["R", "换一批"], ["E", "放进草稿修改"], ["C", "复制"],
  ["/", "搜话术"], ["0", "填入过渡语（快超时的时候）"], ["?", "这张表"],
];

/** Keys and buttons for what the parts do; none of them ever sends anything. */
export function installKeys({ sidebar, actions, phrases, holding, nextBatch, dismiss }) {
  byId("keys-title").after(keyList(KEYS));
  byId("open-keys").addEventListener("click", () => byId("keys").showModal());
  byId("open-phrases").addEventListener("click", () => phrases.open());
  const onCurrent = (act) => () => {
    const suggestion = sidebar.suggestion();
    return suggestion ? act(suggestion) : false;
  };
  installShortcuts({
    onTake: (rank) => sidebar.insert(rank),
    onLeave: () => (sidebar.list.querySelector(".card") ?? sidebar.list).focus(),
    keys: {
      "/": () => phrases.open(), "?": () => byId("keys").showModal(), r: nextBatch, 0: () => holding.take(),
      e: onCurrent(actions.edit), c: onCurrent(actions.copy), Escape: dismiss, Tab: () => toFirstCard(sidebar.list),
    },
  });
}

/** Tab from nowhere begins at the first card; from card to card the browser goes on by itself. */
function toFirstCard(list) {
  const card = document.activeElement === document.body && list.querySelector(".card");
  if (!card) return false;
  card.focus();
}
