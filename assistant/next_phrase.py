"""The phrase that may follow the reply: a guide to order after an answer, to check the address after the payment."""

from __future__ import annotations

from assistant.rendering import render
from assistant.repetition import was_said
from assistant.response import NextPhrase, Understanding
from knowledge.conditions import Facts, applicable
from knowledge.entries import GUIDE_TAG
from knowledge.roster import Scope
from knowledge.snapshot import Snapshot

_NOT_WHEN_FEELING = ("upset", "angry")


def next_phrase(
    snapshot: Snapshot, scope: Scope, understanding: Understanding, facts: Facts, said: tuple[str, ...]
) -> NextPhrase | None:
    """The first guide of the shop that applies now (`talk.next`) and was not sent yet; none to a buyer in trouble."""
    if "talk.next" not in facts or understanding.complaint.value or understanding.risks:
        return None
    if understanding.emotion.label in _NOT_WHEN_FEELING:
        return None
    for entry in snapshot.phrases(scope, tag=GUIDE_TAG):
        for answer in applicable(entry.answers, facts):
            rendered = render(answer.text, entry.id, facts)
            if rendered and not rendered.missing and not was_said(rendered.text, said):
                return NextPhrase(text=rendered.text, intent=entry.intent, entry_id=entry.id)
    return None
