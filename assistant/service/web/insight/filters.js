// What the report is about: days and item, kept in the address so that it can be sent to somebody.

import { call } from "../api.js";
import { byId, el, fillSelect } from "../dom.js";
import { chosenShop } from "../session.js";

const NAMES = ["since", "until", "item", "by", "shop"];
const DAY_MS = 86_400_000;
let zone = "Asia/Shanghai", itemsOf = null;

/** What the address asks for. */
export function readAsked() {
  const given = new URLSearchParams(location.search);
  return { since: given.get("since"), until: given.get("until"), item_id: given.get("item"), by: given.get("by") };
}

/** A query string of what is there. */
export function asQuery(given) {
  return `?${new URLSearchParams(Object.entries(given).filter(([, value]) => value !== null && value !== undefined && value !== ""))}`;
}

/** Puts something into the address. */
export function changeAsked(change) {
  const next = new URLSearchParams(location.search);
  for (const name of NAMES) {
    if (!(name in change)) continue;
    if (change[name]) next.set(name, change[name]); else next.delete(name);
  }
  history.pushState(null, "", `${location.pathname}${next.size ? `?${next}` : ""}`);
}

/** Shows what the report is about, as the service understood it; `isWanted()`: nothing else was asked for meanwhile. */
export async function showAsked(found, isWanted) {
  zone = found.timezone;
  byId("since").value = found.since;
  byId("until").value = found.until;
  byId("by").value = found.by;
  showPresets(found);
  await fillItems(found.item_id, isWanted);
}

/** `changed()` is called when somebody asks for something else. */
export function watchFilters(changed) {
  const form = byId("filters");
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", (event) => {
    const [since, until, item, by] = ["since", "until", "item", "by"].map(byId); // form.elements.item is a method
    if (!since.value || !until.value) return;
    until.setCustomValidity(since.value > until.value ? "结束日期要不早于开始日期" : "");
    if (!form.reportValidity()) return;
    const cut = event.target === by ? { by: by.value } : {};
    changeAsked({ since: since.value, until: until.value, item: item.value, ...cut });
    changed();
  });
  byId("presets").addEventListener("click", (event) => {
    const days = event.target.dataset?.days;
    if (!days) return;
    changeAsked({ since: daysAgo(Number(days) - 1), until: daysAgo(0), by: "" });
    changed();
  });
}

const PRESETS = [[1, "今天"], [7, "近 7 天"], [30, "近 30 天"], [90, "近 90 天"]];

/** The buttons stay the same, so that the one that was pressed keeps the focus. */
function showPresets({ since, until }) {
  const box = byId("presets");
  if (!box.children.length) box.append(...PRESETS.map(([days, name]) => el("button", { type: "button", class: "small", "data-days": days }, name)));
  for (const button of box.children) {
    button.setAttribute("aria-pressed", String(since === daysAgo(Number(button.dataset.days) - 1) && until === daysAgo(0)));
  }
}

/** A day in the shop's time zone, as inputs write it. */
const daysAgo = (days) => new Date(Date.now() - days * DAY_MS).toLocaleDateString("sv-SE", { timeZone: zone });

async function fillItems(chosen, isWanted) {
  const shop = await chosenShop(), select = byId("item");
  if (itemsOf !== shop) {
    const { items } = await call("GET", `/v1/items${asQuery({ shop_id: shop })}`);
    if (!isWanted()) return;
    fillSelect(select, [["", "全部商品"], ...items.map(({ item_id: id, title }) => [id, title])]);
    itemsOf = shop;
  }
  if (chosen && ![...select.options].some(({ value }) => value === chosen)) select.append(el("option", { value: chosen }, chosen));
  select.value = chosen ?? "";
}
