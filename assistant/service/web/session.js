// Who is signed in, and which shop the page is about.
//
//   const { name, role, permissions, shops } = await session();
//   const shop = await chosenShop();               // an id; kept for the next visit
//   onShopChange((shop) => reload(shop));          // the shop was changed in the bar at the top

import { call, forgetSession, session, toSignIn } from "./api.js";
import { announce } from "./dom.js";

export { session };

const SHOP = "xiaoer.shop";
const listeners = [];
let remembered; // read once: what another tab chooses is for the next visit, not for what is open here

/** Whether the role of whoever is signed in allows something, such as "knowledge.write". */
export const may = async (permission) => (await session()).permissions.includes(permission);

/** The id of the shop the page is about: one's own, the one chosen before, or the first. */
export async function chosenShop() {
  const { shop_id: own, shops } = await session();
  if (remembered === undefined) remembered = localStorage.getItem(SHOP);
  return own ?? shops.find((shop) => shop.shop_id === remembered)?.shop_id ?? shops[0]?.shop_id ?? null;
}

/** Changes the shop the page is about. */
export function chooseShop(shopId) {
  remembered = shopId;
  localStorage.setItem(SHOP, shopId);
  listeners.forEach((listener) => listener(shopId));
}

/** `listener(shopId)` is called when another shop is chosen. */
export const onShopChange = (listener) => listeners.push(listener);

/** Signs out and goes to the sign-in page; a button that could not do so says it, for it stands on every page. */
export async function signOut({ currentTarget: button }) {
  try {
    await call("DELETE", "/v1/session");
  } catch {
    button.textContent = "没有退出，请再试";
    return announce(button.textContent);
  }
  forgetSession();
  toSignIn();
}
