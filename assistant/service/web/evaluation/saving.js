// Files of a run or a comparison, saved; what could not be saved is told above what the button stands in.

import { download } from "../download.js";
import { failure } from "../notices.js";

export async function save(box, path, name) {
  try {
    await download(path, name);
  } catch (error) {
    const notice = failure(error, { retry: () => { notice.remove(); save(box, path, name); } });
    box.prepend(notice);
  }
}
