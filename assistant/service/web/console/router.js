// Where one is in the console: #entries?q=发货&page=2, #entry/policy-ship. The address says it all, so that "back" works.

const HOME = "entries";

/** The place that the address names. */
export function here() {
  const [path, query = ""] = location.hash.slice(1).split("?");
  const [view, ...rest] = path.split("/");
  return { view: view || HOME, id: rest.length ? decodeURIComponent(rest.join("/")) : null, params: new URLSearchParams(query) };
}

/** The address of a place; parameters that say nothing are left out. */
export function address(view, id = null, params = {}) {
  const said = [...new URLSearchParams(params)].filter(([, value]) => value);
  const query = new URLSearchParams(said).toString();
  return `#${view}${id ? `/${encodeURIComponent(id)}` : ""}${query ? `?${query}` : ""}`;
}

/** Goes somewhere; "back" comes back here. */
export function go(view, id, params) {
  location.hash = address(view, id, params);
}

/** Notes what is being looked at without a step in the history, as while a search is typed. */
export function note(view, id, params) {
  history.replaceState(null, "", address(view, id, params));
}
