"""Messages that the shop opens itself (reminders, notices, thanks) and the phrases that hold a conversation."""

from __future__ import annotations

from assistant.ranking import Ranked
from assistant.response import Complaint, Emotion, IntentGuess, Understanding
from knowledge.retriever import Candidate, Scope
from knowledge.snapshot import Snapshot
from models.intents import intents

DEFAULT_TAG = "默认"  # an editor marks the wording that comes first


def opening_entries(snapshot: Snapshot, scope: Scope, intent: str) -> list[Ranked]:
    """The entries of an agent-voiced intent that apply now; the agent asked for them, so nothing is in doubt."""
    entries = [entry for entry in snapshot.phrases(scope, intent=intent) if entry.answers_messages]
    # An emergency first, one for this item before a general one, one that an editor marked before the rest; the sort
    # keeps the shop's own before the shared ones otherwise.
    entries.sort(key=lambda entry: (not entry.is_emergency, not entry.items, DEFAULT_TAG not in entry.tags))
    return [Ranked(Candidate(entry, "", 0.0, 0.0, 0.0, 0.0), 1.0, 0.0, {}) for entry in entries]


def understood_opening(intent: str | None) -> Understanding:
    """The understanding when there is no buyer message to understand; `intent` is what the agent opens with, if any."""
    return Understanding(
        intents=(IntentGuess(code=intent, confidence=1.0),) if intent else (),
        complaint=Complaint(value=False, confidence=1.0),
        emotion=Emotion(label="neutral", confidence=1.0),
        phase=intents()[intent].phase if intent else "flow",
    )
