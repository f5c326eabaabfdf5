// API keys: made with a role and a shop, shown once, revoked.

import { call, forgetSession } from "../api.js";
import { announce, byId, copyButton, el } from "../dom.js";
import { session } from "../session.js";
import { confirmed } from "./dialogs.js";
import { reason, when } from "./messages.js";

const ROLES = [
  ["agent", "客服", "看建议、查话术、给反馈"],
  ["editor", "知识编辑", "客服能做的，加上修改本店知识"],
  ["evaluator", "质检", "客服能做的，加上测评和洞察"],
  ["admin", "管理员", "全部，包括密钥和店铺设置"],
];

/** Fills the section with the form and the list. */
export async function showKeys(section) {
  const [{ keys }, who] = await Promise.all([call("GET", "/v1/keys"), session()]);
  section.replaceChildren(
    el("h2", { id: "keys-title" }, "密钥"),
    el("p", { class: "hint" }, "插件和同事用密钥登录。密钥只在新建时显示一次；停用后，用它登录的页面立即失效。"),
    newKeyForm(who, () => showKeys(section)),
    byId("new-key") ?? el("div", { id: "new-key", tabindex: "-1" }), // a secret that is shown stays: nobody can read it again
    keyList(keys, () => showKeys(section)));
}

function newKeyForm({ shop_id: own, shops }, again) {
  const name = el("input", { id: "key-name", required: true, maxlength: 100, placeholder: "例如 侧边栏插件、小王", autocomplete: "off" });
  const role = el("select", { id: "key-role", "aria-describedby": "role-hint" }, ROLES.map(([code, zh]) => el("option", { value: code }, zh)));
  const shop = el("select", { id: "key-shop" }, !own && el("option", { value: "" }, "全部店铺"),
    shops.map((each) => el("option", { value: each.shop_id }, each.name)));
  const hint = el("p", { class: "hint", id: "role-hint" });
  const explain = () => { hint.textContent = ROLES.find(([code]) => code === role.value)[2]; };
  const make = el("button", { type: "submit", class: "primary" }, "新建密钥");
  const problem = el("p", { class: "problem", role: "alert" });
  role.addEventListener("change", explain);
  explain();
  const form = el("form", { class: "row-form", "aria-label": "新建密钥" },
    labelled("给谁用", name), labelled("角色", role, hint), labelled("店铺", shop), make, problem);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    problem.textContent = "";
    make.disabled = true; // a second click would make a second key
    try {
      const made = await call("POST", "/v1/keys", { name: name.value, role: role.value, shop_id: shop.value || null });
      forgetSession(); // the first key ends the time without keys
      await again().catch(() => {}); // a list that could not be read is no reason to hide the secret
      showSecret(made);
    } catch (error) {
      problem.textContent = reason(error);
    } finally {
      make.disabled = false;
    }
  });
  return form;
}

const labelled = (text, control, ...more) => el("div", { class: "field" }, el("label", { for: control.id }, text), control, more);

/** The only time that the secret is seen. */
function showSecret({ name, secret }) {
  const panel = byId("new-key");
  panel.replaceChildren(el("div", { class: "notice new-key" },
    el("h3", {}, `“${name}”的密钥`),
    el("p", {}, "请现在复制保存，离开这里就再也看不到了。"),
    el("p", { class: "secret" }, el("code", { id: "secret" }, secret), copyButton(() => secret)),
    el("button", { type: "button", onclick: () => panel.replaceChildren() }, "我已保存")));
  panel.focus();
  announce("密钥已建好，请复制保存。");
}

const keyList = (keys, again) => el("div", { class: "table-frame", tabindex: "0", role: "region", "aria-label": "密钥列表" },
  el("table", {},
    el("thead", {}, el("tr", {}, ["编号", "名称", "角色", "店铺", "建立", "状态"].map((each) => el("th", { scope: "col" }, each)))),
    el("tbody", {}, keys.length
      ? [...keys].reverse().map((key) => keyRow(key, again))
      : el("tr", {}, el("td", { colspan: "6" }, "还没有密钥。本机打开的页面暂时不需要；要给插件或别的机器用，就在上面新建一个。")))));

const keyRow = (key, again) => el("tr", { class: key.revoked_at && "past" },
  el("td", { "data-head": "编号" }, String(key.id)), el("th", { scope: "row", "data-head": "名称" }, key.name),
  el("td", { "data-head": "角色" }, key.role_zh), el("td", { "data-head": "店铺" }, key.shop_id ?? "全部店铺"),
  el("td", { "data-head": "建立" }, when(key.created_at)),
  el("td", { "data-head": "状态" }, key.revoked_at ? `已停用 ${when(key.revoked_at)}` : revokeButton(key, again)));

function revokeButton(key, again) {
  const ask = async () => {
    const sure = await confirmed(`停用“${key.name}”？`, "用它的程序和登录的页面会立即失效，不能恢复；需要时可以另建一个。", "停用");
    if (!sure) return button.focus();
    try {
      await call("DELETE", `/v1/keys/${key.id}`);
      announce(`已停用“${key.name}”。`);
      await again();
      document.querySelector("#section-keys .table-frame").focus();
    } catch (error) {
      button.replaceWith(el("span", { class: "problem", role: "alert" }, reason(error)));
    }
  };
  const button = el("button", { type: "button", class: "small danger", "aria-label": `停用 ${key.name}`, onclick: ask }, "停用");
  return button;
}
