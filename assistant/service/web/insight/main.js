// The insight page: what is asked for stands in the address; the report and the agents' table come from the service.

import { call } from "../api.js";
import { announce, byId, el } from "../dom.js";
import { download } from "../download.js";
import { failure, isForbidden } from "../notices.js";
import { chooseShop, chosenShop, onShopChange } from "../session.js";
import { showTopbar } from "../topbar.js";
import { agents } from "./agents.js";
import { asQuery, changeAsked, readAsked, showAsked, watchFilters } from "./filters.js";
import { report } from "./report.js";

const PATIENCE_MS = 60_000;
let asking = null;

async function load({ quiet = false } = {}) {
  asking?.abort();
  const mine = asking = new AbortController();
  const main = byId("report");
  main.setAttribute("aria-busy", "true");
  if (!quiet) main.replaceChildren(el("p", { class: "loading" }, "正在统计…"));
  try {
    const query = asQuery({ ...readAsked(), shop_id: await chosenShop() });
    const ask = (path) => call("GET", `${path}${query}`, undefined, { signal: mine.signal, patience: PATIENCE_MS });
    const found = await ask("/v1/insight");
    if (mine !== asking) return;
    await showAsked(found, () => mine === asking);
    if (mine !== asking) return;
    const people = el("div", { class: "wide-card" });
    main.replaceChildren(report(found, people));
    people.replaceWith(agents(await ask("/v1/insight/agents")));
    announce(`${found.since} 到 ${found.until}：${found.turns} 条买家消息`);
  } catch (error) {
    if (mine !== asking) return;
    byId("filters").hidden = isForbidden(error); // nothing to choose from or to export
    main.replaceChildren(failure(error, { retry: load }));
  } finally {
    if (mine === asking) main.setAttribute("aria-busy", "false");
  }
}

async function save(button) {
  button.disabled = true;
  const query = asQuery({ ...readAsked(), shop_id: await chosenShop(), format: button.dataset.format });
  try {
    await download(`/v1/insight/export${query}`, `洞察.${button.dataset.format}`);
    announce("已导出");
  } catch (error) {
    byId("report").prepend(failure(error, { retry: (event) => { event.target.closest(".notice").remove(); save(button); } }));
  } finally {
    button.disabled = false;
  }
}

const shop = new URLSearchParams(location.search).get("shop");
if (shop) chooseShop(shop);
await showTopbar("洞察").catch(() => {}); // what went wrong is told by the report
onShopChange((id) => { changeAsked({ shop: id, item: "" }); load(); });
watchFilters(() => load({ quiet: true }));
document.querySelectorAll("[data-format]").forEach((button) => button.addEventListener("click", () => save(button)));
addEventListener("popstate", () => load({ quiet: true }));
load();
