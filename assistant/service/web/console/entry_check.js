// Reads along while an entry is written: what is wrong stands at its field, what resembles other entries beside it.

import { el } from "../dom.js";
import { percent } from "../names.js";
import { cleaned } from "./draft.js";
import { address } from "./router.js";
import { checkDraft } from "./service.js";
import { fieldWords } from "./words.js";

const PAUSE_MS = 450;
const KINDS = { contradiction: "回答矛盾", near_duplicate: "内容相近", phrasing_elsewhere: "像另一条的问法" };
const SHOWN = 3;
const BESIDE_A_PHRASING = 2;
const NOWHERE = ["id", "body", ""];

export class EntryCheck {
  #timer = null;
  #flight = null;

  /** `form` has draft(), node, answers, phrasings; `compare(entryId)` shows another entry beside this one. */
  constructor(form, compare) {
    Object.assign(this, { form, compare });
    this.state = el("p", { class: "hint", role: "status" });
    this.list = el("ul", { class: "check-list" });
    this.node = el("section", { class: "check", "aria-label": "检查" }, el("h2", {}, "检查"), this.state, this.list);
  }

  stop() {
    clearTimeout(this.#timer);
    this.#flight?.abort();
  }

  soon() {
    this.stop();
    this.#timer = setTimeout(() => this.#ask(), PAUSE_MS);
  }

  /** Shows problems that a save was refused for, where the check has not seen them. */
  refuse(problems) {
    this.stop();
    this.#show({ problems, compliance: [], duplicates: this.last?.duplicates ?? [] }, this.form.draft());
  }

  async #ask() {
    const draft = this.form.draft();
    if (!draft.title.trim() && !draft.answers.some((answer) => answer.text.trim())) return this.#show(NOTHING, draft);
    const flight = this.#flight = new AbortController();
    try {
      const sent = { ...cleaned(draft), intent: draft.intent || "unknown" };
      const found = await checkDraft(sent, flight.signal);
      if (!flight.signal.aborted) this.#show(chosenIntent(found, draft), draft);
    } catch {
      // An extra pair of eyes: what is wrong is said again when the entry is saved.
      if (!flight.signal.aborted) this.state.textContent = "暂时没能检查，保存时会再检查。";
    }
  }

  #show(found, draft) {
    this.last = found;
    const numbers = draft.answers.map((answer, number) => (answer.text.trim() || Object.keys(answer.when).length ? number : -1))
      .filter((number) => number >= 0);
    const { problems, compliance, duplicates } = found;
    const blocked = new Set(compliance.filter(({ action }) => action === "block").map(({ field }) => field));
    // A wording that blocks is told once, with its replacement, not as a problem of the field as well.
    const plain = problems.filter(({ field, reason }) => !(blocked.has(field) && reason.includes("不能对买家说")));
    const notes = [...plain.map((problem) => ({ field: problem.field, node: () => problemNote(problem) })),
      ...compliance.map((finding) => ({ field: finding.field, node: () => this.#findingNote(finding, numbers) }))];
    this.#place(notes, numbers);
    this.form.phrasings.note(this.#phrasingNotes(duplicates));
    const alike = duplicates.map((one) => el("li", { class: `duplicate ${one.kind}` }, this.#resemblance(one, true)));
    const more = alike.splice(SHOWN);
    this.list.replaceChildren(...plain.filter(({ field }) => NOWHERE.includes(field)).map(problemNote), ...alike,
      ...(more.length ? [el("li", {}, el("details", {}, el("summary", {}, `还有 ${more.length} 条相近`), el("ul", { class: "check-list" }, more)))] : []));
    const wrong = plain.length + compliance.length;
    this.state.textContent = wrong || duplicates.length
      ? [wrong && `${wrong} 处要改`, duplicates.length && `与 ${duplicates.length} 条已有条目相近`].filter(Boolean).join("，") : "没有发现问题";
    this.state.dataset.state = wrong ? "wrong" : duplicates.length ? "look" : "good";
  }

  /** Puts each note at its field: an answer, the list of phrasings, or a field beside. */
  #place(notes, numbers) {
    const answers = new Map();
    const others = new Map();
    for (const { field, node } of notes) {
      const place = /answers\[(\d+)\]/.exec(field)?.[1];
      const [name] = /^[a-z_]+/.exec(field) ?? [""];
      if (place !== undefined) push(answers, numbers[Number(place)] ?? Number(place), node());
      else push(others, name, node());
    }
    this.form.answers.note(answers);
    for (const spot of this.form.node.querySelectorAll("[data-field]")) {
      const found = others.get(spot.dataset.field) ?? [];
      const list = spot.querySelector(":scope > .line-notes");
      list?.replaceChildren(...found);
      spot.classList.toggle("wrong", found.length > 0);
    }
  }

  #phrasingNotes(duplicates) {
    const notes = new Map();
    for (const one of duplicates) push(notes, one.own_phrasing, el("span", { class: `duplicate ${one.kind}` }, this.#resemblance(one, false)));
    for (const [phrasing, all] of notes) {
      const more = all.length - BESIDE_A_PHRASING;
      if (more > 0) notes.set(phrasing, [...all.slice(0, BESIDE_A_PHRASING), el("span", { class: "hint" }, `还有 ${more} 条相近`)]);
    }
    return notes;
  }

  #resemblance({ entry_id: id, title, phrasing, own_phrasing: own, similarity, kind, reason }, whole) {
    return [
      el("strong", {}, KINDS[kind] ?? kind), " ",
      el("a", { href: address("entry", id), target: "_blank" }, title),
      el("button", { type: "button", class: "quiet small", "aria-label": `对照「${title}」`, onclick: () => this.compare(id) }, "对照"),
      whole && el("span", { class: "hint" }, `“${own}”与“${phrasing}”相近 ${percent(similarity)}。${reason}`),
    ].filter(Boolean);
  }

  #findingNote({ action, text, reason, replacement, field }, numbers) {
    const number = numbers[Number(/\d+/.exec(field)?.[0])];
    const replace = () => {
      const box = this.form.answers.node.querySelectorAll(".answer textarea")[number];
      box.value = box.value.replace(text, replacement);
      box.dispatchEvent(new Event("input", { bubbles: true }));
      box.focus();
    };
    return el("li", { class: "problem", "data-action": action },
      el("strong", {}, action === "block" ? "不能发 " : "留意 "), `「${text}」${reason}`,
      replacement !== null && replacement !== undefined &&
        el("button", { type: "button", class: "small", onclick: replace }, replacement ? `改为「${replacement}」` : "删去"));
  }
}

const NOTHING = { problems: [], compliance: [], duplicates: [] };

const problemNote = ({ field, reason, remedy }) => el("li", { class: "problem", "data-action": "block" },
  NOWHERE.includes(field) ? "" : `${fieldWords(field)}：`, reason, remedy ? `。${remedy}` : "");

/** While no intent is chosen the check is asked with an unknown one, and says so of it; here it is said in other words. */
function chosenIntent(found, draft) {
  if (draft.intent) return found;
  const problems = found.problems.filter(({ field }) => field !== "intent");
  return { ...found, problems: [{ field: "intent", reason: "还没选意图", remedy: "请选择这条知识回答的是哪类问题" }, ...problems] };
}

function push(map, key, node) {
  map.set(key, [...(map.get(key) ?? []), node]);
}
