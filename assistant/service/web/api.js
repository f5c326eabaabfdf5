// The HTTP API, as far as the pages use it. Every failure is a Problem (the service said no) or Away (no answer).

const KEY = "xiaoer.api-key";
const PATIENCE_MS = 10_000;

/** What the service answered instead of a result: an RFC 9457 problem document. */
export class Problem extends Error {
  constructor({ status = 0, title = "出错了", detail = "", errors = [] }) {
    super(detail || title);
    Object.assign(this, { status, title, detail, errors });
  }
}

/** The service did not answer, or cannot work just now. */
export class Away extends Error {}

/** The API key of this tab; never kept beyond it. */
export const apiKey = {
  get: () => sessionStorage.getItem(KEY),
  set: (key) => sessionStorage.setItem(KEY, key),
  clear: () => sessionStorage.removeItem(KEY),
};

export const suggest = (request, signal) => call("/v1/suggestions", { body: request, signal });
export const readItems = async () => (await call("/v1/items")).items;
export const readVocabulary = () => call("/v1/vocabulary");

async function call(path, { body, signal } = {}) {
  const response = await send(path, body, signal);
  if (response.ok) return response.json().catch(() => { throw new Away("回应没有收完整。"); });
  const problem = await problemOf(response);
  if ([502, 503, 504].includes(response.status)) throw new Away(problem.detail);
  throw problem;
}

async function send(path, body, signal) {
  const headers = { Accept: "application/json" };
  if (apiKey.get()) headers.Authorization = `Bearer ${apiKey.get()}`;
  if (body) headers["Content-Type"] = "application/json";
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), PATIENCE_MS);
  signal?.addEventListener("abort", () => patience.abort());
  try {
    const options = { method: body ? "POST" : "GET", headers, body: body && JSON.stringify(body) };
    return await fetch(path, { ...options, signal: patience.signal });
  } catch {
    throw new Away(patience.signal.aborted ? "等了 10 秒没有回应。" : "");
  } finally {
    clearTimeout(timer);
  }
}

async function problemOf(response) {
  const document = await response.json().catch(() => ({}));
  return new Problem({ title: `服务返回 ${response.status}`, ...document, status: response.status });
}
