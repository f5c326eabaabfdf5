"""Conversations as the shop's chat window or its plug-in reports them: messages, context, and who is waiting.

Every change gives the conversation a new `seq`, so whoever holds an older one asks for what came since and loses
nothing. One clock over all conversations tells listeners in any process that something changed at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, func, insert, select, update

from knowledge.context import Context
from knowledge.conversation_tables import conversation_clock, conversation_messages, conversations
from knowledge.database import Database
from knowledge.records.incoming import Incoming, Line, StoredLine
from knowledge.records.moments import moment, now, stamp
from knowledge.records.waiting import note_answered
from knowledge.storable import is_storable

__all__ = ["Added", "Conversation", "Conversations", "Incoming", "Line", "Marks", "StoredLine", "Summary"]

_CONVERSATION, _MESSAGE = conversations.c, conversation_messages.c


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation at `seq` with some of its messages, oldest first; `waiting_since` None: nobody waits."""

    conversation_id: str
    seq: int
    context: Context
    waiting_since: datetime | None
    messages: tuple[StoredLine, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """A conversation in a list."""

    conversation_id: str
    buyer: str | None
    last_text: str | None
    waiting_since: datetime | None


@dataclass(frozen=True, slots=True)
class Added:
    """What a report made of a conversation."""

    seq: int
    messages_total: int


@dataclass(frozen=True, slots=True)
class Marks:
    """How far everything is: the clock over all conversations and the knowledge revision."""

    clock: int
    revision: int


class Conversations:
    """The conversations of all shops; each belongs to one shop, and ids of two shops never meet."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, shop_id: str, conversation_id: str, lines: Sequence[Line], context: Context | None = None) -> Added:
        """Append the messages that are not there yet, and replace the context when one is given."""
        with self._database.writing() as connection:
            # The row of the clock lets one writer in at a time, so clocks are seen in their order on every database.
            clock = connection.scalars(select(conversation_clock.c.value).with_for_update()).one()
            row = _row(connection, shop_id, conversation_id)
            incoming = Incoming.after(row.seq if row else 0, moment(row.waiting_since) if row else None, now())
            for line in _new(connection, shop_id, conversation_id, lines):
                incoming.take(line)
            if context is not None and (row is None or row.context != context.model_dump_json(exclude_none=True)):
                incoming.seq += 1
            if row is None or incoming.seq != row.seq:
                _save(connection, (shop_id, conversation_id), incoming, context, clock + 1, is_new=row is None)
            total = select(func.count()).select_from(conversation_messages).where(_here(shop_id, conversation_id))
            return Added(incoming.seq, connection.scalars(total).one())

    def since(self, shop_id: str, conversation_id: str, after: int = 0, limit: int = 500) -> Conversation | None:
        """The conversation with its messages after that `seq`, at most the last `limit`; None when it is not there."""
        if not (is_storable(shop_id) and is_storable(conversation_id)):
            return None
        with self._database.reading() as connection:
            row = _row(connection, shop_id, conversation_id)
            if row is None:
                return None
            wanted = select(conversation_messages).where(_here(shop_id, conversation_id), _MESSAGE.seq > after)
            newest = connection.execute(wanted.order_by(_MESSAGE.seq.desc()).limit(limit)).all()
        return Conversation(
            conversation_id,
            row.seq,
            Context.model_validate_json(row.context),
            moment(row.waiting_since),
            tuple(_line(each) for each in reversed(newest)),
        )

    def list(self, shop_id: str, *, waiting: bool, limit: int = 100) -> list[Summary]:
        """The shop's conversations: with `waiting` those with an unanswered buyer, longest first, else the latest."""
        query = select(conversations).where(_CONVERSATION.shop_id == shop_id)
        if waiting:
            query = query.where(_CONVERSATION.waiting_since.is_not(None)).order_by(_CONVERSATION.waiting_since)
        else:
            query = query.order_by(_CONVERSATION.updated_at.desc())
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(_CONVERSATION.conversation_id).limit(limit)).all()
        return [Summary(row.conversation_id, row.buyer, row.last_text, moment(row.waiting_since)) for row in rows]

    def marks(self) -> Marks:
        """How far everything is; one small query, for it is asked several times a second."""
        row = self._database.first_row("SELECT c.value, r.value FROM conversation_clock c, revision r")
        return Marks(int(row[0]), int(row[1])) if row else Marks(0, 0)

    def changed_since(self, clock: int) -> set[tuple[str, str]]:
        """Shop and id of each conversation that changed after the clock stood there."""
        query = select(_CONVERSATION.shop_id, _CONVERSATION.conversation_id).where(_CONVERSATION.clock > clock)
        with self._database.reading() as connection:
            return {(row.shop_id, row.conversation_id) for row in connection.execute(query)}

    def purge(self, before: datetime) -> int:
        """Remove the conversations that nothing happened in since `before`, and count them."""
        with self._database.writing() as connection:
            gone = delete(conversations).where(_CONVERSATION.updated_at < stamp(before))
            return connection.execute(gone).rowcount


def _here(shop_id: str, conversation_id: str) -> ColumnElement[bool]:
    return and_(_MESSAGE.shop_id == shop_id, _MESSAGE.conversation_id == conversation_id)


def _row(connection: Connection, shop_id: str, conversation_id: str) -> Row[Any] | None:
    here = and_(_CONVERSATION.shop_id == shop_id, _CONVERSATION.conversation_id == conversation_id)
    return connection.execute(select(conversations).where(here)).one_or_none()


def _new(connection: Connection, shop_id: str, conversation_id: str, lines: Sequence[Line]) -> list[Line]:
    """The lines whose id is not there yet; of two with one id the first. A line without id is always new."""
    ids = {line.message_id for line in lines if line.message_id is not None}
    query = select(_MESSAGE.message_id).where(_here(shop_id, conversation_id), _MESSAGE.message_id.in_(ids))
    known = set(connection.scalars(query)) if ids else set()
    new = []
    for line in lines:
        if line.message_id is None or line.message_id not in known:
            new.append(line)
            known.add(line.message_id or "")
    return new


def _save(
    connection: Connection,
    key: tuple[str, str],
    incoming: Incoming,
    context: Context | None,
    clock: int,
    *,
    is_new: bool,
) -> None:
    shop_id, conversation_id = key
    values = incoming.columns() | {"clock": clock}
    if context is not None:
        values |= {"context": context.model_dump_json(exclude_none=True), "buyer": context.buyer and context.buyer.nick}
    if is_new:
        row = {"context": "{}", "shop_id": shop_id, "conversation_id": conversation_id, **values}
        connection.execute(insert(conversations), row)
    else:
        here = and_(_CONVERSATION.shop_id == shop_id, _CONVERSATION.conversation_id == conversation_id)
        connection.execute(update(conversations).where(here).values(**values))
    if incoming.rows:
        rows = [{"shop_id": shop_id, "conversation_id": conversation_id, **row} for row in incoming.rows]
        connection.execute(insert(conversation_messages), rows)
    for asked, answered in incoming.answers:
        note_answered(connection, shop_id, conversation_id, asked, answered)
    connection.execute(update(conversation_clock).values(value=clock))


def _line(row: Row[Any]) -> StoredLine:
    sent_at = moment(row.sent_at) or moment(row.received_at)
    return StoredLine(row.seq, row.message_id, row.role, row.text, sent_at)
