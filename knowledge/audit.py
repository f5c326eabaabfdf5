"""The log of every change: who, when, what, before and after. It is only ever added to."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, insert, or_, select

from knowledge import tables
from knowledge.access_tables import audit
from knowledge.database import Database
from knowledge.storable import is_storable

_SECRET = re.compile(r"\bx[ks]_[A-Za-z0-9_-]{16,}")
_BLANKED = "（密钥已遮盖）"


@dataclass(frozen=True, slots=True)
class Author:
    """Who changed something. `key_id` None: somebody on this machine."""

    name: str
    role: str
    key_id: int | None = None


SYSTEM = Author("系统", "admin")
COMMAND_LINE = Author("命令行", "admin")


@dataclass(frozen=True, slots=True)
class Change:
    """One change to be recorded. `before` None: it came into being, `after` None: it is gone.

    Of an entry the versions are named instead of the values, which `entry_versions` has.
    """

    action: str
    object: str
    shop_id: str | None = None
    before: Any = None
    after: Any = None
    version_before: int | None = None
    version_after: int | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """One change as recorded; `before` and `after` are the values as JSON gives them back."""

    id: int
    at: datetime
    who: str
    role: str
    key_id: int | None
    shop_id: str | None
    action: str
    object: str
    before: Any
    after: Any


def put_records(connection: Connection, by: Author, changes: Iterable[Change]) -> None:
    """Record changes inside the transaction that makes them."""
    at = datetime.now(UTC).isoformat()
    rows = [_row(by, change, at) for change in changes]
    if rows:
        connection.execute(insert(audit), rows)


class AuditLog:
    """The log of one installation, newest first when read."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(
        self,
        by: Author,
        action: str,
        object: str,  # noqa: A002  # what a record calls it
        shop_id: str | None = None,
        before: Any = None,
        after: Any = None,
    ) -> None:
        """Record one change of anything that JSON can hold; `action` is dotted, such as `proposal.publish`."""
        with self._database.writing() as connection:
            put_records(connection, by, [Change(action, object, shop_id, before, after)])

    def page(
        self,
        *,
        limit: int = 50,
        before: int | None = None,
        shop_id: str | None = None,
        who: str | None = None,
        action: str | None = None,
        object: str | None = None,  # noqa: A002
    ) -> list[Record]:
        """The newest records that meet every filter, before a record's id; `action` may be the part before a dot.

        Within a shop, what an entry was while it belonged to another one is None.
        """
        if not all(is_storable(value) for value in (shop_id, who, action, object) if value is not None):
            return []
        columns = audit.c
        exact = {columns.shop_id: shop_id, columns.who: who, columns.object: object}
        wanted = [column == value for column, value in exact.items() if value is not None]
        wanted += [columns.id < before] if before is not None else []
        wanted += [_is_action(action)] if action else []
        with self._database.reading() as connection:
            query = select(audit).where(*wanted).order_by(columns.id.desc()).limit(limit)
            rows = connection.execute(query).all()
            bodies = _bodies(connection, rows, shop_id)
        return [_record(row, bodies) for row in rows]


def _is_action(action: str) -> ColumnElement[bool]:
    # Not LIKE: what was typed into a filter may hold its wildcards, and its case counts on one database only.
    return or_(audit.c.action == action, and_(audit.c.action > f"{action}.", audit.c.action < f"{action}/"))


def _row(by: Author, change: Change, at: str) -> dict[str, Any]:
    return {
        "at": at,
        "who": by.name,
        "role": by.role,
        "key_id": by.key_id,
        "shop_id": change.shop_id,
        "action": change.action,
        "object": change.object,
        "before": _stored(change.before),
        "after": _stored(change.after),
        "version_before": change.version_before,
        "version_after": change.version_after,
    }


def _stored(value: Any) -> str | None:
    """The value as JSON without secrets; half a character would be refused by every database."""
    if value is None:
        return None
    text = json.dumps(value, ensure_ascii=False, default=str).encode("utf-8", "replace").decode()
    return _SECRET.sub(_BLANKED, text)


_Versions = Mapping[tuple[str, int], str]


def _bodies(connection: Connection, rows: Sequence[Row[Any]], shop_id: str | None) -> _Versions:
    """The versions that the records name; of those for one shop, none that was another's."""
    columns = tables.entry_versions.c
    ids = {row.object for row in rows if row.version_before or row.version_after}
    numbers = {number for row in rows for number in (row.version_before, row.version_after) if number}
    query = select(columns.entry_id, columns.version, columns.body)
    query = query.where(columns.entry_id.in_(ids), columns.version.in_(numbers))
    found = connection.execute(query).all() if ids else []
    return {
        (entry_id, version): body
        for entry_id, version, body in found
        if shop_id is None or json.loads(body)["shop_id"] in (None, shop_id)
    }


def _record(row: Row[Any], bodies: _Versions) -> Record:
    before, after = _values(row, bodies)
    return Record(
        row.id, datetime.fromisoformat(row.at), row.who, row.role, row.key_id, row.shop_id, row.action, row.object,
        before, after,
    )  # fmt: skip


def _values(row: Row[Any], bodies: _Versions) -> Iterator[Any]:
    for stored, version in ((row.before, row.version_before), (row.after, row.version_after)):
        text = stored if version is None else bodies.get((row.object, version))
        yield None if text is None else json.loads(_SECRET.sub(_BLANKED, text))
