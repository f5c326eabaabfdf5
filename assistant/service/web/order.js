// A plausible order for the demo, from its state and one moment. Only what such an order would have is in it.

const HOUR = 3_600_000;
const UNDISPATCHED = ["unpaid", "paid"];
const ARRIVED = ["delivered", "after_sale"];

/** The moments to choose from for a state, as [hours ago, text]; none where time plays no part. */
export function momentsOf(state) {
  if (["paid", "shipped", "collected"].includes(state)) {
    return { name: "付款于", choices: [["20", "昨天"], ["1", "1 小时前"], ["70", "3 天前"], ["170", "7 天前"]] };
  }
  if (ARRIVED.includes(state)) {
    return { name: "签收于", choices: [["2", "2 小时前"], ["26", "昨天"], ["98", "4 天前"], ["290", "12 天前"]] };
  }
  return { name: "时间", choices: [] };
}

/** Whether an order in this state can have a tracking number. */
export const isDispatched = (state) => Boolean(state) && !UNDISPATCHED.includes(state) && state !== "closed";

/** The order of a request: `hoursAgo` is when it was paid, or when it was delivered once it has arrived. */
export function orderOf({ state, hoursAgo, tracking, amount, now = Date.now() }) {
  if (!state) return null;
  const order = {
    order_id: "202611180001", state, amount, payment: "online",
    receiver: { name: "李**", phone: "138****0000", address: "浙江省杭州市余杭区****" },
  };
  const dispatched = isDispatched(state) ? { carrier: "中通快递", ...(tracking && { tracking_no: "73100000000001" }) } : {};
  return { ...order, ...times(state, now - Number(hoursAgo) * HOUR, now), ...dispatched };
}

function times(state, moment, now) {
  const at = (time) => new Date(Math.min(time, now)).toISOString();
  if (ARRIVED.includes(state)) {
    return {
      paid_at: at(moment - 60 * HOUR), promised_ship_at: at(moment - 12 * HOUR), shipped_at: at(moment - 50 * HOUR),
      collected_at: at(moment - 47 * HOUR), delivered_at: at(moment),
    };
  }
  if (!["paid", "shipped", "collected"].includes(state)) return {};
  return {
    paid_at: at(moment), promised_ship_at: new Date(moment + 48 * HOUR).toISOString(),
    ...(state !== "paid" && { shipped_at: at(moment + 6 * HOUR) }),
    ...(state === "collected" && { collected_at: at(moment + 9 * HOUR) }),
  };
}
