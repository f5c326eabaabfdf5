"""The clock of first responses: from the buyer's message to the answer that was sent."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, func, update

from knowledge.conversation_tables import suggestions
from knowledge.records.moments import stamp

LONGEST = timedelta(hours=24)  # what comes later is no response in a chat, and would bend every average


def waited(asked: datetime | None, answered: datetime) -> float | None:
    """Seconds between the two; None where they cannot belong together."""
    if asked is None or not timedelta(0) <= answered - asked <= LONGEST:
        return None
    return round((answered - asked).total_seconds(), 1)


def note_answered(
    connection: Connection, shop_id: str, conversation_id: str, asked: datetime, answered: datetime
) -> None:
    """Tell the suggestions made for a buyer's turn how long it waited; the first answer counts."""
    seconds = waited(asked, answered)
    if seconds is None:
        return
    columns = suggestions.c
    this_turn = update(suggestions).where(
        columns.shop_id == shop_id,
        columns.conversation_id == conversation_id,
        columns.waited_s.is_(None),
        func.coalesce(columns.asked_at, columns.at).between(stamp(asked), stamp(answered)),
    )
    connection.execute(this_turn.values(waited_s=seconds))
