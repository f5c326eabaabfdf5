// A run's report, shown in a frame without any rights of its own.

import { byId, el } from "../dom.js";
import { reportPath } from "./service.js";

export function closeReport() {
  byId("report").hidden = true;
  byId("report").replaceChildren();
}

export function showReport(id, close) {
  const box = byId("report");
  box.hidden = false;
  box.replaceChildren(
    el("div", { class: "card-head" }, el("h2", {}, `报告 #${id}`),
      el("a", { class: "button small", href: reportPath(id), target: "_blank", rel: "noopener" }, "在新标签页打开"),
      el("button", { type: "button", class: "quiet small", onclick: close }, "关闭")),
    el("iframe", { src: reportPath(id), title: `测评报告 #${id}`, sandbox: "allow-scripts" }));
  box.focus({ preventScroll: true });
  box.scrollIntoView({ block: "start" });
}
