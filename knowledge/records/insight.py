"""What insight counts: the responses, feedback and orders of a shop between two moments, as few columns as it needs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, select

from knowledge.conversation_tables import conversations, feedback, suggestions
from knowledge.database import Database
from knowledge.records.feedback import Action
from knowledge.records.moments import stamp
from knowledge.storable import is_storable

_LOG, _GIVEN, _CONVERSATION = suggestions.c, feedback.c, conversations.c
_HAS_ORDER = '"order":{'  # as a context is written; inside a text the quotation marks would be escaped


@dataclass(frozen=True, slots=True)
class Response:
    """One response to a buyer's turn; `asked_at` is when the turn began, `waited_s` how long it waited."""

    id: int
    request_id: str
    conversation_id: str | None
    message_id: str | None
    at: datetime
    asked_at: str | None
    agent: str | None
    item_id: str | None
    message: str
    intent: str | None
    complaint: bool
    abstained: bool
    missing: tuple[str, ...]
    waited_s: float | None


@dataclass(frozen=True, slots=True)
class Given:
    """One feedback, in the order in which they were given."""

    request_id: str
    at: datetime
    action: Action
    agent: str | None
    edit_distance: int | None
    length: int | None
    sent_text: str | None


class InsightRecords:
    """Reads the records of all shops for one shop at a time; `since` counts, `until` does not."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def responses(
        self, shop_id: str, since: datetime, until: datetime, item_id: str | None = None
    ) -> tuple[Response, ...]:
        """The responses to buyers' messages, oldest first; openings of the shop answer nobody and are left out."""
        columns = [_LOG[name] for name in Response.__slots__]
        wanted = [*_between(suggestions, shop_id, since, until), _LOG.message != ""]
        wanted += [_LOG.item_id == item_id] if item_id is not None else []
        if not _storable(shop_id, item_id):
            return ()
        with self._database.reading() as connection:
            rows = connection.execute(select(*columns).where(*wanted).order_by(_LOG.at, _LOG.id))
            return tuple(map(_response, rows))

    def feedback(self, shop_id: str, since: datetime, until: datetime) -> tuple[Given, ...]:
        """The feedback given."""
        columns = [_GIVEN[name] for name in Given.__slots__]
        query = select(*columns).where(*_between(feedback, shop_id, since, until)).order_by(_GIVEN.at, _GIVEN.id)
        if not _storable(shop_id):
            return ()
        with self._database.reading() as connection:
            return tuple(map(_given, connection.execute(query)))

    def ordered(self, shop_id: str, since: datetime) -> frozenset[str]:
        """The conversations, touched since then, whose context names an order."""
        query = select(_CONVERSATION.conversation_id).where(
            _CONVERSATION.shop_id == shop_id,
            _CONVERSATION.updated_at >= stamp(since),
            _CONVERSATION.context.contains(_HAS_ORDER, autoescape=True),
        )
        if not _storable(shop_id):
            return frozenset()
        with self._database.reading() as connection:
            return frozenset(connection.scalars(query))


def _between(table: Table, shop_id: str, since: datetime, until: datetime) -> list[ColumnElement[bool]]:
    return [table.c.shop_id == shop_id, table.c.at >= stamp(since), table.c.at < stamp(until)]


def _storable(*values: str | None) -> bool:
    return all(is_storable(value) for value in values if value is not None)


# By position, in the order of the fields: a month of a busy shop has a hundred thousand rows, and names cost as much
# as the query itself.


def _response(row: Sequence[Any]) -> Response:
    log_id, request_id, conversation_id, message_id, at, asked_at, agent, item_id, message, intent, *flags = row
    complaint, abstained, missing, waited_s = flags
    lacking = tuple(json.loads(missing)) if missing != "[]" else ()
    moment = datetime.fromisoformat(at)
    named = (agent, item_id, message, intent)
    return Response(
        log_id,
        request_id,
        conversation_id,
        message_id,
        moment,
        asked_at,
        *named,
        complaint,
        abstained,
        lacking,
        waited_s,
    )


def _given(row: Sequence[Any]) -> Given:
    request_id, at, *rest = row
    return Given(request_id, datetime.fromisoformat(at), *rest)
