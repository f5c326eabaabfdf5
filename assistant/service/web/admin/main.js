// The admin page: which of its sections is shown, and what all of them share when the service says no.

import { byId } from "../dom.js";
import { isForbidden } from "../notices.js";
import { onShopChange } from "../session.js";
import { showTopbar } from "../topbar.js";
import { showAudit } from "./audit.js";
import { showKeys } from "./keys.js";
import { failure } from "./messages.js";
import { showShop } from "./shop.js";

const SECTIONS = { keys: showKeys, shop: showShop, audit: showAudit };

const chosen = () => (location.hash.slice(1) in SECTIONS ? location.hash.slice(1) : "keys");

let shows = 0;

/** Shows the section that the address names, afresh. */
async function show() {
  const mine = shows += 1;
  const name = chosen();
  for (const each of Object.keys(SECTIONS)) byId(`section-${each}`).hidden = each !== name;
  for (const link of document.querySelectorAll(".sections a")) {
    if (link.hash === `#${name}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  const section = byId(`section-${name}`);
  await SECTIONS[name](section).catch((error) => {
    if (mine !== shows) return;
    document.querySelector(".sections").hidden = isForbidden(error); // the others need the same right
    section.replaceChildren(failure(error, show));
  });
}

addEventListener("hashchange", show);
onShopChange(show);
showTopbar("管理").catch(() => {}); // what went wrong is told by the section
show();
