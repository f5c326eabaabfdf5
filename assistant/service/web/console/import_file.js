// Where a file comes in by choosing or dropping it, and where files go out.

import { el } from "../dom.js";
import { exportAddress, templateAddress } from "./import_service.js";

const ENDINGS = ".csv,.tsv,.txt,.xlsx,.jsonl";
const FORMATS = { xlsx: "Excel 表格（.xlsx）", csv: "CSV 表格（.csv）", jsonl: "程序用（.jsonl）" };

/** The card with the drop zone; `take(file)` gets the chosen file. */
export function chooser(take) {
  const input = el("input", { type: "file", accept: ENDINGS, id: "import-file", class: "visually-hidden",
    onchange: () => { if (input.files[0]) take(input.files[0]); } });
  const zone = el("label", { class: "drop-zone", for: "import-file" },
    el("strong", {}, "选择文件，或拖到这里"), el("span", { class: "hint" }, ".csv（UTF-8、GBK、GB18030）、.xlsx、.jsonl，最大 20 MB"));
  zone.addEventListener("dragover", (event) => { event.preventDefault(); zone.classList.add("over"); });
  zone.addEventListener("dragleave", () => zone.classList.remove("over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("over");
    if (event.dataTransfer.files[0]) take(event.dataTransfer.files[0]);
  });
  return el("section", { class: "import-card", "aria-label": "导入" },
    el("h2", {}, "导入"), el("p", { class: "label" }, "先检查、看每一行的结果，再正式导入；有一行出错就整个文件都不写入。"),
    input, zone,
    el("p", { class: "import-links" }, "第一次用？下载模板：",
      el("a", { href: templateAddress("xlsx"), download: "小二知识模板.xlsx" }, "Excel 模板"),
      el("a", { href: templateAddress("csv"), download: "小二知识模板.csv" }, "CSV 模板")));
}

/** The card of export: the shop's entries as a file. */
export function exportCard(shop) {
  const shared = el("input", { type: "checkbox", checked: true, onchange: () => draw() });
  const links = el("ul", { class: "export-links" });
  const draw = () => links.replaceChildren(...Object.entries(FORMATS).map(([format, name]) =>
    el("li", {}, el("a", { class: "button", href: exportAddress(format, shop, shared.checked), download: `小二知识-${shop ?? "全部"}.${format}` }, name))));
  draw();
  return el("section", { class: "import-card", "aria-label": "导出" },
    el("h2", {}, "导出"), el("p", { class: "label" }, "导出的文件原样再导入，什么都不会变；改几行再导入，只更新改过的。"),
    el("label", { class: "tick" }, shared, el("span", {}, "带上各店共用的条目")), links);
}
