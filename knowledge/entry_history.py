"""The history of entries: every version with who saved it and when, and what changed since a moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Row, and_, func, or_, select

from knowledge import tables
from knowledge.access_tables import audit
from knowledge.batches import AT_ONCE
from knowledge.database import Database
from knowledge.entries import Entry
from knowledge.errors import EntryNotFound
from knowledge.storable import is_storable

_VERSION = tables.entry_versions.c
_CURRENT = ("id", "body", "deleted", "updated_at", "updated_by")


@dataclass(frozen=True, slots=True)
class SavedVersion:
    """One version as it was saved. Of a deletion `entry` is what was deleted; `by` None: nobody knows any more."""

    version: int
    entry: Entry
    deleted: bool
    saved_at: datetime
    by: str | None


@dataclass(frozen=True, slots=True)
class EntryChange:
    """What became of an entry since a moment: `before` None: it was not there; `after` None: it was deleted."""

    before: Entry | None
    after: Entry | None
    saved_at: datetime
    by: str | None


class EntryHistory:
    """Reads what `Store.write` has written; every version is kept for good."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def versions(self, entry_id: str, limit: int = 50, offset: int = 0) -> tuple[list[SavedVersion], int]:
        """The versions of an entry, newest first, and how many there are; also of a deleted one.

        Raises EntryNotFound for an id that never was.
        """
        here = _VERSION.entry_id == entry_id
        query = select(tables.entry_versions).where(here).order_by(_VERSION.version.desc()).limit(limit).offset(offset)
        if not is_storable(entry_id):
            raise EntryNotFound(entry_id)
        with self._database.reading() as connection:
            total = connection.scalars(select(func.count()).select_from(tables.entry_versions).where(here)).one()
            if not total:
                raise EntryNotFound(entry_id)
            rows = connection.execute(query).all()
            names = _names(connection, [entry_id])
        return [_saved(row, names.get((entry_id, row.version))) for row in rows], total

    def version(self, entry_id: str, version: int) -> SavedVersion:
        """One version of an entry; raises EntryNotFound."""
        here = (_VERSION.entry_id == entry_id, _VERSION.version == version)
        row, names = None, {}
        if is_storable(entry_id):
            with self._database.reading() as connection:
                row = connection.execute(select(tables.entry_versions).where(*here)).one_or_none()
                names = _names(connection, [entry_id])
        if row is None:
            raise EntryNotFound(f"{entry_id}（第 {version} 版）")
        return _saved(row, names.get((entry_id, version)))

    def changed_since(self, shop_id: str, since: datetime, limit: int = 500) -> list[EntryChange]:
        """The shop's and the shared entries that changed after a moment, the latest change first.

        Only what agents could say then or can say now. Each once, from what it was at that moment to what it is now;
        what came and went in between is left out. One that was another shop's at that moment is new to this one.
        """
        entries = tables.entries.c
        latest = func.max(_VERSION.version).label("latest")
        moved = select(_VERSION.entry_id, latest).where(_VERSION.saved_at > since.astimezone(UTC).isoformat())
        moved = moved.group_by(_VERSION.entry_id)
        with self._database.reading() as connection:
            candidates = moved.subquery()
            query = (
                select(*(entries[name] for name in _CURRENT))
                .join(candidates, candidates.c.entry_id == entries.id)
                .where(or_(entries.shop_id == shop_id, entries.shop_id.is_(None)))
                .order_by(entries.updated_at.desc(), entries.id)
            )
            found: list[EntryChange] = []
            rows = iter(connection.execute(query).all())
            while len(found) < limit and (some := list(islice(rows, AT_ONCE))):
                before = _as_of(connection, [row.id for row in some], since)
                own = {entry_id: entry for entry_id, entry in before.items() if entry.shop_id in (None, shop_id)}
                found += filter(_was_or_is_said, (_entry_change(row, own.get(row.id)) for row in some))
        return found[:limit]


def _was_or_is_said(change: EntryChange) -> bool:
    return any(entry and entry.status == "published" for entry in (change.before, change.after))


def _as_of(connection: Connection, ids: Sequence[str], moment: datetime) -> dict[str, Entry]:
    """What each entry was at a moment; those that were not there are missing."""
    earlier = and_(_VERSION.entry_id.in_(ids), _VERSION.saved_at <= moment.astimezone(UTC).isoformat())
    last = select(_VERSION.entry_id, func.max(_VERSION.version).label("last")).where(earlier)
    last_of = last.group_by(_VERSION.entry_id).subquery()
    same = and_(last_of.c.entry_id == _VERSION.entry_id, last_of.c.last == _VERSION.version)
    query = select(_VERSION.entry_id, _VERSION.body).join(last_of, same).where(~_VERSION.deleted)
    return {entry_id: Entry.model_validate_json(body) for entry_id, body in connection.execute(query)}


def _names(connection: Connection, ids: Sequence[str]) -> dict[tuple[str, int], str]:
    """Who saved each version, as the audit log knows; a deletion is the version after the one that was deleted."""
    columns = audit.c
    query = select(columns.object, columns.who, columns.version_before, columns.version_after)
    query = query.where(columns.object.in_(ids), columns.action.in_(("entry.create", "entry.update", "entry.delete")))
    return {(row.object, row.version_after or row.version_before + 1): row.who for row in connection.execute(query)}


def _saved(row: Row[Any], by: str | None) -> SavedVersion:
    saved_at = datetime.fromisoformat(row.saved_at)
    return SavedVersion(row.version, Entry.model_validate_json(row.body), row.deleted, saved_at, by)


def _entry_change(row: Row[Any], before: Entry | None) -> EntryChange:
    after = None if row.deleted else Entry.model_validate_json(row.body)
    return EntryChange(before, after, datetime.fromisoformat(row.updated_at), row.updated_by)
