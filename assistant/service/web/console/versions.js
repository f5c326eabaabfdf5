// The versions of an entry: who changed what when, and the way back.

import { call } from "../api.js";
import { el } from "../dom.js";
import { moment } from "../names.js";
import { toast } from "../sidebar/toast.js";
import { confirm } from "./dialogs.js";
import { diffView } from "./diff.js";
import { empty, failed, inShort, waiting } from "./notice.js";
import { readVersions, rollBack } from "./service.js";

/** Shows the versions of an entry in a dialog; `rolledBack()` is called when an older one was put back. */
export async function showVersions(entry, fields, rolledBack) {
  const list = el("ol", { class: "version-list" }, waiting());
  const shown = el("div", { class: "version-diff", tabindex: "0", "aria-label": "改动", "aria-live": "polite" });
  const dialog = el("dialog", { class: "ask versions", "aria-label": `「${entry.title}」的版本` },
    el("div", { class: "dialog-head" }, el("h2", {}, "版本"), el("button", { type: "button", onclick: () => dialog.close() }, "关闭")),
    el("div", { class: "version-body" }, list, shown));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  const load = async () => {
    try {
      const versions = await readVersions(entry.id);
      list.replaceChildren(...versions.map((version, place) => item(version, versions[place + 1], place === 0)));
      list.querySelector("button")?.click();
    } catch (error) {
      list.replaceChildren(failed(error, load));
    }
  };
  await load();

  function item(version, earlier, isCurrent) {
    const show = el("button", { type: "button", class: "version", onclick: () => look(version, earlier, isCurrent, show) },
      el("strong", {}, `第 ${version.version} 版`), isCurrent && el("span", { class: "tag" }, "现在"), version.deleted && el("span", { class: "tag" }, "删除"),
      el("span", { class: "hint" }, [version.saved_at && moment(version.saved_at), version.by].filter(Boolean).join(" · ")));
    return el("li", {}, show);
  }

  async function look(version, earlier, isCurrent, button) {
    list.querySelectorAll("[aria-current]").forEach((each) => each.removeAttribute("aria-current"));
    button.setAttribute("aria-current", "true");
    const back = !isCurrent && !version.deleted && el("button", { type: "button", class: "primary", onclick: () => goBack(version) }, `恢复到第 ${version.version} 版`);
    const again = () => look(version, earlier, isCurrent, button);
    const content = earlier ? await changesBetween(earlier.version, version.version)
      .then((changes) => diffView(changes, fields), (error) => failed(error, again)) : empty("这是最早的一版");
    if (!button.hasAttribute("aria-current")) return; // another version was asked for in the meantime
    shown.replaceChildren(el("div", { class: "version-tools" }, el("h3", {}, earlier ? `第 ${earlier.version} 版 → 第 ${version.version} 版` : "第一版"), back), content);
  }

  async function changesBetween(from, to) {
    return (await call("GET", `/v1/entries/${encodeURIComponent(entry.id)}/versions/diff?from=${from}&to=${to}`)).changes;
  }

  async function goBack({ version }) {
    const sure = await confirm(`恢复到第 ${version} 版？`, { more: [el("p", {}, "会存成新的一版，马上用于建议；现在的版本仍留在这里。")], yes: "恢复" });
    if (!sure) return;
    try {
      await rollBack(entry.id, version, entry.version);
      dialog.close();
      toast(`已恢复到第 ${version} 版`);
      rolledBack();
    } catch (error) {
      toast(`没有恢复：${inShort(error)}`);
    }
  }
}
