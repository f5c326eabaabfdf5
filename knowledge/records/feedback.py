"""What agents made of suggestions. Texts come in masked; the log names the entry and how much of it was changed."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, delete, insert, select, update

from knowledge.conversation_tables import feedback, suggestions
from knowledge.database import Database
from knowledge.records.matching import find_suggestion
from knowledge.records.moments import moment, now, stamp
from knowledge.records.waiting import waited

Action = Literal["shown", "inserted", "copied", "sent", "edited", "dismissed", "liked", "disliked", "reported"]
Reason = Literal["inaccurate", "outdated", "irrelevant", "incomplete", "tone", "other"]
SENDING: frozenset[Action] = frozenset({"sent", "edited"})


@dataclass(frozen=True, slots=True)
class Feedback:
    """One thing an agent did with a suggestion, or with a response where no suggestion is named."""

    shop_id: str
    request_id: str
    action: Action
    suggestion_id: str | None = None
    conversation_id: str | None = None
    reason: Reason | None = None
    comment: str | None = None
    sent_text: str | None = None
    agent: str | None = None


@dataclass(frozen=True, slots=True)
class StoredFeedback:
    """What was stored: entry and version where the log knows the suggestion, the distance where a text was sent."""

    id: int
    at: datetime
    entry_id: str | None
    version: int | None
    edit_distance: int | None
    length: int | None


class FeedbackLog:
    """The feedback of all shops."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, given: Feedback) -> StoredFeedback:
        """Store one feedback. Of a suggestion that the shop's log does not know, no entry is told."""
        at = now()
        with self._database.writing() as connection:
            known = find_suggestion(connection, given.shop_id, given.suggestion_id) if given.suggestion_id else None
            columns = {**asdict(given), "at": stamp(at), **(known.told(given.sent_text) if known else {})}
            row = connection.execute(insert(feedback).returning(*feedback.c), columns).one()
            if given.action in SENDING:
                _note_response_time(connection, given, at)
        return StoredFeedback(row.id, at, row.entry_id, row.version, row.edit_distance, row.length)

    def knows(self, shop_id: str, suggestion_id: str) -> bool:
        """Whether the shop's log has the suggestion."""
        with self._database.reading() as connection:
            return find_suggestion(connection, shop_id, suggestion_id) is not None

    def purge(self, before: datetime) -> int:
        """Remove the feedback given before a moment, and count it."""
        with self._database.writing() as connection:
            return connection.execute(delete(feedback).where(feedback.c.at < stamp(before))).rowcount


def _note_response_time(connection: Connection, given: Feedback, at: datetime) -> None:
    """The first answer to a turn ends its waiting; where a conversation is reported, it has been told already."""
    columns = suggestions.c
    unanswered = (
        select(columns.id, columns.asked_at, columns.at)
        .where(columns.shop_id == given.shop_id, columns.request_id == given.request_id, columns.waited_s.is_(None))
        .order_by(columns.id.desc())
    )
    row = connection.execute(unanswered.limit(1)).one_or_none()
    if row is not None:
        seconds = waited(moment(row.asked_at or row.at), at)
        connection.execute(update(suggestions).where(columns.id == row.id).values(waited_s=seconds))
