// Files that the service makes, saved under the names it gives them.

import { call } from "./api.js";
import { el } from "./dom.js";

/** Asks for a file and saves it; throws what `call` throws. */
export async function download(path, fallback = "小二.txt") {
  const response = await call("GET", path, undefined, { headers: { Accept: "*/*" }, patience: 60_000 });
  if (response instanceof Response) return save(await response.blob(), nameOf(response) ?? fallback);
  save(new Blob([JSON.stringify(response, null, 2)], { type: "application/json" }), fallback);
}

/** Saves a blob under a name. */
export function save(blob, name) {
  const link = el("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

function nameOf(response) {
  const told = response.headers.get("Content-Disposition")?.match(/filename\*=UTF-8''([^;]+)/)?.[1];
  return told && decodeURIComponent(told);
}
