"""The knowledge base: the one door through which knowledge is written, and the snapshot that requests read.

The store is the truth. `snapshot` compares revisions on every call, so what any process has acknowledged is visible to
the next request of every process.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Unpack

import structlog

from knowledge.audit import SYSTEM, Author
from knowledge.changes import Also, Changes, Delta, Page, Written
from knowledge.checks import require_valid
from knowledge.index_check import CheckReport, check_disk, check_memory
from knowledge.index_files import IndexFiles, IndexUnusable, StoredIndex
from knowledge.index_rows import Prepared, Progress, embed
from knowledge.roster import Roster
from knowledge.search.filters import Filters
from knowledge.search.meaning import nearest
from knowledge.snapshot import Snapshot
from knowledge.store import Store
from knowledge.writes_in_flight import WritesInFlight
from models.encoder import Encoder
from models.text import normalise

log = structlog.get_logger(__name__)


class KnowledgeBase:
    """Store, encoder and index as one. Safe to use from many threads."""

    def __init__(self, store: Store, encoder: Encoder, index_dir: Path) -> None:
        """Over an empty index; `open` is what callers want."""
        self._store, self._encoder = store, encoder
        self._files = IndexFiles(index_dir)
        # Held while the snapshot is replaced; never while this process embeds a write.
        self._advancing = threading.Lock()
        self._saving = threading.Lock()
        self._compaction: threading.Thread | None = None
        self._in_flight = WritesInFlight()
        self._current = Snapshot.empty(encoder)

    @classmethod
    def open(
        cls,
        store: Store,
        encoder: Encoder,
        index_dir: Path,
        on_progress: Progress | None = None,
        known: Callable[[], Prepared] = dict,
    ) -> KnowledgeBase:
        """Load the index and catch up with the store; an index that cannot be used is made anew from the store.

        The knowledge base takes over the store and closes it. `on_progress` hears (done, total) embedded texts;
        `known` gives vectors that need not be computed when all have to be made. Raises StoreUnavailable.
        """
        base = cls(store, encoder, index_dir)
        delta = store.delta(0)
        stored = base._stored(delta.revision)
        start = Snapshot.empty(encoder)
        if stored is not None:
            start = Snapshot.over(encoder.id, Roster.expecting(stored.ids), stored.phrasings, stored.answers)
        base._current = base._settled(
            start.advanced(_whole(delta, start), encoder, on_progress, None if stored else known())
        )
        if stored is None or stored.revision != delta.revision:
            base._save()
        return base

    def _stored(self, store_revision: int) -> StoredIndex | None:
        try:
            return self._files.load(self._encoder.id, self._encoder.dim, store_revision)
        except IndexUnusable as unusable:
            if unusable.kind == "absent":
                log.info("index_absent_building_it", reason=unusable.reason)
            else:
                log.warning("index_unusable_rebuilding_it", kind=unusable.kind, reason=unusable.reason)
            return None

    def _settled(self, snapshot: Snapshot) -> Snapshot:
        return snapshot.compacted() if snapshot.compaction_due else snapshot

    def snapshot(self) -> Snapshot:
        """The knowledge as of now, holding every write acknowledged by any process. Raises StoreUnavailable."""
        revision = self._store.revision()
        current = self._current
        if current.revision >= revision or self._in_flight.are_all_between(current.revision, revision):
            return current
        return self._caught_up(revision)

    def _caught_up(self, revision: int) -> Snapshot:
        with self._advancing:
            if self._current.revision < revision:
                delta = self._store.delta(self._current.revision)
                self._current = self._current.advanced(delta, self._encoder, prepared=self._in_flight.vectors())
            return self._current

    def write(
        self,
        changes: Changes,
        *,
        expected: Mapping[str, int] | None = None,
        create_only: bool = False,
        known: Prepared | None = None,
        by: Author | None = SYSTEM,
        also: Also | None = None,
        on_progress: Progress | None = None,
    ) -> Written:
        """Store everything or nothing; when this returns, the next request finds it.

        `known` holds vectors that need not be computed; `by` goes into the audit log (None: no record).
        `on_progress` hears (done, total) embedded texts; what it raises ends the write before anything is stored.
        Raises EntryInvalid, and what `Store.write` raises.
        """
        for draft in changes.drafts:
            require_valid(draft)
        known = known or {}
        texts = self._current.unembedded(changes.drafts)
        missing = {key: text for key, text in texts.items() if key not in known}
        prepared = {**known, **embed(self._encoder, missing, on_progress)}
        with self._in_flight.carrying(prepared) as committing:
            written = self._store.write(
                changes, expected=expected, create_only=create_only, by=by, also=also, committing=committing
            )
            self._caught_up(written.revision)
        self._save()
        self._compact_when_due()
        return written

    def entries_like(self, meaning: str, *, limit: int = 50, offset: int = 0, **filters: Unpack[Filters]) -> Page:
        """Entries by meaning, nearest first; only what a message can find, so neither drafts nor openers are there."""
        snapshot = self.snapshot()
        [vector] = self._encoder.encode_queries([normalise(meaning)])
        return self._store.entries_like(
            lambda ids: nearest(snapshot, vector, ids, filters.get("shop_id")), limit=limit, offset=offset, **filters
        )

    def rebuild(self, on_progress: Progress | None = None) -> None:
        """Make the whole index anew from the store; requests are served from the old one meanwhile."""
        start = Snapshot.empty(self._encoder)
        fresh = self._settled(start.advanced(self._store.delta(0), self._encoder, on_progress))
        with self._advancing:
            self._current = fresh.advanced(self._store.delta(fresh.revision), self._encoder)
        self._save()

    def check(self) -> CheckReport:
        """Compare the store with the index that is served and with the files of the index."""
        with self._saving:
            for _ in range(3):  # another process may write in between; three times in a row it will not
                delta, snapshot = self._store.delta(0), self.snapshot()
                if snapshot.revision == delta.revision:
                    break
            findings = check_memory(delta.entries, snapshot)
            files = IndexFiles(self._files.folder)
            findings += check_disk(delta.entries, files, self._encoder.id, self._encoder.dim, delta.revision)
        return CheckReport(delta.revision, len(snapshot.roster.slots), tuple(findings))

    def close(self) -> None:
        """Wait for what runs in the background, then close the store."""
        if self._compaction is not None:
            self._compaction.join()
        self._store.close()

    def _save(self) -> None:
        """Persist what is served now. A disk that refuses costs the next start some time, no more."""
        with self._saving:
            try:
                self._files.save(self._current, self._store.revision)
            except OSError as error:
                log.warning("index_not_saved", reason=str(error))

    def _compact_when_due(self) -> None:
        with self._advancing:
            busy = self._compaction is not None and self._compaction.is_alive()
            if busy or not self._current.compaction_due:
                return
            self._compaction = threading.Thread(target=self._compact, name="index-compaction", daemon=True)
            self._compaction.start()

    def _compact(self) -> None:
        compacted = self._current.compacted()
        with self._advancing:
            self._current = self._current.adopting(compacted)
        self._save()
        log.info("index_compacted", rows=len(compacted.phrasings))


def _whole(delta: Delta, start: Snapshot) -> Delta:
    """A delta since 0 that also removes what only the stored index knows."""
    return replace(delta, deleted=delta.deleted | (start.roster.slots.keys() - {entry.id for entry in delta.entries}))
