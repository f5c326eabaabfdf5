// A shop's settings as a form, made from the list of settings; what the service refuses is told beside its field.

import { call, forgetSession } from "../api.js";
import { announce, byId, el } from "../dom.js";
import { chooseShop, chosenShop, session } from "../session.js";
import { showTopbar } from "../topbar.js";
import { reason } from "./messages.js";
import { settingField } from "./setting_field.js";
import { groups, settings, valueOf, withValue } from "./settings.js";

const unsaved = new Map(); // forms that were typed into, by shop: neither another section nor another shop throws them away
const address = (shopId) => `/v1/shops/${encodeURIComponent(shopId)}/policy`;

/** Fills the section with the settings of the chosen shop. */
export async function showShop(section) {
  const [shopId, who] = [await chosenShop(), await session()];
  const heading = el("h2", { id: "shop-title" }, "店铺设置");
  if (!shopId) return section.replaceChildren(heading, el("p", {}, "还没有店铺。"), newShop(section));
  const form = unsaved.get(shopId) ?? settingsForm(shopId, await call("GET", address(shopId)));
  if (shopId !== await chosenShop()) return; // another one was chosen meanwhile
  section.replaceChildren(heading,
    el("p", { class: "hint" }, `店铺 ${shopId}。回复里的承诺都引用这里的数字，保存后下一条建议就按新的来。`),
    form, who.shop_id === null && newShop(section));
}

function settingsForm(shopId, policy) {
  const fields = new Map(settings.map((each) => [each.name, settingField(each)]));
  const outcome = el("p", { class: "outcome", role: "status" });
  const form = el("form", { class: "settings", novalidate: true, "aria-label": `店铺 ${shopId} 的设置` },
    [...groups()].map(([group, some]) => el("fieldset", {}, el("legend", {}, group), some.map(({ name }) => fields.get(name).node))),
    el("div", { class: "save-bar" }, outcome, el("button", { type: "submit", class: "primary" }, "保存设置")));
  for (const [name, field] of fields) field.show(valueOf(policy, name));
  form.addEventListener("input", () => unsaved.set(shopId, form));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    outcome.textContent = "";
    unsaved.delete(shopId); // before the answer: what is typed while it is on its way is not saved
    for (const field of fields.values()) field.problem("");
    const wanted = settings.reduce((made, { name }) => withValue(made, name, fields.get(name).read()), policy);
    if (!await save(shopId, wanted, fields, outcome)) unsaved.set(shopId, form);
  });
  return form;
}

/** Gives whether the settings are stored now. */
async function save(shopId, policy, fields, outcome) {
  try {
    await call("PUT", address(shopId), policy);
  } catch (error) {
    outcome.className = "outcome problem";
    outcome.textContent = tell(error, fields);
    return false;
  }
  outcome.className = "outcome";
  outcome.textContent = "已保存。";
  forgetSession(); // the shop may have another name now
  await showTopbar("管理").catch(() => {}); // the settings are saved all the same
  return true;
}

/** Puts each problem beside its field; gives what is said beside the button. */
function tell(error, fields) {
  const beside = (error.errors ?? []).map((each) => [fieldOf(each.field, fields), each]).filter(([field]) => field);
  if (!beside.length) return reason(error);
  for (const [field, { reason: why, remedy }] of beside) field.problem(remedy ? `${why}（${remedy}）` : why);
  beside[0][0].focus();
  return `没有保存：有 ${beside.length} 处要改。`;
}

/** The field that a problem such as `region_surcharges.火星` or `optional_carriers[0]` belongs to. */
function fieldOf(place, fields) {
  const name = [...fields.keys()].find((each) => place === each || place.startsWith(`${each}.`) || place.startsWith(`${each}[`));
  return name && fields.get(name);
}

function newShop(section) {
  const id = el("input", { id: "new-shop", required: true, maxlength: 100, placeholder: "如 shop-2，不含空格和 /", autocomplete: "off" });
  const problem = el("p", { class: "problem", role: "alert" });
  const form = el("form", { class: "row-form", "aria-label": "新建店铺" },
    el("div", { class: "field" }, el("label", { for: "new-shop" }, "新店铺的编号"), id), el("button", { type: "submit" }, "新建店铺"), problem);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    problem.textContent = "";
    const shopId = id.value.trim();
    if ((await session()).shops.some((each) => each.shop_id === shopId)) {
      problem.textContent = `已经有店铺 ${shopId}，请在页面顶部选择它。`;
      return;
    }
    await create(shopId, section).catch((error) => { problem.textContent = reason(error); });
  });
  return form;
}

async function create(shopId, section) {
  await call("PUT", address(shopId), {});
  forgetSession();
  chooseShop(shopId);
  await showTopbar("管理");
  await showShop(section);
  announce(`已新建店铺 ${shopId}，请填写它的设置。`);
  byId("setting-name").focus();
}
