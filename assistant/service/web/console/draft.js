// What an editor writes: the fields of an entry, without what the store adds.

const BLANK = {
  kind: "policy", intent: "", title: "", questions: [], answers: [{ text: "", when: {}, tone: null }], items: [], tags: [],
  effective_from: null, effective_until: null, status: "published", authority: "shop", note: null, short_code: null,
};

export const EMERGENCY = "emergency";

/** An empty draft of a shop. */
export const blank = (shop) => ({ ...structuredClone(BLANK), shop_id: shop });

/** The draft of a stored entry, or of half a one; what is missing gets its usual value. */
export function draftOf(entry) {
  const fields = Object.keys(BLANK).map((name) => [name, entry[name] ?? structuredClone(BLANK[name])]);
  const draft = { ...(entry.id && { id: entry.id }), shop_id: entry.shop_id ?? null, ...Object.fromEntries(fields) };
  draft.answers = draft.answers.map(({ text, when, tone }) => ({ text, when: when ?? {}, tone: tone ?? null }));
  return draft;
}

/** A form's draft as it is sent: lines that hold nothing are left out. */
export function cleaned(draft) {
  const answers = draft.answers.filter((answer) => answer.text.trim() || Object.keys(answer.when).length);
  return {
    ...draft, title: draft.title.trim(), questions: draft.questions.map((each) => each.trim()).filter(Boolean), answers,
    note: draft.note?.trim() || null, short_code: draft.short_code?.trim() || null,
  };
}

/** Whether two drafts say the same. */
export const same = (one, other) => JSON.stringify(sorted(cleaned(draftOf(one)))) === JSON.stringify(sorted(cleaned(draftOf(other))));

/** The names of the fields in which two drafts differ. */
export function changedFields(before, after) {
  const [one, other] = [cleaned(draftOf(before)), cleaned(draftOf(after))];
  return ["shop_id", ...Object.keys(BLANK)].filter((name) => JSON.stringify(sorted(one[name])) !== JSON.stringify(sorted(other[name])));
}

function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])]));
}
