"""Pages of the list of entries: which ids meet the filters, in order, and the entries of one page."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import get_args

from sqlalchemy import ColumnElement, Connection, Select, func, select

from knowledge import tables
from knowledge.batches import batches
from knowledge.entries import Listed
from knowledge.search.filters import Filters, Searched, Sort, conditions, parts, storable
from knowledge.search.texts import SearchTexts

_FEW = 25_000  # ids that are looked up rather than picked out of all; at half of 50,000 both take as long
SEARCHED: tuple[Searched, ...] = get_args(Searched)
_entries = tables.entries.c
_ORDERS: dict[Sort, tuple[ColumnElement[str], ...]] = {
    "id": (_entries.id,),
    "title": (_entries.title_key, _entries.id),
    "updated_at": (_entries.updated_at.desc(), _entries.id),
}


class Listing:
    """Finds entries in one database. Safe to use from many threads."""

    def __init__(self) -> None:
        self._texts = {name: SearchTexts(name) for name in SEARCHED}

    def page(
        self, connection: Connection, filters: Filters, sort: Sort, limit: int, offset: int
    ) -> tuple[Sequence[str], int]:
        """The ids of one page, and how many entries meet the filters."""
        if not storable(filters):
            return (), 0
        if any(parts(filters)):
            ids = self.ids(connection, filters, sort)
            return ids[offset : offset + limit], len(ids)
        wanted = conditions(filters)
        total = connection.scalars(select(func.count()).select_from(tables.entries).where(*wanted)).one()
        query = select(_entries.id).where(*wanted).order_by(*_ORDERS[sort]).limit(limit).offset(offset)
        return connection.scalars(query).all(), total

    def ids(self, connection: Connection, filters: Filters, sort: Sort | None = None) -> Sequence[str]:
        """The ids of all entries that meet the filters; without `sort` in any order, which is faster."""
        if not storable(filters):
            return ()
        query = select(_entries.id).where(*conditions(filters))
        held = self._held(connection, filters)
        if held is None:
            return connection.scalars(query.order_by(*_ORDERS[sort]) if sort else query).all()
        return _in_order(connection, query.add_columns(_entries.title_key, _entries.updated_at), sort or "id", held)

    def prepare(self, connection: Connection) -> None:
        """Read the texts before the first search has to."""
        for texts in self._texts.values():
            texts.holding(connection, ())

    def _held(self, connection: Connection, filters: Filters) -> set[str] | None:
        """The ids of the entries that have every part in their texts; None where no part is asked for."""
        wanted: dict[Searched, list[str]] = {}
        for column, part in parts(filters):
            wanted.setdefault(column, []).append(part)
        found = [self._texts[column].holding(connection, some) for column, some in wanted.items()]
        return set.intersection(*found) if found else None


def _in_order(connection: Connection, query: Select[tuple[str, str, str]], sort: Sort, among: set[str]) -> list[str]:
    """The ids that a query finds among some: few are looked up, many are picked out of all."""
    asked = [query.where(_entries.id.in_(some)) for some in batches(sorted(among))] if len(among) <= _FEW else [query]
    found = (row for each in asked for row in connection.execute(each).all())
    rows = [(row.id, row.title_key, row.updated_at) for row in found if row.id in among]
    rows.sort(key=itemgetter(0))  # by code point, as the database sorts ids
    if sort != "id":
        rows.sort(key=itemgetter(1 if sort == "title" else 2), reverse=sort == "updated_at")
    return [row[0] for row in rows]


def listed(connection: Connection, ids: Sequence[str], similar: Mapping[str, float] | None = None) -> list[Listed]:
    """The entries with these ids, in their order; at most some hundreds."""
    columns = tables.entries.c
    query = select(columns.id, columns.body, columns.updated_at, columns.updated_by).where(columns.id.in_(ids))
    rows = {row[0]: row for row in connection.execute(query.where(~columns.deleted))} if ids else {}
    return [
        Listed.model_validate(
            {
                **json.loads(rows[entry_id].body),
                "updated_at": rows[entry_id].updated_at,
                "updated_by": rows[entry_id].updated_by,
                "similarity": (similar or {}).get(entry_id),
            }
        )
        for entry_id in ids
        if entry_id in rows
    ]
