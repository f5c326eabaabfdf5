// The room of import and export: choose a file, say what its columns are, try, look at every row, import.

import { announce, el } from "../dom.js";
import { readVocabulary } from "../api.js";
import { chosenShop } from "../session.js";
import { toast } from "../sidebar/toast.js";
import { chooser, exportCard } from "./import_file.js";
import { mappingTable } from "./import_mapping.js";
import { optionsForm } from "./import_options.js";
import { progressView } from "./import_progress.js";
import { reportView } from "./import_report.js";
import { beginImport, dropImport, readImport, uploadFile } from "./import_service.js";
import { failed, inShort, waiting } from "./notice.js";

const EVERY_MS = 400;
const WORKING = ["checking", "running"];

/** Fills the room; `left()` of what it gives ends what still runs in the page. */
export async function mountImport(root) {
  const [shop, vocabulary] = await Promise.all([chosenShop(), readVocabulary()]);
  const room = new ImportRoom(root, shop, vocabulary);
  room.start();
  return { left: () => room.leave() };
}

class ImportRoom {
  constructor(root, shop, vocabulary) {
    Object.assign(this, { shop, vocabulary, file: null, gone: false });
    this.body = el("div", { class: "import-body" });
    root.append(el("div", { class: "room-head" }, el("h1", {}, "导入导出")), this.body);
  }

  start() {
    this.file = null;
    this.#show(el("div", { class: "import-cards" }, chooser((file) => this.#upload(file)), exportCard(this.shop)));
  }

  leave() {
    this.gone = true;
    if (this.file) dropImport(this.file.id).catch(() => {});
  }

  #show(...content) {
    if (!this.gone) this.body.replaceChildren(...content);
  }

  async #upload(chosen) {
    if (this.file) dropImport(this.file.id).catch(() => {});
    this.#show(waiting(`正在读取 ${chosen.name}…`));
    try {
      this.file = await uploadFile(chosen, this.shop);
      this.#settings();
    } catch (error) {
      this.#show(failed(error), el("div", { class: "import-acts" }, this.#another()));
    }
  }

  /** What the columns are and how to import; `before` keeps what was chosen. */
  #settings(before = {}) {
    const mapping = mappingTable(this.file, before.mapping);
    const options = optionsForm(this.file, this.vocabulary, before, () => mapping.value());
    mapping.onchange = () => options.mapped();
    options.mapped();
    const choose = () => ({ mapping: mapping.value(), ...options.value() });
    this.#show(
      el("h2", { class: "import-file" }, this.file.filename), mapping.node, options.node,
      el("div", { class: "import-acts" },
        el("button", { type: "button", class: "primary", onclick: () => this.#work("check", choose()) }, "检查一遍（不写入）"), this.#another()));
    this.body.querySelector("select, input, button")?.focus({ preventScroll: true }); // headings and samples stay in sight
  }

  async #work(step, options) {
    const { id } = this.file;
    const wanted = () => !this.gone && this.file?.id === id;
    const view = progressView(step, () => this.#stop(step));
    this.#show(el("h2", { class: "import-file" }, this.file.filename), view.node);
    try {
      let state = await beginImport(id, step, options);
      while (wanted() && WORKING.includes(state.state)) {
        view.update(state);
        await new Promise((resume) => { setTimeout(resume, EVERY_MS); });
        if (wanted()) state = await readImport(id);
      }
      if (wanted()) this.#ended(state, options);
    } catch (error) {
      if (!wanted()) return; // it was stopped, and the service knows the file no more
      this.#show(failed(error, () => this.#settings(options)), el("div", { class: "import-acts" }, this.#another()));
    }
  }

  #ended(state, options) {
    if (state.state === "error") {
      announce(state.detail);
      return this.#show(failed({ title: "没有导入", message: state.detail }, () => this.#settings(options)),
        el("div", { class: "import-acts" }, this.#another()));
    }
    const { failed: bad, read } = state.report;
    const done = state.state === "done" && (bad === 0 || (options.keep_going && bad < read));
    const report = reportView(this.file, state, { done, keepGoing: options.keep_going });
    const run = el("button", { type: "button", class: "primary", onclick: () => this.#work("run", options) }, "正式导入");
    run.disabled = !report.ready;
    const back = el("button", { type: "button", onclick: () => this.#settings(options) }, "改列和选项");
    this.#show(el("h2", { class: "import-file" }, this.file.filename), report.node, el("div", { class: "import-acts" },
      done ? el("a", { class: "button primary", href: "#entries" }, "去看条目") : [run, back], this.#another(done ? "再导入一个" : "换一个文件")));
    announce(report.summary);
  }

  /** Nothing more is heard about the file. An import that has begun to store goes on to its end, which cannot be seen here. */
  async #stop(step) {
    const { id } = this.file;
    this.start();
    try {
      await dropImport(id);
      toast(step === "check" ? "已停止，没有写入" : "已停止。停之前可能已经开始写入，请到“条目”里看看。");
    } catch (error) {
      toast(`可能没有停下来：${inShort(error)}`);
    }
  }

  #another(text = "换一个文件") {
    return el("button", { type: "button", class: "quiet", onclick: () => this.start() }, text);
  }
}
