"""A small shop and some of our utterances, for tests that fit: enough to learn from, seconds to encode.

A module asks for the fixture by `from tests.fitting_fixtures import snapshot as snapshot`.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from assistant.conversation import read_conversation
from assistant.examples import Example, own_examples
from assistant.request import Message
from knowledge.changes import Delta
from knowledge.entries import Entry
from knowledge.snapshot import Snapshot
from knowledge.starter import starter_changes
from knowledge.starter.vectors import starter_vectors
from models.encoder import Encoder
from tests.entry_examples import draft

KNOWN = ("flow.greeting", "pre.size", "pre.invoice", "order.track", "after.damaged", "after.return", "other.chitchat")
# What the utterances ask after that the shop knows nothing of.
UNKNOWN = ("pre.stock", "pre.bulk", "order.urge_ship", "other.account")
# A shop's own word for whether it is in stock, which nobody outside knows.
JARGON = ("有喵喵吗", "这款喵喵还在不", "喵喵了吗", "还能喵喵吗亲", "什么时候再喵喵", "黑色的喵喵没有啊")


def some_of(every: int, codes: Sequence[str] = ()) -> list[Example]:
    """Every n-th of our utterances, of these intents where any are named."""
    return [each for each in own_examples() if not codes or each.intents[0] in codes][::every]


def said(text: str, *codes: str, complaint: bool | None = False, emotion: str | None = "neutral") -> Example:
    """A buyer's turn out of a labelled dialog."""
    conversation = read_conversation([Message(role="buyer", text=text)])
    return Example(conversation, codes, complaint, emotion, from_dialog=True)


def snapshot_of(encoder: Encoder, *entries: Entry) -> Snapshot:
    """The knowledge of these entries."""
    delta = Delta(1, entries, frozenset(), (), {})
    return Snapshot.empty(encoder).advanced(delta, encoder, prepared=starter_vectors(encoder.id))


def entry(entry_id: str, **fields: object) -> Entry:
    """A published entry."""
    return Entry.model_validate({**draft(entry_id, **fields).model_dump(), "version": 1})


def starter_entries(*codes: str) -> list[Entry]:
    """Two of the starter's entries of each intent."""
    found = []
    for code in codes:
        drafts = [
            each
            for each in starter_changes().drafts
            if each.intent == code and "empathy" not in each.tags and not each.items
        ]
        found += [Entry.model_validate({**each.model_dump(), "version": 1}) for each in drafts[:2]]
    return found


@pytest.fixture(scope="session")
def snapshot(encoder: Encoder) -> Snapshot:
    """A shop that knows two entries of each of a few intents, and one agent-voiced intent."""
    return snapshot_of(encoder, *starter_entries(*KNOWN, "flow.wait"))
