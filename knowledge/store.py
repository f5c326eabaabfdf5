"""The truth about knowledge: entries with every version, catalogue items and shop settings, one revision over all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing

from sqlalchemy import ColumnElement, Connection, func, or_, select, update

from knowledge import tables
from knowledge.api_keys import ApiKeys
from knowledge.changes import Changes, Delta, Outcome, Page, Saved, Written
from knowledge.database import Database
from knowledge.entries import Entry, Kind, Status
from knowledge.entry_writer import EntryWriter
from knowledge.errors import EntryNotFound, StoreUnavailable
from knowledge.shop_store import items_since, policies_since, shop_ids, write_shops
from knowledge.storable import is_storable

__all__ = ["Changes", "Delta", "Outcome", "Page", "Saved", "Store", "Written"]

_READ_AT_ONCE = 500


class Store:
    """Knowledge in SQLite or PostgreSQL. Safe to use from many threads, and from many processes at once."""

    def __init__(self, url: str) -> None:
        """Open a database by its SQLAlchemy URL and bring its tables up to date.

        Raises StoreUnavailable: read-only, not a folder, no server, a damaged file, a newer program's database.
        """
        self._database = Database(url)
        self.api_keys = ApiKeys(self._database)

    def close(self) -> None:
        """Close every connection."""
        self._database.close()

    def revision(self) -> int:
        """The knowledge revision: 0 for an empty store, one more with every write that changed something."""
        row = self._database.first_row("SELECT value FROM revision")
        if row is None:
            raise StoreUnavailable("知识库里没有版本记录，文件可能被改动过，请用备份恢复。")
        return int(row[0])

    def write(
        self, changes: Changes, *, expected: Mapping[str, int] | None = None, create_only: bool = False
    ) -> Written:
        """Store everything in one transaction, or nothing.

        `expected` maps an entry to the version it was edited from. Raises VersionConflict when another is stored,
        EntryNotFound for an absent entry to delete or expected, EntryExists with `create_only` for a present one.
        """
        with self._database.writing() as connection:
            revision = connection.scalars(select(tables.revision.c.value).with_for_update()).one()
            ids = {*changes.deletes, *(expected or {}), *(draft.id for draft in changes.drafts if draft.id)}
            writer = EntryWriter(connection, revision + 1, ids)
            writer.require_versions(expected or {})
            saved = [writer.save(draft, create_only=create_only) for draft in changes.drafts]
            saved += [writer.delete(entry_id) for entry_id in changes.deletes]
            shops_changed = write_shops(connection, changes, revision + 1)
            if writer.flush() or shops_changed:
                revision += 1
                connection.execute(update(tables.revision).values(value=revision))
        return Written(tuple(saved), revision)

    def entry(self, entry_id: str) -> Entry:
        """The current version of an entry; raises EntryNotFound, also for a deleted one."""
        columns = tables.entries.c
        with self._database.reading() as connection:
            query = select(columns.body).where(columns.id == entry_id, ~columns.deleted)
            body = connection.scalars(query).one_or_none() if is_storable(entry_id) else None
        if body is None:
            raise EntryNotFound(entry_id)
        return Entry.model_validate_json(body)

    def versions(self, entry_id: str) -> list[Entry]:
        """Every version of an entry, oldest first, also after it was deleted; raises EntryNotFound for an unknown id.

        A deletion has a number but no content, so that number is missing from the list.
        """
        columns = tables.entry_versions.c
        query = select(columns.body).where(columns.entry_id == entry_id, ~columns.deleted).order_by(columns.version)
        with self._database.reading() as connection:
            bodies = connection.scalars(query).all() if is_storable(entry_id) else ()
        if not bodies:
            raise EntryNotFound(entry_id)
        return [Entry.model_validate_json(body) for body in bodies]

    def entries(
        self,
        *,
        shop_id: str | None = None,
        intent: str | None = None,
        kind: Kind | None = None,
        status: Status | None = None,
        item_id: str | None = None,
        text: str | None = None,
        limit: int = 50,
        offset: int = 0,
    ) -> Page:
        """One page of the entries that meet every filter, by id.

        `shop_id` means that shop's and the shared ones; `item_id` those limited to that item; `text` a part of
        title, questions or answers, whatever the case.
        """
        if not all(is_storable(value) for value in (shop_id, intent, item_id, text) if value is not None):
            return Page((), 0)
        columns = tables.entries.c
        exact = {columns.intent: intent, columns.kind: kind, columns.status: status}
        wanted: list[ColumnElement[bool]] = [~columns.deleted]
        wanted += [column == value for column, value in exact.items() if value is not None]
        if shop_id is not None:
            wanted.append(or_(columns.shop_id == shop_id, columns.shop_id.is_(None)))
        if item_id is not None:
            wanted.append(columns.id.in_(_entries_of(item_id)))
        if text:
            position = func.strpos if self._database.is_postgres else func.instr
            wanted.append(position(columns.searchable, text.casefold()) > 0)
        with self._database.reading() as connection:
            total = connection.scalars(select(func.count()).select_from(tables.entries).where(*wanted)).one()
            query = select(columns.body).where(*wanted).order_by(columns.id).limit(limit).offset(offset)
            found = tuple(Entry.model_validate_json(body) for body in connection.scalars(query))
        return Page(found, total)

    def every_entry(self) -> Iterator[Entry]:
        """Every entry of any status by id, read as it is consumed, all from one state of the store."""
        columns = tables.entries.c
        query = select(columns.body).where(~columns.deleted).order_by(columns.id)
        with self._database.reading() as connection:
            streaming = connection.execution_options(yield_per=_READ_AT_ONCE)
            with closing(streaming.scalars(query)) as bodies:  # also when the consumer stops early
                for body in bodies:
                    yield Entry.model_validate_json(body)

    def delta(self, since: int) -> Delta:
        """All that changed after revision `since`; 0 gives the whole knowledge."""
        with self._database.reading() as connection:
            revision = connection.scalars(select(tables.revision.c.value)).one()
            entries, deleted = _entries_since(connection, since)
            return Delta(revision, entries, deleted, items_since(connection, since), policies_since(connection, since))

    def shops(self) -> list[str]:
        """Every shop that an entry, an item or settings ever named, by id."""
        with self._database.reading() as connection:
            return shop_ids(connection)


def _entries_of(item_id: str) -> ColumnElement[str]:
    columns = tables.entry_items.c
    return select(columns.entry_id).where(columns.item_id == item_id).scalar_subquery()


def _entries_since(connection: Connection, since: int) -> tuple[tuple[Entry, ...], frozenset[str]]:
    columns = tables.entries.c
    query = select(columns.id, columns.body, columns.deleted).where(columns.revision > since).order_by(columns.id)
    entries, deleted = [], set()
    for entry_id, body, is_deleted in connection.execute(query):
        if is_deleted:
            deleted.add(entry_id)
        else:
            entries.append(Entry.model_validate_json(body))
    return tuple(entries), frozenset(deleted)
