"""Which suggestion a feedback is about, and how much of it was changed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, select, update

from knowledge.conversation_tables import feedback, suggested, suggestions
from knowledge.records.edit_distance import edit_distance

_LOG, _REPLY, _GIVEN = suggestions.c, suggested.c, feedback.c


@dataclass(frozen=True, slots=True)
class KnownSuggestion:
    """What the log knows about one suggestion."""

    entry_id: str
    version: int
    text: str

    def told(self, sent_text: str | None) -> dict[str, object]:
        """What a feedback on it says more: its entry, its length, and the distance to the text that was sent."""
        distance = None if sent_text is None else edit_distance(self.text, sent_text)
        return {"entry_id": self.entry_id, "version": self.version, "edit_distance": distance, "length": len(self.text)}


def find_suggestion(connection: Connection, shop_id: str, suggestion_id: str) -> KnownSuggestion | None:
    """A suggestion made for the shop; None for one that is not in the log, or another shop's."""
    query = (
        select(_REPLY.entry_id, _REPLY.version, _REPLY.text)
        .join(suggestions, _LOG.id == _REPLY.log_id)
        .where(_REPLY.suggestion_id == suggestion_id, _LOG.shop_id == shop_id)
    )
    row = connection.execute(query.limit(1)).one_or_none()
    return KnownSuggestion(row.entry_id, row.version, row.text) if row else None


def match_earlier_feedback(connection: Connection, shop_id: str, suggestion_ids: Collection[str]) -> None:
    """Complete the feedback that came before its suggestion was written down, which happens in the background."""
    early = select(_GIVEN.id, _GIVEN.suggestion_id, _GIVEN.sent_text).where(
        _GIVEN.suggestion_id.in_(suggestion_ids), _GIVEN.shop_id == shop_id, _GIVEN.entry_id.is_(None)
    )
    for row in connection.execute(early).all():
        known = find_suggestion(connection, shop_id, row.suggestion_id)
        if known:
            connection.execute(update(feedback).where(_GIVEN.id == row.id).values(**known.told(row.sent_text)))
