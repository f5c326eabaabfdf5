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
# The reply takes the next step itself, or there is none to take.
_TAKES_THE_STEP = ("flow.ack", "flow.closing", "flow.greeting", "order.cancel")


def next_phrase(
    snapshot: Snapshot, scope: Scope, understanding: Understanding, facts: Facts, said: tuple[str, ...]
) -> NextPhrase | None:
    """The first guide of the shop that applies now (`talk.next`) and was not sent yet; none to a buyer in trouble."""
    topic = next((guess.code for guess in understanding.intents), None)
    if "talk.next" not in facts or topic in _TAKES_THE_STEP or _in_trouble(understanding, facts):
        return None
    for entry in snapshot.phrases(scope, tag=GUIDE_TAG):
        if entry.intent == topic:
            continue
        for answer in applicable(entry.answers, facts):
            rendered = render(answer.text, entry.id, facts)
            if rendered and not rendered.missing and not was_said(rendered.text, said):
                return NextPhrase(text=rendered.text, intent=entry.intent, entry_id=entry.id)
    return None


def _in_trouble(understanding: Understanding, facts: Facts) -> bool:
    """Whether the buyer complains, threatens or is upset, now or about what was talked about before."""
    before = str(facts.get("talk.topic", ""))
    return (
        understanding.complaint.value
        or bool(understanding.risks)
        or understanding.emotion.label in _NOT_WHEN_FEELING
        or before.startswith(("after.", "risk."))
        or before in ("order.urge_ship", "order.stuck", "order.not_received")
    )
