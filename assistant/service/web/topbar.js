// The bar at the top of every full page: where one is, the other pages one may use, the shop, who one is.
//
//   <header class="top" id="topbar"></header>
//   showTopbar("知识库");                            // the heading of this page
//
// A page that is about no shop in particular says so: <header class="top" id="topbar" data-shop="none">.

import { byId, el, fillSelect } from "./dom.js";
import { chooseShop, chosenShop, session, signOut } from "./session.js";

/** Fills #topbar; the page's own tools, if any, go between the menu and the shop. */
export async function showTopbar(title, ...tools) {
  const bar = byId("topbar");
  const heading = el("h1", {}, el("span", { class: "seal", "aria-hidden": "true" }, "小二"),
    el("span", { class: "visually-hidden" }, "小二"), title);
  bar.replaceChildren(heading, ...tools);
  const who = await session();
  bar.replaceChildren(heading, menu(who.pages), ...tools, el("div", { class: "top-end" },
    bar.dataset.shop !== "none" && await shopChooser(who), person(who)));
}

const menu = (pages) => el("nav", { class: "pages", "aria-label": "页面" }, pages.map(({ path, title }) =>
  el("a", { href: path, "aria-current": path === location.pathname && "page" }, title)));

async function shopChooser({ shops }) {
  if (shops.length < 2) return shops.length === 1 && el("span", { class: "shop-name" }, shops[0].name);
  const select = el("select", { "aria-label": "店铺", onchange: () => chooseShop(select.value) });
  fillSelect(select, shops.map((shop) => [shop.shop_id, shop.name]));
  select.value = await chosenShop();
  return select;
}

function person({ name, role_zh: role, csrf }) {
  const label = name === role ? name : `${name} · ${role}`;
  return csrf
    ? el("span", { class: "person" }, el("span", { class: "hint" }, label),
      el("button", { type: "button", class: "quiet small", onclick: signOut }, "退出"))
    : el("span", { class: "person hint" }, label);
}
