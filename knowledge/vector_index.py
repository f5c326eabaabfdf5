"""Nearest texts by cosine, behind values that never change: a large base segment, a small delta, rows switched off.

A row is one text of one owner (an entry's slot). A write makes a new `VectorIndex` that shares the base, switches the
owner's rows off and holds the new rows in the delta; whoever holds the old index goes on searching it undisturbed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from knowledge.vector_segment import Bools, Rows, SearchParameters, Segment, Vectors

DELTA_ROWS, DELTA_SHARE = 1_000, 0.05  # loose rows beyond both make compaction due; the delta is searched row by row
Owners = NDArray[np.int32]
ROWS_PER_OWNER = 4  # first guess of how many rows to ask for so that k owners come back


@dataclass(frozen=True, eq=False)
class Mask:
    """Who may be found: made once by `VectorIndex.mask`, used for many searches of that index."""

    base: SearchParameters | None
    delta: SearchParameters | None


@dataclass(frozen=True, eq=False)
class Hits:
    """Owners found, best first, each once: its best row's position and cosine, and how near that row is to the mean of
    all rows; all (n,)."""

    owners: NDArray[np.int32]
    positions: NDArray[np.int32]
    scores: NDArray[np.float32]
    common: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.owners)

    def __getitem__(self, which: NDArray[np.int64]) -> Hits:
        return Hits(self.owners[which], self.positions[which], self.scores[which], self.common[which])

    def __add__(self, other: Hits) -> Hits:
        return Hits(
            np.concatenate([self.owners, other.owners]),
            np.concatenate([self.positions, other.positions]),
            np.concatenate([self.scores, other.scores]),
            np.concatenate([self.common, other.common]),
        )


@dataclass(frozen=True, eq=False)
class VectorIndex:
    """An immutable index of unit vectors; `base_alive` (rows of base,) is False where a row was replaced or removed."""

    base: Segment
    delta: Segment
    base_alive: Bools

    @classmethod
    def build(cls, dim: int, rows: Rows, vectors: Vectors) -> VectorIndex:
        """All rows in a new base; `vectors` (n, dim)."""
        empty = Segment.build(Rows.of(()), np.empty((0, dim), np.float32))
        return cls(Segment.build(rows, vectors), empty, np.ones(len(rows), np.bool_))

    @classmethod
    def empty(cls, dim: int) -> VectorIndex:
        """An index without rows."""
        return cls.build(dim, Rows.of(()), np.empty((0, dim), np.float32))

    @property
    def dim(self) -> int:
        """Length of a vector."""
        return self.base.dim

    def __len__(self) -> int:
        return int(np.count_nonzero(self.base_alive)) + len(self.delta)

    @property
    def compaction_due(self) -> bool:
        """Whether delta and dead rows have outgrown their bound."""
        loose = len(self.delta) + len(self.base) - int(np.count_nonzero(self.base_alive))
        return loose > max(DELTA_ROWS, DELTA_SHARE * len(self.base))

    @cached_property
    def rows(self) -> Rows:
        """Every live row, base first."""
        return self.base.rows[self.base_alive] + self.delta.rows

    def rows_of(self, owner: int) -> Rows:
        """An owner's live rows in order; none for an owner that is not there."""
        segment, first, end = self._home(owner)
        return segment.rows[first:end]

    def vectors(self, owner: int) -> Vectors:
        """Vectors of an owner's live rows in the order of `rows_of`."""
        segment, first, end = self._home(owner)
        return segment.vectors(np.arange(first, end))

    def _home(self, owner: int) -> tuple[Segment, int, int]:
        """An owner's live rows lie together, in one segment."""
        for segment, first, end in self._homes(np.array([owner], np.int32)):
            if first[0] < end[0]:
                return segment, int(first[0]), int(end[0])
        return self.base, 0, 0

    def _homes(self, owners: Owners) -> Iterator[tuple[Segment, NDArray[np.int64], NDArray[np.int64]]]:
        """For each segment the spans of the owners' live rows in it."""
        if len(self.delta):
            yield self.delta, *self.delta.spans(owners)
        first, end = self.base.spans(owners)
        live = first < end
        live[live] = self.base_alive[first[live]]
        yield self.base, first, np.where(live, end, first)

    def replaced(self, gone: Collection[int], rows: Rows, vectors: Vectors) -> VectorIndex:
        """A new index without the rows of the owners `gone`, and with `rows` in the delta; owners of `rows` too
        lose what they had. `vectors` (len(rows), dim)."""
        out = np.union1d(np.fromiter(gone, np.int32, len(gone)), rows.owners)
        keep = ~np.isin(self.delta.rows.owners, out)
        loose = self.delta.rows[keep] + rows
        vectors = np.concatenate([self.delta.vectors()[keep], vectors]) if keep.any() else vectors
        if not len(self.base) and len(loose) > DELTA_ROWS:
            return VectorIndex.build(self.dim, loose, vectors)
        return VectorIndex(
            self.base, Segment.build(loose, vectors), self.base_alive & ~np.isin(self.base.rows.owners, out)
        )

    def compacted(self) -> VectorIndex:
        """The same rows in one new base. Seconds for a large index: to be done beside the serving of requests."""
        alive = np.flatnonzero(self.base_alive)
        vectors = np.concatenate([self.base.vectors(alive), self.delta.vectors()])
        return VectorIndex.build(self.dim, self.rows, vectors)

    def following(self, newer: VectorIndex) -> VectorIndex:
        """This index with the rows of `newer`: what was written while this one was being compacted."""
        changed = sorted({owner for owner, _ in _signatures(self.rows) ^ _signatures(newer.rows)})
        if not changed:
            return self
        rows = newer.rows[np.isin(newer.rows.owners, changed)]
        vectors = [newer.vectors(owner) for owner in dict.fromkeys(rows.owners.tolist())]
        return self.replaced(changed, rows, np.concatenate([np.empty((0, self.dim), np.float32), *vectors]))

    def mask(self, allowed: Bools) -> Mask:
        """Only owners with `allowed[owner]` will be found; owners beyond its end are not."""
        visible = [_visible(segment.rows.owners, allowed) for segment in (self.base, self.delta)]
        return Mask(self.base.parameters(visible[0] & self.base_alive), self.delta.parameters(visible[1]))

    def search(self, vector: Vectors, k: int, mask: Mask) -> Hits:
        """The k owners whose best row has the highest cosine to `vector` (dim,); fewer when there are fewer."""
        depth = k * ROWS_PER_OWNER
        while True:
            base = self.base.search(vector, depth, mask.base)
            delta = self.delta.search(vector, depth, mask.delta)
            hits = _merged(_hits(self.base, self.base.commonness, *base), _hits(self.delta, self._delta_common, *delta))
            best = np.sort(np.unique(hits.owners, return_index=True)[1])[:k]
            if len(best) == k or max(len(base[0]), len(delta[0])) < depth:
                return hits[best]
            depth *= 4

    def best_rows(self, vector: Vectors, owners: Sequence[int]) -> Hits:
        """The best row of each owner, in the order of `owners`; position -1 and zeros for one without rows."""
        positions = np.full(len(owners), -1, np.int32)
        scores, common = np.zeros(len(owners), np.float32), np.zeros(len(owners), np.float32)
        for segment, first, end in self._homes(np.asarray(owners, np.int32)):
            counts = end - first
            if not counts.any():
                continue
            held = np.flatnonzero(counts)
            first, counts = first[held], counts[held]
            starts = np.cumsum(counts) - counts
            rows = np.repeat(first - starts, counts) + np.arange(int(counts.sum()))
            cosines = segment.vectors(rows) @ vector
            best = np.maximum.reduceat(cosines, starts)
            # The first of an owner's best rows: of those that are assigned to one place the last one stays.
            ties = np.flatnonzero(cosines == np.repeat(best, counts))[::-1]
            places = np.repeat(held, counts)[ties]
            positions[places] = segment.rows.positions[rows[ties]]
            common[places] = self._common(segment)[rows[ties]]
            scores[held] = best
        return Hits(np.asarray(owners, np.int32), positions, scores, common)

    def _common(self, segment: Segment) -> Vectors:
        """How near each row of a segment is to the mean of the base, or of the delta while there is no base."""
        return self.base.commonness if segment is self.base else self._delta_common

    @cached_property
    def _delta_common(self) -> Vectors:
        return self.delta.likeness(self.base.mean if len(self.base) else self.delta.mean)


def _hits(segment: Segment, common: Vectors, scores: Vectors, rows: NDArray[np.int64]) -> Hits:
    """A hit for each row found, in their order; an owner may be there more than once."""
    return Hits(segment.rows.owners[rows], segment.rows.positions[rows], scores, common[rows])


def _merged(base: Hits, delta: Hits) -> Hits:
    """Two lists, each best first, as one; of equal scores those of `base` come first."""
    if not len(delta):
        return base
    both = base + delta
    return both[np.argsort(-both.scores, kind="stable")]


def _signatures(rows: Rows) -> set[tuple[int, int]]:
    """(owner, a number that stands for its rows): for comparing two indexes at once."""
    owners, places = np.unique(rows.owners, return_inverse=True)
    sums = np.zeros(len(owners), np.uint64)
    np.add.at(sums, places, rows.digests * (2 * rows.positions.astype(np.uint64) + np.uint64(1)))
    return set(zip(owners.tolist(), sums.tolist(), strict=True))


def _visible(owners: NDArray[np.int32], allowed: Bools) -> Bools:
    if not len(allowed):
        return np.zeros(len(owners), np.bool_)
    return allowed[np.minimum(owners, len(allowed) - 1)] & (owners < len(allowed))
