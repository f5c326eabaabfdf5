"""Labelled tests of a shop: dialogs that say what Xiaoer should make of them, run before knowledge is published.

What a dialog must look like is the business of whoever runs it; here it is JSON that comes back as it was.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from knowledge.audit import Author, Change, put_records
from knowledge.database import Database
from knowledge.errors import RecordNotFound
from knowledge.review_tables import labelled_tests
from knowledge.storable import is_storable, require_storable

_ROW = labelled_tests.c


@dataclass(frozen=True, slots=True)
class LabelledTest:
    """A stored test; `dialog` has the contract's form."""

    id: int
    shop_id: str
    dialog: Mapping[str, Any]
    author: str
    created_at: datetime
    updated_at: datetime


class LabelledTests:
    """The tests of all shops."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, shop_id: str, dialog: Mapping[str, Any], by: Author) -> LabelledTest:
        """Keep a new test."""
        require_storable({"shop_id": shop_id})
        at = datetime.now(UTC).isoformat()
        row = {"shop_id": shop_id, "dialog": _text(dialog), "author": by.name, "created_at": at, "updated_at": at}
        with self._database.writing() as connection:
            stored = _test(connection.execute(insert(labelled_tests).values(row).returning(*_ROW)).one())
            put_records(connection, by, [_change("create", stored, after=_told(stored))])
        return stored

    def get(self, test_id: int) -> LabelledTest:
        """One test; raises RecordNotFound."""
        with self._database.reading() as connection:
            return _stored(connection, test_id)

    def list(self, shop_id: str | None = None, limit: int | None = None, offset: int = 0) -> list[LabelledTest]:
        """The tests of a shop, or of all shops, oldest first."""
        query = select(labelled_tests).order_by(_ROW.id).limit(limit).offset(offset)
        if shop_id is not None:
            query = query.where(_ROW.shop_id == shop_id)
        if not is_storable(shop_id or ""):
            return []
        with self._database.reading() as connection:
            return [_test(row) for row in connection.execute(query)]

    def count(self, shop_id: str | None = None) -> int:
        """How many tests a shop has, or all shops have."""
        query = select(func.count()).select_from(labelled_tests)
        if shop_id is not None:
            query = query.where(_ROW.shop_id == shop_id)
        with self._database.reading() as connection:
            return connection.scalars(query).one() if is_storable(shop_id or "") else 0

    def replace(self, test_id: int, dialog: Mapping[str, Any], by: Author) -> LabelledTest:
        """Put another dialog in its place; raises RecordNotFound."""
        at = datetime.now(UTC).isoformat()
        with self._database.writing() as connection:
            before = _stored(connection, test_id)
            statement = update(labelled_tests).where(_ROW.id == test_id).returning(*_ROW)
            after = _test(connection.execute(statement.values(dialog=_text(dialog), updated_at=at)).one())
            put_records(connection, by, [_change("update", after, _told(before), _told(after))])
        return after

    def remove(self, test_id: int, by: Author) -> None:
        """Throw a test away; raises RecordNotFound."""
        with self._database.writing() as connection:
            before = _stored(connection, test_id)
            connection.execute(delete(labelled_tests).where(_ROW.id == test_id))
            put_records(connection, by, [_change("delete", before, before=_told(before))])


def _stored(connection: Connection, test_id: int) -> LabelledTest:
    row = connection.execute(select(labelled_tests).where(_ROW.id == test_id)).one_or_none()
    if row is None:
        raise RecordNotFound("标注测试", test_id)
    return _test(row)


def _text(dialog: Mapping[str, Any]) -> str:
    # Escaped, because no database takes half a character or a NUL that a message may hold.
    return json.dumps(dialog)


def _test(row: Row[Any]) -> LabelledTest:
    times = {name: datetime.fromisoformat(getattr(row, name)) for name in ("created_at", "updated_at")}
    return LabelledTest(**{**row._asdict(), **times, "dialog": json.loads(row.dialog)})


def _told(test: LabelledTest) -> dict[str, Any]:
    """What the log keeps for good: what was expected, not what buyers wrote."""
    messages = test.dialog.get("messages", [])
    expected = [each["labels"] for each in messages if each.get("labels")]
    return {"dialog_id": test.dialog.get("dialog_id"), "messages": len(messages), "expected": expected}


def _change(action: str, test: LabelledTest, before: Any = None, after: Any = None) -> Change:
    return Change(f"test.{action}", str(test.id), test.shop_id, before=before, after=after)
