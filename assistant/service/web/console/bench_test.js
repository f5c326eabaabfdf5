// A tried message becomes a labelled test: what should come of it from now on.

import { el } from "../dom.js";
import { intentName } from "../names.js";
import { toast } from "../sidebar/toast.js";
import { ask, labelled } from "./dialogs.js";
import { inShort } from "./notice.js";
import { addTest } from "./service.js";

const SHOWN = 5;

/** Asks what is right and keeps it; gives whether that was done. */
export async function saveAsTest({ request, found }, desk) {
  const { entries, response, understanding } = found;
  const [top] = understanding.intents;
  const first = response.suggestions.find(({ fallback }) => !fallback)?.source.entry_id;
  const answer = await ask("存为测试", [
    el("p", { class: "case-message" }, `买家：${request.messages.at(-1).text}`),
    el("fieldset", { class: "choices" }, el("legend", {}, "应当用哪些条目（可多选，任一条都算对）"),
      entries.slice(0, SHOWN).map(({ entry_id: id, title }) => el("label", {},
        el("input", { type: "checkbox", name: `entry:${id}`, checked: id === first }), title))),
    labelled("应当是什么意图", el("select", { name: "intent" }, el("option", { value: "" }, "不要求"),
      understanding.intents.map(({ code }) => el("option", { value: code, selected: code === top?.code }, intentName(code))))),
    labelled("是不是投诉", el("select", { name: "complaint" }, el("option", { value: "" }, "不要求"), el("option", { value: "yes" }, "是"), el("option", { value: "no" }, "不是"))),
    labelled("要不要回答", el("select", { name: "abstained" }, el("option", { value: "" }, "不要求"), el("option", { value: "no" }, "要有回答"), el("option", { value: "yes" }, "不作回答"))),
  ], "保存");
  if (!answer) return false;
  const ids = Object.keys(answer).filter((name) => name.startsWith("entry:")).map((name) => name.slice(6));
  const labels = {
    ...(answer.intent && { intents: [answer.intent] }), ...(ids.length && answer.abstained !== "yes" && { entry_ids: ids }),
    ...(answer.complaint && { complaint: answer.complaint === "yes" }), ...(answer.abstained && { abstained: answer.abstained === "yes" }),
  };
  const messages = request.messages.map((message, place) => (place === request.messages.length - 1 ? { ...message, labels } : message));
  // The clock is kept with the test: what is due today is not due any more when the test is run next week.
  const context = { now: new Date().toISOString(), ...request.context };
  try {
    await addTest({ shop_id: desk.shop, messages, context });
    toast("已存为测试，发布前会自动跑");
    return true;
  } catch (error) {
    toast(`没有存成：${inShort(error)}`);
    return false;
  }
}
