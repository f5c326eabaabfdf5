// What the list is asked for, as it stands in the address.

export const PAGE = 50;

const MODES = ["text", "meaning", "pinyin"];
const FILTERS = ["intent", "kind", "item_id", "status", "effective", "author"];
const SWITCHES = ["never_matched", "disliked"];

/** The question that an address holds; what it does not name has its usual value. */
export function questionOf(params) {
  const named = Object.fromEntries(FILTERS.map((name) => [name, params.get(name) ?? ""]));
  const switched = Object.fromEntries(SWITCHES.map((name) => [name, params.get(name) === "true"]));
  return {
    ...named, ...switched, q: params.get("q") ?? "", mode: MODES.includes(params.get("mode")) ? params.get("mode") : "text",
    sort: params.get("sort") ?? "updated_at", page: Math.max(1, Number.parseInt(params.get("page"), 10) || 1),
  };
}

/** The address's parameters of a question, without what is usual. */
export function paramsOf({ q, mode, sort, page, ...rest }) {
  const named = Object.fromEntries(FILTERS.map((name) => [name, rest[name]]));
  const switched = Object.fromEntries(SWITCHES.map((name) => [name, rest[name] ? "true" : ""]));
  return {
    q, mode: mode !== "text" ? mode : "", ...named, ...switched,
    sort: sort === "updated_at" ? "" : sort, page: page > 1 ? String(page) : "",
  };
}

/** The parameters of the request for one page. The way to search is said only with something to search for. */
export function requestOf(question, shop) {
  const { page, ...rest } = { ...question, mode: question.q ? question.mode : "text" };
  const said = Object.entries({ ...paramsOf({ ...rest, page: 1 }), sort: rest.sort }).filter(([, value]) => value);
  return { ...Object.fromEntries(said), ...(shop && { shop_id: shop }), limit: PAGE, offset: (page - 1) * PAGE };
}

/** How many filters narrow the list, the search aside. */
export const narrowed = (question) => [...FILTERS, ...SWITCHES].filter((name) => question[name]).length;
