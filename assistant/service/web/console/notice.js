// What a room says in place of its content: waiting, nothing there, something went wrong.

import { Away } from "../api.js";
import { el } from "../dom.js";
import { isForbidden, otherKey } from "../notices.js";

export const waiting = (text = "正在读取…") => el("p", { class: "quiet-note", role: "status" }, text);

export const empty = (title, ...more) => el("div", { class: "empty" }, el("h2", {}, title), more);

/** The notice of a failure, with its remedy; `again()` tries once more. */
export function failed(error, again) {
  return el("div", { class: "empty failed", role: "alert" },
    el("h2", {}, error instanceof Away ? "服务暂时连不上" : error.title ?? "页面出错了"),
    el("p", {}, error.message || "可能是服务没有启动，或网络断开了。"),
    problemList(error.errors ?? []),
    again && (isForbidden(error) ? otherKey() : el("button", { type: "button", class: "primary", onclick: () => again() }, "重试")));
}

/** Problems by field, with what to do about each. */
export const problemList = (problems) => problems.length > 0 && el("ul", { class: "problems" }, problems.map(
  ({ field, reason, remedy }) => el("li", {}, field && el("code", {}, field), `${reason}${remedy ? `；${remedy}` : ""}`)));

/** One sentence about a failure, for a toast. */
export const inShort = (error) => (error instanceof Away ? `服务暂时连不上，请稍后重试。${error.message}` : error.message);
