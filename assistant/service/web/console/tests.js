// The room of labelled tests: what must not get worse, and how it stands now.

import { el } from "../dom.js";
import { moment, orderStates } from "../names.js";
import { toast } from "../sidebar/toast.js";
import { confirm } from "./dialogs.js";
import { empty, failed, inShort, waiting } from "./notice.js";
import { counts, reportView, wanted } from "./report.js";
import { address } from "./router.js";
import { dropTest, listTests, readEntry, runTests } from "./service.js";

const LOOKED_UP = 60; // entries whose titles are asked for one by one

export async function mount(root, place, desk) {
  const list = el("ul", { class: "test-list" });
  const report = el("div", { class: "test-report", "aria-live": "polite" });
  const run = el("button", { type: "button", class: "primary", onclick: () => runAll() }, "全部跑一遍");
  const count = el("span", { class: "hint" });
  root.append(el("div", { class: "room-head" }, el("h1", {}, "标注测试"), count, run), report, list);
  let titles = new Map();
  await load();

  async function load() {
    list.replaceChildren(el("li", {}, waiting()));
    try {
      const tests = await listTests(desk.shop);
      titles = await titlesOf(tests.flatMap(({ messages }) => messages.flatMap(({ labels }) => labels?.entry_ids ?? [])));
      count.textContent = `${tests.length} 条。发布前自动跑，会变差就拦下来。`;
      run.disabled = !tests.length;
      list.replaceChildren(...(tests.length ? tests.toReversed().map(item) : [el("li", {}, nothing())]));
    } catch (error) {
      list.replaceChildren(el("li", {}, failed(error, load)));
    }
  }

  function item(test) {
    const last = test.messages.findLast(({ labels }) => labels) ?? test.messages.at(-1);
    const states = Object.fromEntries(orderStates());
    const scene = [test.context.item && (desk.items.find((each) => each.item_id === test.context.item.item_id)?.title ?? "有商品"),
      test.context.order && (states[test.context.order.state] ?? "有订单")].filter(Boolean).join(" · ");
    return el("li", { class: "test" },
      el("div", {}, el("p", { class: "case-message" }, last?.text ?? ""), el("p", { class: "hint" }, [scene, `${test.author} ${moment(test.created_at)}`].filter(Boolean).join(" · ")),
        last?.labels && el("p", { class: "wanted" }, "应当：", wanted(last.labels, titles))),
      el("div", { class: "test-acts" }, el("a", { class: "button small", href: address("bench", null, { test: test.id }) }, "试答"),
        desk.may("knowledge.write") && el("button", { type: "button", class: "quiet small", onclick: () => drop(test, last) }, "删除")));
  }

  async function drop(test, last) {
    if (!await confirm("删除这条测试？", { more: [el("p", {}, last?.text ?? "")], yes: "删除", danger: true })) return;
    try {
      await dropTest(test.id);
      toast("已删除测试");
      await load();
    } catch (error) {
      toast(inShort(error));
    }
  }

  async function runAll() {
    run.disabled = true;
    report.replaceChildren(waiting("正在跑测试…"));
    try {
      const found = await runTests(desk.shop);
      report.replaceChildren(reportView(found, "测试结果", counts(found)));
    } catch (error) {
      report.replaceChildren(failed(error, runAll));
    }
    run.disabled = false;
  }
}

/** Titles of entries by id; of those that are gone the id is shown. */
async function titlesOf(ids) {
  const unique = [...new Set(ids)].slice(0, LOOKED_UP);
  const found = await Promise.all(unique.map((id) => readEntry(id).catch(() => null)));
  return new Map(found.filter(Boolean).map(({ id, title }) => [id, title]));
}

const nothing = () => empty("还没有测试", el("p", {}, "在“试答”里试一句重要的问法，点“存为测试”。"), el("a", { class: "button primary", href: address("bench") }, "去试答"));
