"""The whole knowledge at one revision, immutable: what one request works on from beginning to end."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from sys import intern

import numpy as np

from knowledge.catalogue import Item
from knowledge.changes import Delta
from knowledge.entries import Entry, EntryDraft
from knowledge.entry_groups import EntryGroups
from knowledge.index_rows import SIDES, Prepared, Progress, Side, TextRow, embed, is_searchable, text_rows
from knowledge.lexical_index import LexicalIndex
from knowledge.roster import Roster, Scope
from knowledge.shop_policy import ShopPolicy
from knowledge.vector_index import Mask, VectorIndex
from knowledge.vector_segment import Bools, Rows, Vectors
from models.encoder import Encoder
from models.text import tokens

Texts = Sequence[tuple[str, list[TextRow]]]  # entry ids (empty for one that has none yet) and their texts
KEPT_VIEWS = 256  # masks of recent scopes; 25 KB each at 10,000 entries


@dataclass(frozen=True, eq=False)
class View:
    """What one scope may find: `allowed` by slot, and the same as masks of the two vector indexes."""

    allowed: Bools
    phrasings: Mask
    answers: Mask


@dataclass(frozen=True, eq=False)
class Snapshot:
    """Published entries (`groups` are the same entries) and their indexes, items and shop settings at `revision`."""

    revision: int
    encoder_id: str
    roster: Roster
    phrasings: VectorIndex
    answers: VectorIndex
    lexical: LexicalIndex
    entries: Mapping[str, Entry] = field(default_factory=dict)
    groups: EntryGroups = field(default_factory=EntryGroups, repr=False)
    items: Mapping[tuple[str, str], Item] = field(default_factory=dict)
    policies: Mapping[str, ShopPolicy] = field(default_factory=dict)
    _views: dict[Hashable, View] = field(default_factory=dict, repr=False)

    @classmethod
    def over(cls, encoder_id: str, roster: Roster, phrasings: VectorIndex, answers: VectorIndex) -> Snapshot:
        """Revision 0, without entries, over the rows of a stored index; `advanced` brings the entries."""
        return cls(0, encoder_id, roster, phrasings, answers, LexicalIndex.build({}))

    @classmethod
    def empty(cls, encoder: Encoder) -> Snapshot:
        """Revision 0 of an empty store."""
        return cls.over(encoder.id, Roster(), VectorIndex.empty(encoder.dim), VectorIndex.empty(encoder.dim))

    def item(self, shop_id: str, item_id: str) -> Item | None:
        """An item of the shop's catalogue."""
        return self.items.get((shop_id, item_id))

    def policy(self, shop_id: str) -> ShopPolicy:
        """The shop's settings, the defaults for a shop without any."""
        return self.policies.get(shop_id) or ShopPolicy()

    def knows_shop(self, shop_id: str) -> bool:
        """Whether an entry, an item or settings ever named the shop."""
        return shop_id in self.policies

    def phrases(self, scope: Scope, *, intent: str | None = None, tag: str | None = None) -> list[Entry]:
        """Entries of an intent, of a tag, or of both, that the scope admits; the shop's own before the shared ones.

        Without either: every entry that the scope admits. By id, so that every process has them in one order.
        """
        found = [entry for entry in self.groups.of(intent, tag) if scope.admits(entry)]
        return sorted(found, key=lambda entry: (entry.shop_id is None, entry.id))

    def view(self, scope: Scope) -> View:
        """What the scope may find; made once for all scopes that admit the same entries."""
        key = self.roster.key(scope)
        view = self._views.get(key)
        if view is None:
            if len(self._views) >= KEPT_VIEWS:
                self._views.clear()
            allowed = self.roster.allowed(scope)
            view = View(allowed, self.phrasings.mask(allowed), self.answers.mask(allowed))
            self._views[key] = view
        return view

    def index(self, side: Side) -> VectorIndex:
        """The vector index of phrasings or of answers."""
        return self.phrasings if side == "phrasings" else self.answers

    def unembedded(self, drafts: Iterable[EntryDraft]) -> dict[tuple[Side, int], str]:
        """The texts, by side and digest, that have no vector yet and would need one if `drafts` were saved."""
        wanted = [draft for draft in drafts if is_searchable(draft)]
        return {key: text for side in SIDES for key, text in self._new_texts(side, _texts(wanted, side)).items()}

    def _new_texts(self, side: Side, texts: Texts) -> dict[tuple[Side, int], str]:
        new: dict[tuple[Side, int], str] = {}
        for entry_id, rows in texts:
            slot = self.roster.slots.get(entry_id)
            known = set() if slot is None else set(self.index(side).rows_of(slot).digests.tolist())
            new |= {(side, row.digest): row.text for row in rows if row.digest not in known}
        return new

    def advanced(
        self, delta: Delta, encoder: Encoder, on_progress: Progress | None = None, prepared: Prepared | None = None
    ) -> Snapshot:
        """The snapshot after `delta`; this one stays as it is.

        Only texts that are new are embedded: neither those an entry had before nor those in `prepared`.
        `on_progress` hears (done, total) texts.
        """
        put = [entry for entry in delta.entries if is_searchable(entry)]
        out = {*delta.deleted, *(entry.id for entry in delta.entries)} - {entry.id for entry in put}
        texts = {side: _texts(put, side) for side in SIDES}
        vectors = dict(prepared or {})
        new = {key: text for side in SIDES for key, text in self._new_texts(side, texts[side]).items()}
        vectors |= embed(encoder, {key: text for key, text in new.items() if key not in vectors}, on_progress)
        roster = self.roster.updated(put, out)
        before, after = _published(self.entries, delta)
        freed = [self.roster.slots[entry_id] for entry_id in out if entry_id in self.roster.slots]
        phrasings, answers = ({roster.slots[i]: rows for i, rows in texts[side]} for side in SIDES)
        return replace(
            self,
            revision=delta.revision,
            roster=roster,
            phrasings=_updated(self.phrasings, freed, phrasings, vectors, "phrasings"),
            answers=_updated(self.answers, freed, answers, vectors, "answers"),
            lexical=self._lexical(freed, phrasings),
            entries={**{i: entry for i, entry in self.entries.items() if i not in before}, **after},
            groups=self.groups.replaced(before.values(), after.values()),
            items={**self.items, **{(item.shop_id, item.item_id): item for item in delta.items}},
            policies={**self.policies, **delta.policies},
            _views={},
        )

    def _lexical(self, freed: Sequence[int], texts: Mapping[int, list[TextRow]]) -> LexicalIndex:
        # Interned, because while a large index is built each token would otherwise be there a hundred times.
        fresh = {
            slot: [[intern(token) for token in tokens(row.text)] for row in rows]
            for slot, rows in texts.items()
            if self._differs(slot, rows)
        }
        return self.lexical.replaced(freed, fresh) if fresh or freed else self.lexical

    def _differs(self, slot: int, rows: list[TextRow]) -> bool:
        entry = self.roster.entries[slot] if slot < len(self.roster) else None
        return entry is None or text_rows(entry, "phrasings") != rows

    @property
    def compaction_due(self) -> bool:
        """Whether a vector index carries more changes than it should."""
        return self.phrasings.compaction_due or self.answers.compaction_due

    def compacted(self) -> Snapshot:
        """The same knowledge with fresh base segments where they are due; seconds for a large one."""
        phrasings, answers = (
            index.compacted() if index.compaction_due else index for index in (self.phrasings, self.answers)
        )
        return replace(self, phrasings=phrasings, answers=answers, _views={})

    def adopting(self, compacted: Snapshot) -> Snapshot:
        """This knowledge over the base segments of `compacted`, made from an earlier state of it."""
        phrasings, answers = (compacted.index(side).following(self.index(side)) for side in SIDES)
        return replace(self, phrasings=phrasings, answers=answers, _views={})


def _texts(entries: Iterable[EntryDraft], side: Side) -> Texts:
    return [(entry.id or "", text_rows(entry, side)) for entry in entries]


def _published(entries: Mapping[str, Entry], delta: Delta) -> tuple[dict[str, Entry], dict[str, Entry]]:
    """By id, the entries that a delta touches, as they were and as they are, where published."""
    touched = {*delta.deleted, *(entry.id for entry in delta.entries)}
    before = {entry_id: entries[entry_id] for entry_id in touched if entry_id in entries}
    return before, {entry.id: entry for entry in delta.entries if entry.status == "published"}


def _updated(
    index: VectorIndex, freed: Sequence[int], texts: Mapping[int, list[TextRow]], vectors: Prepared, side: Side
) -> VectorIndex:
    rows: list[tuple[int, int, int]] = []
    found: list[Vectors] = []
    changed = set(freed)
    for slot, wanted in texts.items():
        had = index.rows_of(slot)
        needed = [(slot, row.position, row.digest) for row in wanted]
        if slot not in changed and had == Rows.of(needed):
            continue
        changed.add(slot)
        kept = dict(zip(had.digests.tolist(), index.vectors(slot), strict=True))
        rows += needed
        found += [kept[row.digest] if row.digest in kept else vectors[side, row.digest] for row in wanted]
    if not changed:
        return index
    return index.replaced(changed, Rows.of(rows), np.array(found, np.float32).reshape(len(rows), index.dim))
