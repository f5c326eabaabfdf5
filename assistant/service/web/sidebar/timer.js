// How long the buyer has waited, against the shop's reply target: in words and colour, and a nudge when time runs short.

import { announce, byId } from "../dom.js";

const SHORT = 0.6; // of the target; what is left is enough to send a holding phrase

/** How a wait stands: level calm | short | over, its text, and what is left in words. */
export function standing(sinceMs, nowMs, targetS) {
  const waited = Math.max(0, Math.floor((nowMs - sinceMs) / 1000));
  if (!targetS) return { level: "calm", text: clock(waited), words: "" };
  if (waited >= targetS) return { level: "over", text: clock(waited), words: `已超时 ${clock(waited - targetS)}` };
  const level = waited >= targetS * SHORT ? "short" : "calm";
  return { level, text: clock(waited), words: level === "short" ? `还剩 ${targetS - waited} 秒` : `目标 ${clock(targetS)}` };
}

const clock = (seconds) => seconds < 3600
  ? `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`
  : `${Math.floor(seconds / 3600)} 小时 ${Math.floor(seconds / 60) % 60} 分`;

/** The timer of the open conversation; `onShort()` is called once a wait, when time runs short. */
export class WaitingTimer {
  #since = null;
  #target = null;
  #level = "calm";

  constructor(onShort) {
    this.onShort = onShort;
    this.node = byId("timer");
    setInterval(() => this.#draw(), 1000);
  }

  /** `since` null: nobody waits. */
  show(since, targetS) {
    if (since !== this.#since) this.#level = "calm";
    this.#since = since;
    this.#target = targetS;
    this.#draw();
  }

  #draw() {
    this.node.hidden = this.#since === null;
    if (this.node.hidden) return;
    const { level, text, words } = standing(Date.parse(this.#since), Date.now(), this.#target);
    this.node.dataset.level = level;
    this.node.textContent = words ? `已等 ${text} · ${words}` : `已等 ${text}`;
    this.#turn(level);
  }

  #turn(level) {
    if (level === this.#level) return;
    if (this.#level === "calm") this.onShort();
    this.#level = level;
    if (level !== "calm") announce(level === "short" ? "回复时间快到了" : "已超过回复时限");
  }
}
