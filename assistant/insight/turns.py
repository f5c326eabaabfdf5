"""Buyers' turns: each counted once, however often suggestions were asked for, with what the agent made of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from knowledge.records.insight import Given, Response

Outcome = Literal["not_shown", "ignored", "as_is", "edited"]
_SENT = ("sent", "edited")
_TAKEN = ("inserted", "copied")


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of a buyer. `outcome` is what became of the suggestions, `distance` characters changed of `length`."""

    conversation: str | None
    at: datetime
    agent: str | None
    item_id: str | None
    message: str
    intent: str
    complaint: bool
    abstained: bool
    missing: tuple[str, ...]
    waited_s: float | None
    outcome: Outcome
    distance: int | None = None
    length: int | None = None
    changed_texts: tuple[str, ...] = ()


def turns_of(responses: Iterable[Response], feedback: Iterable[Given]) -> tuple[Turn, ...]:
    """The turns in the order of their first response; both arguments oldest first."""
    given: dict[str, list[Given]] = defaultdict(list)
    for one in feedback:
        given[one.request_id].append(one)
    same_turn: dict[Hashable, list[Response]] = {}
    for response in responses:
        same_turn.setdefault(_key(response), []).append(response)
    return tuple(_turn(group, given) for group in same_turn.values())


def _key(response: Response) -> Hashable:
    """What responses to one turn have in common: when it began, or else its last message."""
    if response.conversation_id is None:
        return response.id
    if response.asked_at is not None:
        return response.conversation_id, "asked", response.asked_at
    return (response.conversation_id, "message", response.message_id) if response.message_id else response.id


def _turn(group: Sequence[Response], given: dict[str, list[Given]]) -> Turn:
    """The last response knows the whole turn, the earlier ones only its beginning."""
    last = group[-1]
    events = sorted((one for response in group for one in given.get(response.request_id, ())), key=lambda one: one.at)
    sent = next((one for one in reversed(events) if one.action in _SENT), None)
    return Turn(
        conversation=last.conversation_id,
        at=group[0].at,
        agent=next((one.agent for one in reversed(events) if one.agent), None) or last.agent,
        item_id=last.item_id,
        message=last.message,
        intent=last.intent or "other.unclear",
        complaint=last.complaint,
        abstained=last.abstained,
        missing=last.missing,
        waited_s=next((one.waited_s for one in group if one.waited_s is not None), None),
        outcome=_outcome(events, sent),
        distance=sent.edit_distance if sent else None,
        length=sent.length if sent else None,
        changed_texts=tuple(one.sent_text for one in events if one.sent_text and _was_changed(one)),
    )


def _outcome(events: Sequence[Given], sent: Given | None) -> Outcome:
    if sent is not None:
        return "edited" if _was_changed(sent) else "as_is"
    if any(one.action in _TAKEN for one in events):
        return "as_is"
    return "ignored" if events else "not_shown"


def _was_changed(one: Given) -> bool:
    """What was sent says it better than the name of the action, where the suggestion is known."""
    return one.action == "edited" if one.edit_distance is None else one.edit_distance > 0
