// Chinese names of the codes in a response. The vocabulary comes from the service; an unknown code is shown as it is.

const vocabulary = { intents: {}, phases: {}, emotions: {}, order_states: {}, fields: {} };

export const useVocabulary = (given) => Object.assign(vocabulary, given);

export const intentName = (code) => vocabulary.intents[code]?.zh ?? code;
export const phaseName = (code) => vocabulary.phases[code] ?? code;
export const emotionName = (code) => vocabulary.emotions[code] ?? code;
export const orderStates = () => Object.entries(vocabulary.order_states);

const ATTRIBUTE = "item.attributes.";

/** A missing context field in words: 快递单号, 商品属性「材质」. */
export function fieldName(path) {
  if (path.startsWith(ATTRIBUTE)) return `商品属性「${path.slice(ATTRIBUTE.length)}」`;
  return vocabulary.fields[path]?.split(/[；，（]/)[0] ?? path;
}

const SLOTS = {
  height_cm: ["身高", " cm"], weight_kg: ["体重", " kg"], bust_cm: ["胸围", " cm"], waist_cm: ["腰围", " cm"],
  foot_cm: ["脚长", " cm"],
};

/** What was read out of the messages: 身高 160 cm. */
export function slotName(code, value) {
  const [name, unit] = SLOTS[code] ?? [code, ""];
  return `${name} ${value}${unit}`;
}

export const ROLES = { empathy: "共情", answer: "回答", ask: "询问", closing: "结束" };
export const KINDS = { product_spec: "商品资料", policy: "规则", phrase: "话术" };
export const STEPS = {
  order_note: "备注", handover: "交接", evidence: "留证", escalate: "升级", ask_buyer: "询问", record: "登记",
};
export const FLAGS = { red: "红旗", yellow: "黄旗", green: "绿旗", blue: "蓝旗", purple: "紫旗" };
export const SIGNALS = {
  intent: "意图吻合（对数几率）", dense: "与相似问法的语义相近", dense_gap: "与最相近一条的差距", begun: "会话已开始（1 表示是）", lexical: "与相似问法的字面相近",
  answer: "消息与答案的相关", feedback: "客服反馈（作用有上限）", emergency: "应急条目，优先",
};

/** How sure a reply is, as agents read it. */
export function band(confidence) {
  if (confidence >= 0.75) return { level: "high", zh: "高" };
  return confidence >= 0.45 ? { level: "middle", zh: "中" } : { level: "low", zh: "低" };
}

/** A probability in words; never 0% or 100%, which would claim certainty. */
export const percent = (share) => `${Math.min(99, Math.max(1, Math.round(share * 100)))}%`;

/** A moment as agents read it: 11/21 10:01. */
export const moment = (time) => new Date(time).toLocaleString("zh-CN",
  { month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

/** Why a reply did not serve, as the service counts it. */
export const REASONS = {
  inaccurate: "不准确", outdated: "已过时", irrelevant: "不相关", incomplete: "不完整", tone: "语气不当", other: "其他",
};
