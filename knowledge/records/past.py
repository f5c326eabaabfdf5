"""Bringing in what happened earlier or elsewhere, with its own times: for demonstrations, measurements and tests."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import bindparam, insert, update

from knowledge.context import Context
from knowledge.conversation_tables import conversations, feedback, suggestions
from knowledge.database import Database
from knowledge.records.feedback import Feedback
from knowledge.records.matching import KnownSuggestion
from knowledge.records.moments import stamp
from knowledge.records.suggestion_log import SuggestionLog, SuggestionRecord


@dataclass(frozen=True, slots=True)
class PastTurn:
    """A response, how long the buyer waited for an answer, and what the agent made of it, each with its moment."""

    record: SuggestionRecord
    waited_s: float | None = None
    feedback: Sequence[tuple[datetime, Feedback]] = ()


@dataclass(frozen=True, slots=True)
class PastConversation:
    """A conversation that is over: its context as it was last known."""

    shop_id: str
    conversation_id: str
    context: Context
    at: datetime


class Past:
    """Writes the past of all shops; nothing of it is announced to those who listen."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._log = SuggestionLog(database)

    def put(self, turns: Sequence[PastTurn], talks: Iterable[PastConversation] = ()) -> None:
        """Store turns and conversations beside what is there."""
        self._log.add([turn.record for turn in turns])
        waits = [
            {"shop": turn.record.shop_id, "of": turn.record.request_id, "waited": turn.waited_s}
            for turn in turns
            if turn.waited_s is not None
        ]
        given = [_row(turn, at, one) for turn in turns for at, one in turn.feedback]
        rows = [_talk(talk) for talk in talks]
        with self._database.writing() as connection:
            if waits:
                here = update(suggestions).where(
                    suggestions.c.shop_id == bindparam("shop"), suggestions.c.request_id == bindparam("of")
                )
                connection.execute(here.values(waited_s=bindparam("waited")), waits)
            if given:
                connection.execute(insert(feedback), given)
            if rows:
                connection.execute(insert(conversations), rows)


def _row(turn: PastTurn, at: datetime, one: Feedback) -> dict[str, object]:
    reply = next((reply for reply in turn.record.replies if reply.suggestion_id == one.suggestion_id), None)
    known = KnownSuggestion(reply.entry_id, reply.version, reply.text).told(one.sent_text) if reply else {}
    nothing = dict.fromkeys(("entry_id", "version", "edit_distance", "length"))
    return {**asdict(one), "at": stamp(at), **nothing, **known}


def _talk(talk: PastConversation) -> dict[str, object]:
    return {
        "shop_id": talk.shop_id,
        "conversation_id": talk.conversation_id,
        "seq": 1,
        "clock": 0,
        "context": talk.context.model_dump_json(exclude_none=True),
        "buyer": talk.context.buyer and talk.context.buyer.nick,
        "last_text": None,
        "waiting_since": None,
        "updated_at": stamp(talk.at),
    }
