// How a file is imported: what becomes of entries that are there already, of bad rows, and of fields without a column.

import { el } from "../dom.js";
import { KINDS } from "../names.js";

const POLICIES = { update: ["更新", "编号相同，或同店标准问相同的，改成表里的"], skip: ["跳过", "已有的不动，只加新的"], refuse: ["算出错", "已有的当作错误报告出来"] };

/** The form; `mapped()` is called when the columns' fields changed, `mapping()` tells them. */
export function optionsForm(file, vocabulary, before, mapping) {
  const policies = Object.entries(POLICIES).map(([value, [name, hint]]) => el("label", { class: "tick" },
    el("input", { type: "radio", name: "policy", value, checked: (before.policy ?? "update") === value }), el("span", {}, name, el("small", { class: "hint" }, `（${hint}）`))));
  const keepGoing = el("input", { type: "checkbox", checked: before.keep_going });
  const kind = choice("类型", Object.entries(KINDS), before.defaults?.kind);
  const intent = choice("意图", Object.entries(vocabulary.intents).map(([code, { zh }]) => [code, `${zh}（${code}）`]), before.defaults?.intent);
  const lacking = el("fieldset", {}, el("legend", {}, "表里没有、或留空的必填项，统一填成"), kind.node, intent.node);
  const node = el("form", { class: "import-options" },
    el("fieldset", {}, el("legend", {}, "已经有的条目"), policies), lacking,
    el("label", { class: "tick" }, keepGoing, el("span", {}, "有的行出错时，跳过它们，其余照常导入")));
  node.addEventListener("submit", (event) => event.preventDefault());
  return {
    node,
    mapped() {
      const held = Object.values(mapping());
      kind.node.hidden = file.columns.length > 0 && held.includes("kind") && !kind.select.value;
      intent.node.hidden = file.columns.length > 0 && held.includes("intent") && !intent.select.value;
      lacking.hidden = kind.node.hidden && intent.node.hidden;
    },
    value: () => ({
      policy: node.querySelector("input[name=policy]:checked").value, keep_going: keepGoing.checked,
      defaults: { ...(kind.select.value && { kind: kind.select.value }), ...(intent.select.value && { intent: intent.select.value }) },
    }),
  };
}

function choice(name, pairs, chosen) {
  const select = el("select", { "aria-label": name }, el("option", { value: "" }, "不填"), pairs.map(([value, text]) => el("option", { value }, text)));
  select.value = chosen ?? "";
  return { select, node: el("label", { class: "field" }, el("span", { class: "label" }, name), select) };
}
