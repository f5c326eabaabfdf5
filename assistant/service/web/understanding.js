// The understanding strip: what the buyer wants, how they feel, what to be careful about.

import { el } from "./dom.js";
import { emotionName, intentName, percent, phaseName, slotName } from "./names.js";

const HEATED = ["upset", "angry"];
const WORTH_SHOWING = 0.05;

/** The strip's content for one response; in a narrow sidebar it also leads to the next steps further down. */
export function understandingStrip(understanding, stepCount) {
  const { intents, complaint, emotion, risks, phase, slots } = understanding;
  return [
    el("ol", { class: "intents", "aria-label": "意图" }, intents.filter(isLikely).slice(0, 3).map(intentItem)),
    el("ul", { class: "traits" },
      complaint.value && el("li", { class: "alarm" }, `投诉 ${percent(complaint.confidence)}`),
      risks.map((code) => el("li", { class: "alarm", "data-risk": code }, intentName(code))),
      el("li", { class: HEATED.includes(emotion.label) ? "warm" : null }, `情绪 ${emotionName(emotion.label)}`),
      el("li", {}, phaseName(phase)),
      Object.entries(slots).map(([code, value]) => el("li", { class: "slot" }, slotName(code, value))),
      stepCount > 0 && el("li", { class: "to-steps" }, el("a", { href: "#steps" }, `下一步 ${stepCount} 项`))),
  ];
}

function isLikely(guess, index) {
  return index === 0 || guess.confidence >= WORTH_SHOWING;
}

function intentItem(guess) {
  return el("li", { "data-intent": guess.code },
    intentName(guess.code), " ", el("span", { class: "share" }, percent(guess.confidence)));
}
