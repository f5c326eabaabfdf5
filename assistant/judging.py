"""Whether a response to a labelled message is right, and what is wrong with it in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.labelled_dialogs import Case, Labels
from assistant.response import Suggestion, SuggestionResponse
from models.intents import intents

OUTSIDE = "other.chitchat"
SILENCE = "silence"  # stands for "nothing is suggested" among the topics of a run
# Two pairs of codes ask for the same reply and count as one (see intents.yaml of the contract).
_SAME = {"flow.closing": "flow.ack", "flow.info": "other.unclear"}


def folded(code: str) -> str:
    """The code that stands for all that ask for the same reply."""
    return _SAME.get(code, code)


def accepted(codes: Sequence[str]) -> set[str]:
    """What a right suggestion is about, folded; to what has nothing to do with the shop, silence is right."""
    topics = [folded(code) for code in codes]
    return {*topics, SILENCE} if topics[:1] == [OUTSIDE] else set(topics)


def first_suggestion(response: SuggestionResponse) -> Suggestion | None:
    """The first reply; a holding phrase suggests nothing."""
    return next((each for each in response.suggestions if not each.fallback), None)


def faults(case: Case, response: SuggestionResponse) -> list[str]:
    """What is wrong with the response, each in a sentence; empty for a right one."""
    if case.labels is None:
        return list(_topic_faults((case.request.intent or "",), response))
    return list(_faults(case.labels, response))


def _faults(labels: Labels, response: SuggestionResponse) -> Iterator[str]:
    if labels.abstained is not None and labels.abstained != response.abstained:
        yield "应当不给建议，却给了" if labels.abstained else "应当有建议，却一条也没有"
    elif labels.intents and not labels.abstained:
        yield from _topic_faults(labels.intents, response)
    if labels.entry_ids:
        yield from _entry_faults(labels.entry_ids, response)
    if labels.complaint is not None and labels.complaint != response.understanding.complaint.value:
        yield "应当看作投诉，却没有" if labels.complaint else "不是投诉，却看作了投诉"


def _topic_faults(codes: Sequence[str], response: SuggestionResponse) -> Iterator[str]:
    first = None if response.abstained else first_suggestion(response)
    offered = SILENCE if first is None else folded(first.intent)
    if offered not in accepted(codes):
        wanted = "或".join(f"“{_name(code)}”" for code in codes)
        got = "没有合适的建议" if first is None else f"首条建议是“{_name(first.intent)}”"
        yield f"{got}，应为{wanted}"


def _entry_faults(entry_ids: Sequence[str], response: SuggestionResponse) -> Iterator[str]:
    first = first_suggestion(response)
    sources = (
        {first.source.entry_id, *(part.entry_id for part in first.parts if part.role == "answer")} if first else set()
    )
    if not sources & set(entry_ids):
        got = f"首条建议出自条目 {first.source.entry_id}" if first else "没有合适的建议"
        yield f"{got}，应出自 {'、'.join(entry_ids)}"


def _name(code: str) -> str:
    intent = intents().get(code)
    return intent.zh if intent else code
