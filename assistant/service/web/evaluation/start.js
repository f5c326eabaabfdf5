// The form that starts a run: its name, and which labelled dialogs are run.

import { byId, el } from "../dom.js";
import { chosenShop } from "../session.js";
import { startRun } from "./service.js";

export class StartForm {
  #form = byId("start");
  #problem = byId("problem");

  /** `started(run)` hears of a run that has begun. */
  constructor(started) {
    this.started = started;
    this.#form.elements.name.value = defaultName();
    this.#form.addEventListener("submit", (event) => { event.preventDefault(); this.#start(); });
    byId("sources").addEventListener("change", () => this.#showFile());
  }

  /** What can be run, as the service says. */
  show({ missing, tests, evaluations }) {
    const banner = byId("missing");
    banner.hidden = !missing;
    banner.textContent = missing ?? "";
    const busy = evaluations.some(({ state }) => state === "running");
    this.#form.querySelector("button.primary").disabled = Boolean(missing) || busy;
    const chosen = new FormData(this.#form).get("source") ?? "tests";
    const able = chosen === "tests" && !tests ? "own" : chosen; // another shop may have no tests
    if (byId("sources").dataset.tests !== String(tests)) this.#showSources(tests, able);
  }

  #showSources(tests, chosen) {
    const choices = [
      ["tests", "本店的标注测试", tests ? `${tests} 段对话` : "还没有，可在知识库的“试答”里保存"],
      ["upload", "上传标注对话", "每行一段对话（.jsonl）"],
      ["own", "自带的标注对话", "没有参与训练的两批，用来看整体水平"],
    ];
    byId("sources").dataset.tests = tests;
    byId("sources").replaceChildren(el("legend", {}, "测什么"), ...choices.map(([value, name, hint]) => el("label", {},
      el("input", { type: "radio", name: "source", value, checked: value === chosen, disabled: value === "tests" && !tests }),
      el("span", {}, name, el("small", {}, hint)))));
    this.#showFile();
  }

  #showFile() {
    byId("file-field").hidden = new FormData(this.#form).get("source") !== "upload";
  }

  async #start() {
    const { name, file } = this.#form.elements;
    const source = new FormData(this.#form).get("source");
    const button = this.#form.querySelector("button.primary");
    this.#problem.textContent = "";
    button.disabled = true;
    button.textContent = "正在检查…";
    try {
      const draft = { name: name.value.trim(), source, shop_id: await chosenShop() };
      if (!draft.name) throw new Error("请给这次测评起个名称。");
      if (source === "upload") Object.assign(draft, await read(file.files[0]));
      this.started(await startRun(draft));
    } catch (error) {
      this.#problem.textContent = error.message || "服务暂时连不上，请稍后再试。";
      button.disabled = false;
    } finally {
      button.textContent = "开始测评";
    }
  }
}

/** The text of a file; a file in another encoding is refused here, where its bytes still are. */
async function read(file) {
  if (!file) throw new Error("请选择一个标注对话文件（.jsonl）。");
  try {
    const content = new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
    return { content, file: file.name.slice(0, 100) };
  } catch {
    throw new Error(`${file.name} 不是 UTF-8 编码，请另存为 UTF-8 后再上传。`);
  }
}

function defaultName() {
  const now = new Date();
  return `${now.getMonth() + 1} 月 ${now.getDate()} 日测评`;
}
