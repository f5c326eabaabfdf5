// What the suggestion panel says when it has no cards: waiting, nothing suits, service away, key needed, request refused.

import { Away, Problem, signInAddress } from "./api.js";
import { el } from "./dom.js";

const KEYS = [["1 2 3", "把第几条填入草稿"], ["Esc", "离开输入框，回到建议"], ["Alt 1 2 3", "在输入框里也能填入"]];

/** What keys do, from [keys, what they do] pairs. */
export const keyList = (pairs) => el("dl", { class: "keys" }, pairs.map(([keys, does]) => [
  el("dt", {}, keys.split(" ").map((key) => el("kbd", {}, key))), el("dd", {}, does)]));

export const hello = () =>
  notice("hello", "等待买家消息", "买家一开口，这里就给出可以直接发送的回复。", keyList(KEYS));

/** Every card was put aside; `restore()` brings them back. */
export const dismissed = (restore) =>
  notice("dismissed", "这几条都已略过", "按 R 换一批，或按 / 搜话术自己找。", restore && action("恢复刚才的建议", restore));

export const replied = () => notice("replied", "已回复", "买家再发消息时，建议会自动更新。");

export const loading = () => el("div", { class: "skeletons", role: "img", "aria-label": "正在找合适的回复" },
  [1, 2].map(() => el("div", { class: "skeleton" }, el("i"), el("i"), el("i"))));

/** Nothing in the knowledge suits; `reason` says why, in the service's words. */
export const abstained = (reason, hasHolding) => notice("abstained", "没有合适的回复", reason ?? "知识库里没有贴切的内容，请人工回复。",
  hasHolding && el("p", { class: "then" }, "可以先用过渡语回应买家："));

/**
 * The notice of a failure; `retry()` asks again, `withdraw()` (where there is one) takes the message back that was
 * refused, `again` is a node that says when it is tried again without a click.
 */
export function failure(error, { retry, withdraw, again = null }) {
  if (error instanceof Away) return away(error, retry, again);
  if (error instanceof Problem && error.status === 401) return locked(error);
  if (isForbidden(error)) return notice("locked", error.title, error.detail, otherKey());
  if (error instanceof Problem) return refused(error, retry, withdraw);
  return notice("refused", "页面出错了", String(error.message ?? error), action("重试", retry));
}

/** Whether it is the key that does not allow it: then trying again is of no use, another key is. */
export const isForbidden = (error) => error instanceof Problem && error.status === 403;

/** To the sign-in page and, with a key that may, back here. */
export const otherKey = () => el("a", { class: "button primary", href: signInAddress({ another: true }) }, "换一把密钥登录");

const away = (error, retry, again) => notice("away", "服务暂时连不上",
  `${error.message || "可能是服务没有启动，或网络断开了。"}会话和草稿都还在。`, again, action("重试", retry));

function refused(problem, retry, withdraw) {
  const ofTheMessage = [413, 422].includes(problem.status);
  const detail = problem.errors.length ? null : problem.detail;
  return notice("refused", problem.title, detail,
    problem.errors.length > 0 && el("ul", {}, problem.errors.slice(0, 5).map((each) => el("li", {},
      `${fieldWords(each.field)}：${each.reason}`, each.remedy ? `（${each.remedy}）` : ""))),
    ofTheMessage && withdraw ? action("撤回这条消息", withdraw) : action("重试", retry));
}

/** Where a problem lies, as an agent would say it. */
function fieldWords(field) {
  const path = field.replace(/^body\.?/, "");
  return path.startsWith("messages") ? "买家消息" : path || "请求";
}

/** Seen for a moment only: the page is on its way to the sign-in page. */
const locked = (problem) => notice("locked", "需要登录", problem.detail, el("a", { href: "/sign-in" }, "去登录"));

const action = (text, onclick) => el("button", { type: "button", class: "primary", onclick }, text);

function notice(kind, title, text, ...more) {
  return el("div", { class: `notice ${kind}`, "data-state": kind }, el("h2", {}, title), text && el("p", {}, text), more);
}
