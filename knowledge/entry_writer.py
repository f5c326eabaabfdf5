"""The entry rows of one transaction: worked out against what is stored, then put down together."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from knowledge import tables
from knowledge.changes import Outcome, Saved
from knowledge.entries import Entry, EntryDraft
from knowledge.errors import EntryExists, EntryNotFound, VersionConflict
from knowledge.storable import is_storable, require_storable

_ID_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # none that is taken for another when read aloud
_IDS_AT_ONCE = 500  # databases limit the parameters of one query
_UPDATED = ("shop_id", "kind", "intent", "status", "searchable", "body", "version", "revision", "deleted", "updated_at")


@dataclass(frozen=True)
class _Stored:
    entry: Entry
    deleted: bool


class EntryWriter:
    """Collects what a transaction does to entries; `flush` writes it. Later changes see earlier ones."""

    def __init__(self, connection: Connection, revision: int, ids: Iterable[str]) -> None:
        """`revision` is what the changed rows will bear; `ids` are all entries that the write is going to name."""
        self._connection = connection
        self._revision = revision
        self._saved_at = datetime.now(UTC).isoformat()
        self._at_start = dict(_stored(connection, ids))
        self._now = dict(self._at_start)
        self._versions: list[dict[str, Any]] = []

    def require_versions(self, expected: Mapping[str, int]) -> None:
        """Raise VersionConflict for the first entry that somebody else saved since, EntryNotFound if it is gone."""
        for entry_id, version in expected.items():
            actual = self._present(entry_id).entry.version
            if actual != version:
                raise VersionConflict(entry_id, version, actual)

    def save(self, draft: EntryDraft, *, create_only: bool) -> Saved:
        """Take a draft in; without an id it gets one. Raises EntryExists when it may only be created."""
        entry_id = draft.id or self._new_id(draft.intent)
        stored = self._now.get(entry_id)
        exists = stored is not None and not stored.deleted
        if exists and create_only:
            raise EntryExists(entry_id)
        version = stored.entry.version if stored else 0
        entry = _entry(draft, entry_id, version + 1)
        if stored and exists and _content(stored.entry) == _content(entry):
            return Saved(entry_id, version, "unchanged")
        return self._put(entry, "updated" if exists else "created")

    def delete(self, entry_id: str) -> Saved:
        """Mark an entry as deleted, which takes a version number; raises EntryNotFound."""
        entry = self._present(entry_id).entry
        return self._put(entry.model_copy(update={"version": entry.version + 1}), "deleted")

    def flush(self) -> bool:
        """Write the rows; whether there were any."""
        if not self._versions:
            return False
        rows = {row["id"]: row for row in self._versions}
        _put_current(self._connection, [row for row in rows.values() if row["id"] not in self._at_start], new=True)
        _put_current(self._connection, [row for row in rows.values() if row["id"] in self._at_start], new=False)
        _put_items(self._connection, [self._now[entry_id].entry for entry_id in rows])
        versions = [
            {"entry_id": row["id"], "saved_at": row["updated_at"]}
            | {name: row[name] for name in ("version", "revision", "body", "deleted")}
            for row in self._versions
        ]
        self._connection.execute(insert(tables.entry_versions), versions)
        return True

    def _present(self, entry_id: str) -> _Stored:
        stored = self._now.get(entry_id)
        if stored is None or stored.deleted:
            raise EntryNotFound(entry_id)
        return stored

    def _put(self, entry: Entry, outcome: Outcome) -> Saved:
        deleted = outcome == "deleted"
        self._now[entry.id] = _Stored(entry, deleted)
        self._versions.append(_row(entry, self._revision, self._saved_at, deleted))
        return Saved(entry.id, entry.version, outcome)

    def _new_id(self, intent: str) -> str:
        stem = re.sub(r"[^a-z0-9]+", "-", intent.lower()).strip("-")[:60] or "entry"
        while True:
            entry_id = f"{stem}-{''.join(secrets.choice(_ID_LETTERS) for _ in range(6))}"
            if entry_id not in self._now and not dict(_stored(self._connection, [entry_id])):
                return entry_id


def searchable(entry: Entry) -> str:
    """What a text search looks through: title, questions and answers, case folded."""
    lines = (entry.title, *entry.questions, *(answer.text for answer in entry.answers))
    return "\n".join(lines).replace("\0", " ").casefold()


def _entry(draft: EntryDraft, entry_id: str, version: int) -> Entry:
    require_storable({"id": entry_id, "shop_id": draft.shop_id, "intent": draft.intent})
    for item_id in draft.items:
        require_storable({"items": item_id})
    return Entry.model_validate({**draft.model_dump(), "id": entry_id, "version": version})


def _content(entry: Entry) -> str:
    # JSON tells 1 from true and from 1.0, which Python's == does not.
    return entry.model_dump_json(exclude={"version"})


def _row(entry: Entry, revision: int, saved_at: str, deleted: bool) -> dict[str, Any]:
    return {
        "id": entry.id,
        "shop_id": entry.shop_id,
        "kind": entry.kind,
        "intent": entry.intent,
        "status": entry.status,
        "searchable": searchable(entry),
        "body": entry.model_dump_json(),
        "version": entry.version,
        "revision": revision,
        "deleted": deleted,
        "updated_at": saved_at,
    }


def _stored(connection: Connection, ids: Iterable[str]) -> Iterator[tuple[str, _Stored]]:
    columns = tables.entries.c
    for some in _batches({entry_id for entry_id in ids if is_storable(entry_id)}):
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
    for some in _batches({entry.id for entry in entries}):
        connection.execute(delete(table).where(table.c.entry_id.in_(some)))
    rows = [{"entry_id": entry.id, "item_id": item_id} for entry in entries for item_id in dict.fromkeys(entry.items)]
    if rows:
        connection.execute(insert(table), rows)


def _batches(ids: Iterable[str]) -> Iterator[list[str]]:
    waiting = iter(sorted(ids))
    while some := list(islice(waiting, _IDS_AT_ONCE)):
        yield some
