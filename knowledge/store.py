"""The truth about knowledge: entries with every version, catalogue items and shop settings, one revision over all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from typing import Unpack

from sqlalchemy import Connection, select, update

from knowledge import tables
from knowledge.api_keys import ApiKeys
from knowledge.audit import SYSTEM, AuditLog, Author, put_records
from knowledge.changes import Also, Changes, Delta, Outcome, Page, Saved, Written
from knowledge.database import Database
from knowledge.entries import Entry, EntryDraft, Status
from knowledge.entry_history import EntryHistory
from knowledge.entry_writer import EntryWriter
from knowledge.errors import EntryNotFound, Problem, StoreUnavailable
from knowledge.evaluations import Evaluations
from knowledge.labelled_tests import LabelledTests
from knowledge.proposals import Proposals
from knowledge.records.conversations import Conversations
from knowledge.records.feedback import FeedbackLog
from knowledge.records.handovers import Handovers
from knowledge.records.insight import InsightRecords
from knowledge.records.liking import Liking
from knowledge.records.past import Past
from knowledge.records.suggestion_log import SuggestionLog
from knowledge.search.by_id import entries_by_id, status_before_archive
from knowledge.search.filters import Filters, Sort
from knowledge.search.listing import Listing, listed
from knowledge.shop_periods import ShopPeriods
from knowledge.shop_store import items_since, policies_since, shop_ids, write_shops
from knowledge.short_codes import taken_codes
from knowledge.sign_ins import SignIns
from knowledge.storable import is_storable
from knowledge.unmet_messages import UnmetMessages

__all__ = ["Changes", "Delta", "Outcome", "Page", "Saved", "Store", "Written"]

_READ_AT_ONCE = 500
Nearest = Callable[[Sequence[str] | None], Mapping[str, float]]


class Store:
    """Knowledge in SQLite or PostgreSQL. Safe to use from many threads, and from many processes at once."""

    def __init__(self, url: str) -> None:
        """Open a database by its SQLAlchemy URL and bring its tables up to date.

        Raises StoreUnavailable: read-only, not a folder, no server, a damaged file, a newer program's database.
        """
        self._database = Database(url)
        self._listing = Listing()
        self.api_keys = ApiKeys(self._database)
        self.conversations = Conversations(self._database)
        self.suggestion_log = SuggestionLog(self._database)
        self.feedback = FeedbackLog(self._database)
        self.handovers = Handovers(self._database)
        self.insight = InsightRecords(self._database)
        self.past = Past(self._database)
        self.sign_ins = SignIns(self._database)
        self.audit = AuditLog(self._database)
        self.liking = Liking(self._database)
        self.proposals = Proposals(self._database)
        self.labelled_tests = LabelledTests(self._database)
        self.history = EntryHistory(self._database)
        self.unmet = UnmetMessages(self._database)
        self.periods = ShopPeriods(self._database)
        self.evaluations = Evaluations(self._database)

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
        self,
        changes: Changes,
        *,
        expected: Mapping[str, int] | None = None,
        create_only: bool = False,
        by: Author | None = SYSTEM,
        also: Also | None = None,
        committing: Callable[[int], None] | None = None,
    ) -> Written:
        """Store everything in one transaction, or nothing; `by` goes into the audit log with it (None: no record).

        `also` joins the transaction; `committing` hears, as its last step, of the revision that it makes, if it makes
        one. `expected` maps an entry to the version it was edited from. Raises VersionConflict
        when another is stored, EntryNotFound for an absent entry to delete or expected, EntryExists with `create_only`
        for a present one.
        """
        with self._database.writing() as connection:
            revision = connection.scalars(select(tables.revision.c.value).with_for_update()).one()
            ids = {*changes.deletes, *(expected or {}), *(draft.id for draft in changes.drafts if draft.id)}
            writer = EntryWriter(connection, revision + 1, ids, by.name if by else None)
            writer.require_versions(expected or {})
            saved = [writer.save(draft, create_only=create_only) for draft in changes.drafts]
            saved += [writer.delete(entry_id) for entry_id in changes.deletes]
            changed = [*write_shops(connection, changes, revision + 1), *writer.flush()]  # entries refer to shops
            if changed:
                revision += 1
                connection.execute(update(tables.revision).values(value=revision))
            if changed and by:
                put_records(connection, by, changed)
            if also:
                also(connection, saved)
            if changed and committing:
                committing(revision)
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

    def entries(self, *, sort: Sort = "id", limit: int = 50, offset: int = 0, **filters: Unpack[Filters]) -> Page:
        """One page of the entries that meet every filter, and how many there are.

        Titles are sorted by their pinyin, `updated_at` from the newest.
        """
        with self._database.reading() as connection:
            ids, total = self._listing.page(connection, filters, sort, limit, offset)
            return Page(tuple(listed(connection, ids)), total)

    def entries_like(self, nearest: Nearest, *, limit: int = 50, offset: int = 0, **filters: Unpack[Filters]) -> Page:
        """The same in the order of `nearest`, which tells for the ids that meet the filters how similar each is.

        It is given None where no filter but the shop is set.
        """
        whole = not any(value for name, value in filters.items() if name != "shop_id")
        with self._database.reading() as connection:
            similar = nearest(None if whole else self._listing.ids(connection, filters))
            ids = list(similar)[offset : offset + limit]
            return Page(tuple(listed(connection, ids, similar)), len(similar))

    def prepare_search(self) -> None:
        """Read what a search by text looks through, so that the first one need not (0.4 s at 50,000 entries)."""
        with self._database.reading() as connection:
            self._listing.prepare(connection)

    def entries_by_id(self, ids: Sequence[str]) -> dict[str, Entry]:
        """The current versions of those of the entries that are there."""
        with self._database.reading() as connection:
            return entries_by_id(connection, ids)

    def status_before_archive(self, ids: Sequence[str]) -> dict[str, Status]:
        """What to restore archived entries to: the last status that each had before."""
        with self._database.reading() as connection:
            return status_before_archive(connection, ids)

    def taken_codes(self, draft: EntryDraft) -> list[Problem]:
        """What would be said of the draft's short code if it were saved now."""
        with self._database.reading() as connection:
            return list(taken_codes(connection, [draft]))

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


def _entries_since(connection: Connection, since: int) -> tuple[tuple[Entry, ...], frozenset[str]]:
    columns = tables.entries.c
    query = select(columns.id, columns.body, columns.deleted).where(columns.revision > since)
    entries, deleted = [], set()
    for entry_id, body, is_deleted in connection.execute(query):
        if is_deleted:
            deleted.add(entry_id)
        else:
            entries.append(Entry.model_validate_json(body))
    # Sorted here: asked to sort, SQLite reads the whole table by its ids instead of the few rows by their revision.
    return tuple(sorted(entries, key=lambda entry: entry.id)), frozenset(deleted)
