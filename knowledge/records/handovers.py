"""The hand-over table of a shift (交接表): what the next agent must go on with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Row, delete, insert, select, update

from knowledge.audit import Author, Change, put_records
from knowledge.conversation_tables import handovers
from knowledge.database import Database
from knowledge.errors import RecordNotFound
from knowledge.records.moments import now, stamp
from knowledge.storable import is_storable

HandoverStatus = Literal["open", "done"]
_ROW = handovers.c


@dataclass(frozen=True, slots=True)
class HandoverDraft:
    """What an agent writes."""

    title: str
    text: str
    conversation_id: str | None = None
    agent: str | None = None
    status: HandoverStatus = "open"


@dataclass(frozen=True, slots=True)
class Handover(HandoverDraft):
    """A stored one."""

    id: int = 0
    shop_id: str = ""
    created_at: str = ""
    updated_at: str = ""


class Handovers:
    """The hand-over tables of all shops."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, shop_id: str, draft: HandoverDraft, by: Author) -> Handover:
        """Put one on the shop's table."""
        at = stamp(now())
        row = {**_columns(draft), "shop_id": shop_id, "created_at": at, "updated_at": at}
        with self._database.writing() as connection:
            stored = _handover(connection.execute(insert(handovers).returning(*_ROW), row).one())
            put_records(connection, by, [_change("create", stored, after=_told(stored))])
        return stored

    def list(
        self,
        shop_id: str,
        *,
        status: HandoverStatus | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int = 1000,
    ) -> list[Handover]:
        """The shop's, newest first; `since` and `until` (excluded) say when they were written."""
        if not is_storable(shop_id):
            return []
        wanted = [_ROW.shop_id == shop_id]
        wanted += [_ROW.status == status] if status else []
        wanted += [_ROW.created_at >= stamp(since)] if since else []
        wanted += [_ROW.created_at < stamp(until)] if until else []
        query = select(handovers).where(*wanted).order_by(_ROW.created_at.desc(), _ROW.id.desc()).limit(limit)
        with self._database.reading() as connection:
            return [_handover(row) for row in connection.execute(query)]

    def get(self, handover_id: int) -> Handover:
        """One of any shop; raises RecordNotFound."""
        with self._database.reading() as connection:
            row = connection.execute(select(handovers).where(_ROW.id == handover_id)).one_or_none()
        return _handover(_present(row, handover_id))

    def change(self, handover_id: int, given: Mapping[str, str | None], by: Author) -> Handover:
        """Write some fields of a draft anew, the others stay as they are by then; raises RecordNotFound."""
        here = _ROW.id == handover_id
        with self._database.writing() as connection:
            row = connection.execute(select(handovers).where(here)).one_or_none()
            before = _handover(_present(row, handover_id))
            changed = update(handovers).where(here).values(**given, updated_at=stamp(now())).returning(*_ROW)
            after = _handover(connection.execute(changed).one())
            put_records(connection, by, [_change("update", after, _told(before), _told(after))])
        return after

    def purge(self, before: datetime) -> int:
        """Remove those that were done and not touched since a moment, and count them."""
        old = delete(handovers).where(_ROW.status == "done", _ROW.updated_at < stamp(before))
        with self._database.writing() as connection:
            return connection.execute(old).rowcount


def _told(handover: Handover) -> dict[str, str | None]:
    """What the log keeps for good: not the text, which speaks of buyers."""
    return {name: getattr(handover, name) for name in ("conversation_id", "agent", "status")}


def _change(action: str, handover: Handover, before: object = None, after: object = None) -> Change:
    return Change(f"handover.{action}", str(handover.id), handover.shop_id, before, after)


def _present(row: Row[Any] | None, handover_id: int) -> Row[Any]:
    if row is None:
        raise RecordNotFound("交接事项", handover_id)
    return row


def _columns(draft: HandoverDraft) -> dict[str, str | None]:
    names: Sequence[str] = ("title", "text", "conversation_id", "agent", "status")
    return {name: getattr(draft, name) for name in names}


def _handover(row: Row[Any]) -> Handover:
    return Handover(**row._mapping)
