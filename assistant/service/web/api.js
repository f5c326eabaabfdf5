// The HTTP API, as far as the pages use it. Every failure is a Problem (the service said no) or Away (no answer).
//
//   const { entries } = await call("GET", "/v1/entries?q=发货");
//   await call("PUT", `/v1/entries/${id}`, draft, { headers: { "If-Match": `"${version}"` } });
//   await call("POST", "/v1/imports?filename=a.xlsx", file, { raw: true });
//
// Whoever is not signed in is sent to /sign-in and comes back afterwards.

const PATIENCE_MS = 10_000;
const SAFE = ["GET", "HEAD"];

/** What the service answered instead of a result; `problem` is the RFC 9457 document, `errors` names fields. */
export class Problem extends Error {
  constructor(problem) {
    const { status = 0, title = "出错了", detail = "", errors = [] } = problem;
    super(detail || title);
    Object.assign(this, { problem, status, title, detail, errors });
  }
}

/** The service did not answer, or cannot work just now. */
export class Away extends Error {}

export const suggest = (request, signal) => call("POST", "/v1/suggestions", request, { signal });
export const readItems = async (shop = null) =>
  (await call("GET", shop ? `/v1/items?${new URLSearchParams({ shop_id: shop })}` : "/v1/items")).items;
export const readVocabulary = () => call("GET", "/v1/vocabulary");

/**
 * Asks the service; gives what the JSON answer holds, null for an empty answer, the Response itself for anything else.
 * `body` is sent as JSON, with `raw` as it is; `patience` is how long to wait in milliseconds.
 */
export async function call(method, path, body, options = {}) {
  let response = await send(method, path, body, options, await csrf(method));
  if (response.status === 403 && await csrfChanged(method)) response = await send(method, path, body, options, await csrf(method));
  if (response.ok) return contentOf(response);
  const problem = await problemOf(response);
  if (problem.status === 401) toSignIn();
  if ([502, 503, 504].includes(response.status)) throw new Away(problem.detail);
  throw problem;
}

let known = null;

/** Who is signed in, as GET /v1/session tells; asked once a page. */
export function session() {
  known ??= call("GET", "/v1/session").catch((error) => {
    known = null;
    throw error;
  });
  return known;
}

/** Forgets who is signed in, so that the next question asks again. */
export function forgetSession() {
  known = null;
}

/** The sign-in page that comes back here; `another`: though somebody is signed in, with another key. */
export const signInAddress = ({ another = false } = {}) =>
  `/sign-in?${another ? "another&" : ""}next=${encodeURIComponent(location.pathname + location.search + location.hash)}`;

/** Goes to the sign-in page. */
export function toSignIn() {
  if (location.pathname !== "/sign-in") location.assign(signInAddress());
}

const csrf = async (method) => (SAFE.includes(method) ? null : (await session()).csrf);

/** Whether somebody signed in anew in another tab, so that what this page sent is no longer theirs. */
async function csrfChanged(method) {
  if (SAFE.includes(method)) return false;
  const before = (await session()).csrf;
  forgetSession();
  return (await session()).csrf !== before;
}

async function send(method, path, body, { headers = {}, raw = false, signal, patience = PATIENCE_MS }, token) {
  const all = { Accept: "application/json", ...headers };
  if (token) all["X-CSRF-Token"] = token;
  if (body !== undefined && !raw) all["Content-Type"] = "application/json";
  const clock = new AbortController();
  const timer = setTimeout(() => clock.abort(), patience);
  signal?.addEventListener("abort", () => clock.abort());
  try {
    const content = body === undefined || raw ? body : JSON.stringify(body);
    return await fetch(path, { method, headers: all, body: content, signal: clock.signal });
  } catch {
    throw new Away(clock.signal.aborted ? `等了 ${Math.round(patience / 1000)} 秒没有回应。` : "");
  } finally {
    clearTimeout(timer);
  }
}

async function contentOf(response) {
  if (response.status === 204) return null;
  if (!response.headers.get("Content-Type")?.includes("json")) return response;
  return response.json().catch(() => { throw new Away("回应没有收完整。"); });
}

async function problemOf(response) {
  const document = await response.json().catch(() => ({}));
  return new Problem({ title: `服务返回 ${response.status}`, ...document, status: response.status });
}
