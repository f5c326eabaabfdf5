// The names of fields in the log, as the forms call them.

import { settings } from "./settings.js";

const ENTRY = {
  id: "编号", shop_id: "店铺", kind: "类型", intent: "意图", title: "标准问", questions: "相似问法", answers: "答案", items: "适用商品",
  tags: "标签", effective_from: "生效时间", effective_until: "失效时间", status: "状态", authority: "依据", note: "内部备注",
  version: "版本", short_code: "短代码", emergency_until: "紧急置顶到",
};
const OTHERS = { name: "名称", role: "角色", shop_id: "店铺", item_id: "商品编号", title: "标题", attributes: "属性", size_chart: "尺码表", skus: "规格", "": "内容" };

/** The name of a field of what an action was done to. */
export function fieldName(action, name) {
  if (action.startsWith("policy.")) return settings.find((each) => each.name === name)?.label ?? name;
  return (action.startsWith("entry.") || action.startsWith("proposal.") ? ENTRY[name] : OTHERS[name]) ?? ENTRY[name] ?? name;
}
