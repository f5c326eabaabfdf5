"""What was suggested: one record a response, its replies beside it. Texts come in masked; nothing here unmasks them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from knowledge.conversation_tables import conversations, suggested, suggestions
from knowledge.database import Database
from knowledge.records.matching import match_earlier_feedback
from knowledge.records.moments import stamp

_LOG = suggestions.c


@dataclass(frozen=True, slots=True)
class Suggested:
    """One reply of a response."""

    suggestion_id: str
    rank: int
    entry_id: str
    version: int
    intent: str
    confidence: float
    fallback: bool
    text: str


@dataclass(frozen=True, slots=True)
class SuggestionRecord:
    """One response. `asked_at` is when the buyer's turn began, where the request says it; `missing` context fields."""

    shop_id: str
    request_id: str
    conversation_id: str | None
    message_id: str | None
    at: datetime
    asked_at: datetime | None
    agent: str | None
    item_id: str | None
    message: str
    intents: Sequence[tuple[str, float]]
    complaint: bool
    emotion: str
    risks: Sequence[str]
    phase: str
    abstained: bool
    missing: Sequence[str]
    revision: int
    took_ms: float
    replies: Sequence[Suggested] = ()


class SuggestionLog:
    """The log of all shops."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, records: Sequence[SuggestionRecord]) -> None:
        """Store the records, all or none."""
        with self._database.writing() as connection:
            for record in records:
                row = {**_columns(record), "asked_at": _asked_at(connection, record)}
                log_id = connection.execute(insert(suggestions).returning(_LOG.id), row).scalar_one()
                replies = [{"log_id": log_id, **asdict(reply)} for reply in record.replies]
                if replies:
                    connection.execute(insert(suggested), replies)
                    ids = [reply.suggestion_id for reply in record.replies]
                    match_earlier_feedback(connection, record.shop_id, ids)

    def purge(self, before: datetime) -> int:
        """Remove the records made before a moment, and count them."""
        with self._database.writing() as connection:
            return connection.execute(delete(suggestions).where(_LOG.at < stamp(before))).rowcount


def _asked_at(connection: Connection, record: SuggestionRecord) -> str | None:
    """When the buyer asked, as the request or else the conversation knows it."""
    if record.asked_at is not None:
        return stamp(record.asked_at)
    here = (conversations.c.shop_id == record.shop_id, conversations.c.conversation_id == record.conversation_id)
    return connection.scalars(select(conversations.c.waiting_since).where(*here)).one_or_none()


def _columns(record: SuggestionRecord) -> dict[str, object]:
    same = ("shop_id", "request_id", "conversation_id", "message_id", "agent", "item_id", "message", "complaint",
            "emotion", "phase", "abstained", "revision", "took_ms")  # fmt: skip
    return {
        **{name: getattr(record, name) for name in same},
        "at": stamp(record.at),
        "intent": record.intents[0][0] if record.intents else None,
        "intents": json.dumps([{"code": code, "confidence": confidence} for code, confidence in record.intents]),
        "risks": json.dumps(list(record.risks)),
        "missing": json.dumps(list(record.missing), ensure_ascii=False),
    }
