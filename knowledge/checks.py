"""What must hold before an entry is saved: known codes, known placeholders and conditions, answers fit to send."""

from __future__ import annotations

import re
from collections.abc import Iterator

from knowledge.compliance import check_text
from knowledge.entries import Answer, EntryDraft
from knowledge.errors import EntryInvalid, Problem
from knowledge.placeholders import field_of, has_stray_brace, path_of, placeholders
from models.intents import intents

_WORDS = re.compile(r"\w")


def require_valid(draft: EntryDraft) -> None:
    """Raise EntryInvalid with every problem of the draft at once."""
    problems = list(check_entry(draft))
    if problems:
        raise EntryInvalid(problems)


def check_entry(draft: EntryDraft) -> Iterator[Problem]:
    """Every problem that would make the entry useless or unfit to send."""
    intent = intents().get(draft.intent)
    if intent is None:
        yield Problem("intent", f"没有意图 {draft.intent!r}", "请从意图表里选择一个编码")
    elif intent.voice == "buyer" and draft.status == "published" and not draft.questions and draft.answers_messages:
        yield Problem("questions", "买家提问类的条目没有相似问法", "请至少写一条买家会怎么问")
    if draft.effective_from and draft.effective_until and draft.effective_from >= draft.effective_until:
        yield Problem("effective_until", "失效时间不晚于生效时间", "请改为生效时间之后")
    if draft.is_emergency and draft.effective_until is None:
        yield Problem("effective_until", "紧急条目没有写失效时间", "请写上到什么时候为止，过后会自动恢复平时的回答")
    for number, question in enumerate(draft.questions):
        if not question.strip():
            yield Problem(f"questions[{number}]", "相似问法是空的", "请填写或删除这一行")
    for number, answer in enumerate(draft.answers):
        yield from _check_answer(f"answers[{number}]", answer)


def _check_answer(field: str, answer: Answer) -> Iterator[Problem]:
    if not _WORDS.search(answer.text.removeprefix("亲")):
        yield Problem(f"{field}.text", "答案里没有内容", "请写上能直接发给买家的话")
    if has_stray_brace(answer.text):
        yield Problem(f"{field}.text", "花括号不成对", "占位符写成 {运单号} 这样，正文里不要用花括号")
    for name in placeholders(answer.text):
        if path_of(name) is None:
            yield Problem(f"{field}.text", f"没有占位符 {{{name}}}", "请从占位符表里选择")
    for finding in check_text(answer.text):
        if finding.action == "block":
            remedy = f"可以换成“{finding.replacement}”" if finding.replacement else "请改写或删去"
            yield Problem(f"{field}.text", f"“{finding.text}”不能对买家说：{finding.reason}", remedy)
    for path, values in answer.when.items():
        known = field_of(path)
        if known is None:
            yield Problem(f"{field}.when", f"没有条件字段 {path!r}", "请从字段表里选择，如 order.state")
            continue
        allowed = {*known.values, "*"}
        wrong = [str(v) for v in values if v is not None and known.values and str(v).lower() not in allowed]
        if wrong:
            yield Problem(
                f"{field}.when.{path}", f"不会取值 {'、'.join(wrong)}", f"可用的值：{'、'.join(known.values)}"
            )
