"""What went wrong, message by message: what was wanted, what was suggested, and which signals decided."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.explanation import Explained
from eval.report_signals import Duel, Pull, complaint_signals, entry_duel, first_topic, intent_duel, is_wanted
from eval.report_words import words
from eval.result import CaseResult
from eval.tables import zh
from eval.topics import OUTSIDE, folded

_TOPIC = ("three", "first", "silent", "outside")
_COMPLAINT = ("complaint_missed", "complaint_false")


@dataclass(frozen=True, slots=True)
class Offer:
    """A suggestion as the agent saw it."""

    intent: str
    confidence: float
    text: str
    entry_id: str
    right: bool
    fallback: bool


@dataclass(frozen=True, slots=True)
class Miss:
    """A message with something wrong.

    `kinds` are codes of `report.yaml`, `feelings` (what, labelled, said) of those misread, `complaint` its probability
    and what was weighed; `remark` says what there is to say without signals.
    """

    case: CaseResult
    kinds: list[str]
    wanted: str
    got: str
    feelings: list[tuple[str, str, str]]
    offers: list[Offer]
    intents: Duel | None
    entries: Duel | None
    complaint: tuple[str, list[Pull]] | None
    remark: str

    @property
    def codes(self) -> list[str]:
        """The intents that it is filed under: what was wanted and what was first."""
        return list(dict.fromkeys([*map(folded, self.case.wanted[:1]), *first_topic(self.case)]))


def misses(cases: Iterable[CaseResult]) -> list[Miss]:
    """Wrong topics first, the surest mistakes foremost; then complaints, then emotions."""
    wrong = [(each, kinds) for each in cases if (kinds := kinds_of(each))]
    return [_miss(each, kinds) for each, kinds in sorted(wrong, key=lambda pair: _rank(*pair))]


def _rank(case: CaseResult, kinds: Sequence[str]) -> tuple[int, float, str]:
    group = 0 if set(kinds) & set(_TOPIC) else 1 if kinds != ["emotion"] else 2
    sure = next((each.confidence for each in case.suggestions[:1] if not each.fallback), 0.0)
    return group, -sure, case.id


def kinds_of(case: CaseResult) -> list[str]:
    """Everything that is wrong with a case, as codes of `report.yaml`; nothing for what readers did not label."""
    kinds = [_topic_kind(case)] if case.right_first is False else []
    if case.labelled.complaint is not None and case.labelled.complaint != case.said.complaint:
        kinds.append("complaint_missed" if case.labelled.complaint else "complaint_false")
    if case.labelled.emotion is not None and case.labelled.emotion != case.said.emotion:
        kinds.append("emotion")
    return kinds


def _topic_kind(case: CaseResult) -> str:
    if case.abstained:
        return "silent"
    if case.wanted[:1] == [OUTSIDE]:
        return "outside"
    return "first" if case.right_three else "three"


def _miss(case: CaseResult, kinds: list[str]) -> Miss:
    why = case.why if case.right_first is False else None
    return Miss(
        case=case,
        kinds=kinds,
        wanted="、".join(zh(code) for code in case.wanted),
        got=zh(next(iter(first_topic(case)), "silence")),
        feelings=_feelings(case, kinds),
        offers=[_offer(case, place) for place in range(len(case.suggestions))],
        intents=intent_duel(case, why),
        entries=entry_duel(case, why),
        complaint=complaint_signals(case) if set(kinds) & set(_COMPLAINT) else None,
        remark=_remark(case, why),
    )


def _feelings(case: CaseResult, kinds: Sequence[str]) -> list[tuple[str, str, str]]:
    """(what, labelled, said) of the feelings that were misread."""
    rows = []
    if set(kinds) & set(_COMPLAINT):
        rows.append(("投诉", _yes(case.labelled.complaint), _yes(case.said.complaint)))
    if "emotion" in kinds:
        rows.append(("情绪", emotion(case.labelled.emotion), emotion(case.said.emotion)))
    return rows


def _yes(value: bool | None) -> str:
    return "是" if value else "否"


def emotion(label: str | None) -> str:
    """What an emotion is called."""
    return words().emotions.get(label or "", label or "")


def _offer(case: CaseResult, place: int) -> Offer:
    one = case.suggestions[place]
    right = not one.fallback and is_wanted(case, one.intent)
    return Offer(zh(one.intent), one.confidence, one.text, one.entry_id, right, one.fallback)


def _remark(case: CaseResult, why: Explained | None) -> str:
    """What is to be said where there is nothing to compare."""
    if case.right_first is not False:
        return ""
    if case.abstained:
        return "系统没有回复：它认为知识里没有合适的内容，或者没有一条够得上最低把握。"
    if case.wanted[:1] == [OUTSIDE]:
        return "这句话与店铺无关：不作回复，或者按闲聊婉拒才对。"
    found = why is not None and any(is_wanted(case, each.code) for each in why.intents)
    return "" if found else "应当的意图没有进入候选：知识里没有与这句话足够相近的问法。"
