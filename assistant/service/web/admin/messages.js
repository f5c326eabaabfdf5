// What the admin page says when something could not be done.

import { Away } from "../api.js";
import { el } from "../dom.js";
import { isForbidden, otherKey } from "../notices.js";

/** In place of a section that could not be read. */
export const failure = (error, retry) => el("div", { class: "notice alarm", role: "alert" },
  el("p", {}, reason(error)),
  isForbidden(error) ? otherKey() : el("button", { type: "button", class: "primary", onclick: retry }, "重试"));

/** One sentence that says why. */
export function reason(error) {
  if (error instanceof Away) return `服务暂时连不上。${error.message}`;
  return error.message || "页面出错了，请刷新后再试。";
}

/** The day and the minute, in the reader's own time. */
export const when = (text) => new Intl.DateTimeFormat("zh-CN", { dateStyle: "medium", timeStyle: "short" }).format(new Date(text));
