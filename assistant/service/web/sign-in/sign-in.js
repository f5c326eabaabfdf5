// Signing in with a key, then on to the page that asked for it.

import { Away, forgetSession, session } from "../api.js";
import { byId } from "../dom.js";

const wanted = new URLSearchParams(location.search);
const key = byId("key");

byId("link-used").hidden = wanted.get("link") !== "used";
byId("show").addEventListener("change", (event) => { key.type = event.target.checked ? "text" : "password"; });
byId("sign-in").addEventListener("submit", (event) => {
  event.preventDefault();
  signIn();
});
if (!wanted.has("another")) session().then(goOn, () => key.focus());

/** Where to go: only ever to a page of our own. */
function destination() {
  const url = new URL(wanted.get("next") ?? "/", location.origin);
  return url.origin === location.origin && url.pathname !== "/sign-in" ? url.pathname + url.search + url.hash : "/";
}

function goOn() {
  location.replace(destination());
}

async function signIn() {
  const button = byId("sign-in").querySelector("button");
  say("");
  button.disabled = true;
  try {
    await open(key.value.trim());
    await isKept();
    goOn();
  } catch (error) {
    say(error.message || "服务暂时连不上，请稍后再试。");
    key.select();
  } finally {
    button.disabled = false;
  }
}

// Not by `call`, which needs somebody signed in before it changes anything.
async function open(secret) {
  const headers = { "Content-Type": "application/json" };
  const body = JSON.stringify({ key: secret });
  const response = await fetch("/v1/session", { method: "POST", headers, body }).catch(() => { throw new Away(""); });
  if (response.ok) return;
  const problem = await response.json().catch(() => ({}));
  throw new Error(problem.detail || `服务返回 ${response.status}，请稍后再试。`);
}

/** A browser does not keep cookies of a page inside a frame of another site, unless both are served by https. */
async function isKept() {
  forgetSession();
  await session().catch(() => {
    throw new Error("密钥是对的，但浏览器没有保存登录。嵌在别的网站里使用时，小二要通过 https 访问，并设置 XIAOER_EMBED_ORIGINS。");
  });
}

function say(text) {
  byId("problem").textContent = text;
}
