"""The entry rows of one transaction: worked out against what is stored, then put down together."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from knowledge import tables
from knowledge.audit import Change
from knowledge.batches import batches
from knowledge.changes import Outcome, Saved
from knowledge.entries import Entry, EntryDraft
from knowledge.errors import EntryExists, EntryNotFound, VersionConflict
from knowledge.search.columns import search_columns
from knowledge.short_codes import require_free_codes
from knowledge.storable import is_storable, require_storable

_ID_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # none that is taken for another when read aloud
_FIELDS = set(EntryDraft.model_fields)
_UPDATED = tuple(column.name for column in tables.entries.c if column.name != "id")


@dataclass(frozen=True)
class _Stored:
    entry: Entry
    deleted: bool


class EntryWriter:
    """Collects what a transaction does to entries; `flush` writes it. Later changes see earlier ones."""

    def __init__(self, connection: Connection, revision: int, ids: Iterable[str], saved_by: str | None = None) -> None:
        """`revision` is what the changed rows will bear; `ids` are all entries that the write is going to name."""
        self._saved_by = saved_by
        self._connection = connection
        self._revision = revision
        self._saved_at = datetime.now(UTC).isoformat()
        self._at_start = dict(_stored(connection, ids))
        self._now = dict(self._at_start)
        self._versions: list[dict[str, Any]] = []
        self._changes: list[Change] = []

    def require_versions(self, expected: Mapping[str, int]) -> None:
        """Raise VersionConflict for the first entry that somebody else saved since, EntryNotFound if it is gone.

        Version 0 is expected of an entry that is not there; EntryExists when it is.
        """
        for entry_id, version in expected.items():
            if not version:
                self._require_absent(entry_id)
                continue
            actual = self._present(entry_id).entry.version
            if actual != version:
                raise VersionConflict(entry_id, version, actual)

    def _require_absent(self, entry_id: str) -> None:
        stored = self._now.get(entry_id)
        if stored and not stored.deleted:
            raise EntryExists(entry_id)

    def save(self, draft: EntryDraft, *, create_only: bool) -> Saved:
        """Take a draft in; without an id it gets one. Raises EntryExists when it may only be created."""
        entry_id = draft.id or self._new_id(draft.intent)
        stored = self._now.get(entry_id)
        exists = stored is not None and not stored.deleted
        if exists and create_only:
            raise EntryExists(entry_id)
        version = stored.entry.version if stored else 0
        entry = _entry(draft, entry_id, version + 1)
        if stored and exists and stored.entry.content == entry.content:
            return Saved(entry_id, version, "unchanged")
        return self._put(entry, "updated" if exists else "created")

    def delete(self, entry_id: str) -> Saved:
        """Mark an entry as deleted, which takes a version number; raises EntryNotFound."""
        entry = self._present(entry_id).entry
        return self._put(entry.model_copy(update={"version": entry.version + 1}), "deleted")

    def flush(self) -> list[Change]:
        """Write the rows; what changed by them, for the audit log."""
        if not self._versions:
            return []
        rows = {row["id"]: row for row in self._versions}
        _put_current(self._connection, [row for row in rows.values() if row["id"] not in self._at_start], new=True)
        _put_current(self._connection, [row for row in rows.values() if row["id"] in self._at_start], new=False)
        current = [self._now[entry_id] for entry_id in rows]
        _put_items(self._connection, [each.entry for each in current])
        require_free_codes(self._connection, [each.entry for each in current if not each.deleted])
        versions = [
            {"entry_id": row["id"], "saved_at": row["updated_at"]}
            | {name: row[name] for name in ("version", "revision", "body", "deleted")}
            for row in self._versions
        ]
        self._connection.execute(insert(tables.entry_versions), versions)
        return self._changes

    def _present(self, entry_id: str) -> _Stored:
        stored = self._now.get(entry_id)
        if stored is None or stored.deleted:
            raise EntryNotFound(entry_id)
        return stored

    def _put(self, entry: Entry, outcome: Outcome) -> Saved:
        deleted = outcome == "deleted"
        self._changes.append(_change(entry, outcome))
        self._now[entry.id] = _Stored(entry, deleted)
        self._versions.append(_row(entry, self._revision, self._saved_at, self._saved_by, deleted))
        return Saved(entry.id, entry.version, outcome)

    def _new_id(self, intent: str) -> str:
        stem = re.sub(r"[^a-z0-9]+", "-", intent.lower()).strip("-")[:60] or "entry"
        while True:
            entry_id = f"{stem}-{''.join(secrets.choice(_ID_LETTERS) for _ in range(6))}"
            if entry_id not in self._now and not dict(_stored(self._connection, [entry_id])):
                return entry_id


def _entry(draft: EntryDraft, entry_id: str, version: int) -> Entry:
    require_storable({"id": entry_id, "shop_id": draft.shop_id, "intent": draft.intent})
    for item_id in draft.items:
        require_storable({"items": item_id})
    return Entry.model_validate({**draft.model_dump(include=_FIELDS), "id": entry_id, "version": version})


_ACTIONS: Mapping[Outcome, str] = {"created": "entry.create", "updated": "entry.update", "deleted": "entry.delete"}


def _change(entry: Entry, outcome: Outcome) -> Change:
    before = None if outcome == "created" else entry.version - 1
    after = None if outcome == "deleted" else entry.version
    return Change(_ACTIONS[outcome], entry.id, entry.shop_id, version_before=before, version_after=after)


def _row(entry: Entry, revision: int, saved_at: str, saved_by: str | None, deleted: bool) -> dict[str, Any]:
    return {
        "id": entry.id,
        "shop_id": entry.shop_id,
        "kind": entry.kind,
        "intent": entry.intent,
        "status": entry.status,
        "body": entry.model_dump_json(),
        "version": entry.version,
        "revision": revision,
        "deleted": deleted,
        "updated_at": saved_at,
        "updated_by": saved_by,
        **search_columns(entry),
    }


def _stored(connection: Connection, ids: Iterable[str]) -> Iterator[tuple[str, _Stored]]:
    columns = tables.entries.c
    for some in batches(sorted({entry_id for entry_id in ids if is_storable(entry_id)})):
        query = select(columns.id, columns.body, columns.deleted).where(columns.id.in_(some))
        for entry_id, body, deleted in connection.execute(query):
            yield entry_id, _Stored(Entry.model_validate_json(body), deleted)


def _put_current(connection: Connection, rows: Sequence[dict[str, Any]], *, new: bool) -> None:
    if rows and new:
        connection.execute(insert(tables.entries), rows)
    elif rows:
        statement = update(tables.entries).where(tables.entries.c.id == bindparam("key"))
        values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in _UPDATED}
        parameters = [{"key": row["id"]} | {f"new_{name}": row[name] for name in _UPDATED} for row in rows]
        connection.execute(statement.values(values), parameters)


def _put_items(connection: Connection, entries: Sequence[Entry]) -> None:
    table = tables.entry_items
    for some in batches(sorted({entry.id for entry in entries})):
        connection.execute(delete(table).where(table.c.entry_id.in_(some)))
    rows = [{"entry_id": entry.id, "item_id": item_id} for entry in entries for item_id in dict.fromkeys(entry.items)]
    if rows:
        connection.execute(insert(table), rows)
