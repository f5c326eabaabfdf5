// Every setting of a shop, as the form shows it; the list is data, in settings.json.

export const settings = await (await fetch("/static/admin/settings.json")).json();

/** The settings by group, in their order. */
export const groups = () => Map.groupBy?.(settings, (each) => each.group) ?? settings.reduce(
  (found, each) => found.set(each.group, [...(found.get(each.group) ?? []), each]), new Map());

/** The value of a setting; `return_freight.wish` is a part of one. */
export const valueOf = (policy, name) => name.split(".").reduce((value, part) => value?.[part], policy);

/** A copy of the policy with another value of a setting. */
export function withValue(policy, name, value) {
  const [first, ...rest] = name.split(".");
  return { ...policy, [first]: rest.length ? withValue(policy[first] ?? {}, rest.join("."), value) : value };
}
