"""Why an entry that was considered is not among the suggestions, in the words of an editor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.explanation import EntryReason
from assistant.previewing import AnswerPreview, SamplePreview
from assistant.response import SuggestionResponse
from knowledge.compliance import blocks
from knowledge.conditions import Facts
from knowledge.entries import ConditionValue, Entry
from knowledge.placeholders import context_names, field_of
from knowledge.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Considered:
    """A ranked entry; `place` among the suggestions (None: it is none), `unsayable` where it has no answer to give."""

    reason: EntryReason
    place: int | None
    unsayable: bool
    why: str


def unsayable(entry: Entry, preview: SamplePreview, facts: Facts) -> str | None:
    """Why no answer of the entry can be given here; None when one can."""
    sayable = (a for a in preview.answers if not a.unmet and a.text is not None and not blocks(a.findings))
    if next(sayable, None):
        return None
    reasons = [
        f"答案{number}：{_against(entry, number - 1, answer, facts)}"
        for number, answer in enumerate(preview.answers, start=1)
    ]
    return "没有能说的答案。" + "；".join(reasons)


def why_lost(
    reason: EntryReason,
    ranked: Sequence[EntryReason],
    places: Mapping[str, int],
    response: SuggestionResponse,
    snapshot: Snapshot,
) -> str:
    """The place of an entry that has something to say, or what went before it."""
    place = places.get(reason.entry_id)
    if place is not None:
        return f"排在第 {place} 位"
    if response.abstained:
        return f"没有给出建议：{response.reason}"
    rivals = [each for each in ranked if each.intent == reason.intent and each.entry_id in places]
    urgent = next((each for each in rivals if snapshot.entries[each.entry_id].is_emergency), None)
    if urgent and not snapshot.entries[reason.entry_id].is_emergency:
        return f"紧急条目 {urgent.entry_id} 生效期间代替它"
    best = next((each for each in rivals if each.match >= reason.match), None)
    if best:
        return f"同一意图里条目 {best.entry_id} 更贴切（{best.match:.2f} 对 {reason.match:.2f}）"
    if rivals:
        return "同一意图的建议已经够多，或者这句话刚刚说过"
    return f"意图的可能性太小（{reason.confidence:.1%}），不占建议的位置"


def _against(entry: Entry, number: int, answer: AnswerPreview, facts: Facts) -> str:
    if answer.unmet:
        return "、".join(_unmet(path, entry.answers[number].when[path], facts) for path in answer.unmet)
    if answer.text is None:
        return f"缺少{'、'.join(_name(path) for path in answer.missing)}，又没有可以代替的说法"
    return f"含有不能对买家说的话“{next(each.text for each in answer.findings if each.action == 'block')}”"


def _unmet(path: str, wanted: Sequence[ConditionValue], facts: Facts) -> str:
    values = "、".join("没有" if value is None else "任意值" if value == "*" else str(value) for value in wanted)
    actual = facts.get(path)
    return f"{_name(path)}要是 {values}，这里{'没有给出' if actual is None else f'是 {actual}'}"


def _name(path: str) -> str:
    field = field_of(path)
    return context_names().get(path) or (field.meaning if field else path)
