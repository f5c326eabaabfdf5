// A card's own buttons: edit, copy, good, bad with a reason, report.

import { announce, el, isComposing } from "../dom.js";
import { REASONS } from "../names.js";
import { closeForm } from "./close_form.js";

/** `act` has edit, copy, like (each with the suggestion), and dislike, report that also get {reason, comment}. */
export function cardTools(suggestion, act) {
  const form = el("div", { class: "reason-slot" });
  const open = (name, make) => {
    const close = () => closeForm(form, suggestion.source.entry_id, name);
    form.replaceChildren(...(form.hasChildNodes() ? [] : [make(close)]));
  };
  const like = tool("like", thumb(false), "这条有帮助", () => {
    if (like.getAttribute("aria-pressed") === "true") return;
    act.like(suggestion);
    like.setAttribute("aria-pressed", "true");
  });
  like.setAttribute("aria-pressed", "false");
  const tools = el("div", { class: "tools", "data-entry": suggestion.source.entry_id },
    el("div", { class: "tool-row", role: "group", "aria-label": `建议 ${suggestion.rank} 的操作` },
      tool("edit", "编辑", "放进草稿修改（E）", () => act.edit(suggestion)),
      tool("copy", "复制", "复制这条（C）", () => act.copy(suggestion)),
      like,
      tool("dislike", thumb(true), "这条不合适", () => open("dislike", (close) => dislikeForm(suggestion, act, close))),
      tool("report", "报错", "报错给知识编辑", () => open("report", (close) => reportForm(suggestion, act, close)))),
    form);
  return tools;
}

const THUMB = "M3 10.5h3.5V20H3zM6.5 11 11 3c1.7 0 2.6 1 2.3 2.6L12.7 9H19c1.300 0 2.200 1.200 1.900 2.400l-1.600 6.800c-.2 1.100-1.100 1.800-2.200 1.800H6.5z";

/** A thumb up, or down; drawn, because not every system has it among its letters. */
function thumb(down) {
  const make = (tag, attributes) => {
    const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    return node;
  };
  const svg = make("svg", { viewBox: "0 0 24 24", "aria-hidden": "true", fill: "none", stroke: "currentColor", "stroke-width": "1.8", "stroke-linejoin": "round" });
  svg.append(make("path", { d: THUMB, ...(down && { transform: "rotate(180 12 12)" }) }));
  return svg;
}

function tool(name, text, about, onclick) {
  return el("button", { type: "button", class: "quiet small", "data-tool": name, "aria-label": about, title: about, onclick }, text);
}

function dislikeForm(suggestion, act, close) {
  const name = `reason-${suggestion.id}`;
  const choices = Object.entries(REASONS).map(([code, zh], index) => el("label", { class: "chip" },
    el("input", { type: "radio", name, value: code, checked: index === 0 }), el("span", {}, zh)));
  return reasonForm({
    legend: "哪里不合适？", fields: el("div", { class: "chips" }, choices), label: "补充说明（可不填）", close,
    send: (form, comment) => act.dislike(suggestion, { reason: form.elements[name].value, comment }),
  });
}

function reportForm(suggestion, act, close) {
  return reasonForm({
    legend: "报错给编辑", fields: null, label: "哪里错了，应该怎么说", required: true, close,
    send: (_, comment) => act.report(suggestion, { reason: "inaccurate", comment }),
  });
}

/** A small form under the card; stays open with its words when they could not be saved. */
function reasonForm({ legend, fields, label, required = false, send, close }) {
  const comment = el("textarea", { rows: "1", maxlength: "500", required, "aria-label": label, placeholder: label });
  const failed = el("p", { class: "failed", role: "alert" });
  const form = el("form", { class: "reason" },
    el("fieldset", {}, el("legend", {}, legend), fields, comment, failed,
      el("div", { class: "reason-ends" },
        el("button", { class: "primary small" }, "提交"),
        el("button", { type: "button", class: "quiet small", onclick: close }, "取消"))));
  let sending = false; // a second click or Enter must not send it twice
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (sending) return;
    sending = true;
    const done = await send(form, comment.value.trim() || undefined).then(() => true, (error) => error);
    sending = false;
    if (done !== true) return void (failed.textContent = `没有提交成功：${done.message || "服务暂时连不上"}，请再试。`);
    close();
    announce("已提交，谢谢");
  });
  form.addEventListener("keydown", (event) => { if (event.key === "Escape" && !isComposing(event)) { event.preventDefault(); close(); } });
  queueMicrotask(() => (form.querySelector("input") ?? comment).focus());
  return form;
}
