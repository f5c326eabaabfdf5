// What the log calls things, in words. An action that is not here is shown as it is.

const OBJECTS = {
  entry: "知识", item: "商品", policy: "店铺设置", key: "密钥", session: "登录", proposal: "修改提案", test: "标注测试",
  periods: "活动时段", handover: "交接", feedback: "反馈", evaluation: "测评", import: "导入", phrase: "话术",
};
const VERBS = {
  create: "新增", update: "修改", delete: "删除", revoke: "停用", open: "登录", close: "退出", publish: "发布", submit: "提交",
  return: "退回", rollback: "回退", archive: "归档", restore: "恢复", run: "运行", override: "强制发布",
};

/** The choices of the filter: everything that was done to one kind of thing. */
export const GROUPS = ["entry", "item", "policy", "key", "session", "proposal", "test", "periods"].map((name) => [name, OBJECTS[name]]);

/** What it was done to: a key by its name and number, anything else by its id. */
export function objectName({ action, object, before, after }) {
  const name = action.startsWith("key.") && (after ?? before)?.name;
  return name ? `${name}（编号 ${object}）` : object;
}

/** Such as 修改知识 for entry.update. */
export function actionName(action) {
  const [object, verb] = action.split(".");
  if (object === "session") return VERBS[verb] ?? action;
  return object in OBJECTS && verb in VERBS ? VERBS[verb] + OBJECTS[object] : action;
}
