// The evaluation page: start a run, watch it, read its report, compare two. What is open stands in the address.

import { confirmed } from "../admin/dialogs.js";
import { announce, byId } from "../dom.js";
import { failure, isForbidden } from "../notices.js";
import { chooseShop, chosenShop, onShopChange } from "../session.js";
import { showTopbar } from "../topbar.js";
import { closeComparison, showComparison } from "./comparison.js";
import { showProgress } from "./progress.js";
import { closeReport, showReport } from "./report.js";
import { Runs } from "./runs.js";
import { readRuns, removeRun } from "./service.js";
import { StartForm } from "./start.js";

const WATCH_MS = 1500, CALM_MS = 20_000;
const runs = new Runs({ open: (run) => visit({ run: run.id }), remove, compare: ([a, b]) => visit({ a, b }) });
const form = new StartForm((run) => { announce(`${run.name} 已开始`); refresh(); });
let timer = null, before = null;

async function refresh() {
  clearTimeout(timer);
  try {
    const shop = await chosenShop();
    const found = await readRuns(shop);
    if (shop !== await chosenShop()) return;
    form.show(found);
    runs.show(found);
    const running = found.evaluations.find(({ state }) => state === "running");
    showProgress(running, remove);
    tellEnd(running, found.evaluations);
    timer = setTimeout(refresh, running ? WATCH_MS : CALM_MS);
  } catch (error) {
    runs.fail(failure(error, { retry: refresh }));
    if (isForbidden(error)) for (const tool of [byId("side"), byId("compare")]) tool.hidden = true;
    else timer = setTimeout(refresh, CALM_MS);
  } finally {
    byId("evaluation").setAttribute("aria-busy", "false");
  }
}

/** Says when a run that was watched has ended. */
function tellEnd(running, all) {
  const ended = before && before.id !== running?.id && all.find(({ id }) => id === before.id);
  if (ended) announce(ended.state === "done" ? `${ended.name} 测完了` : `${ended.name} 没有做完：${ended.error}`);
  before = running ?? null;
}

async function remove(run) {
  const running = run.state === "running";
  if (!running && !await confirmed(`删除测评“${run.name}”？`, "它的报告和结果会一起删除，不能恢复。", "删除")) return;
  try {
    await removeRun(run.id);
    announce(running ? "已停止" : "已删除");
  } catch (error) {
    byId("runs").prepend(failure(error, { retry: () => remove(run) }));
  }
  refresh();
}

function visit(asked) {
  const next = new URLSearchParams(Object.entries(asked));
  const shop = new URLSearchParams(location.search).get("shop");
  if (shop) next.set("shop", shop);
  history.pushState(null, "", `${location.pathname}${next.size ? `?${next}` : ""}`);
  open();
}

/** Opens what the address names. */
function open() {
  const given = new URLSearchParams(location.search);
  const [run, a, b] = ["run", "a", "b"].map((name) => given.get(name));
  if (run) showReport(run, () => visit({})); else closeReport();
  if (a && b) showComparison(a, b, () => visit({})); else closeComparison();
}

const shop = new URLSearchParams(location.search).get("shop");
if (shop) chooseShop(shop);
await showTopbar("测评").catch(() => {}); // what went wrong is told by the list of runs
onShopChange(() => { visit({}); runs.clear(); refresh(); });
addEventListener("popstate", open);
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && refresh());
await refresh();
open();

