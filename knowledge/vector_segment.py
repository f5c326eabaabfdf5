"""One FAISS index and what its rows are. The only module that knows FAISS.

Rows never move and are never deleted: who may not be found is switched off in a bitmap, so an index that one thread
searches is never changed by another. Up to `FLAT_UP_TO` rows the search is exact; above it, IVF with 16-bit vectors
scans about `PROBED_ROWS` rows *that the caller may see*, so a small shop inside a large corpus is searched exactly too.
"""

from __future__ import annotations

import importlib
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Bools = NDArray[np.bool_]
FaissIndex: TypeAlias = Any  # the stubs that FAISS ships leave out the Python side of its classes
SearchParameters: TypeAlias = Any
faiss: Any = importlib.import_module("faiss")

FLAT_UP_TO = 5_000  # rows; 0.3 ms of exact search at 384 dimensions, about what IVF needs for 90,000
PROBED_ROWS, PROBED_SHARE = 5_000, 0.25  # of the visible rows, the fewer: a quarter finds 99.7 % of the top 50
TRAINING_ROUNDS, TRAINING_ROWS_PER_LIST = 6, 32
READ_AT_ONCE = 8_192  # rows, so that going through a large index takes little memory


@dataclass(frozen=True, eq=False)
class Rows:
    """What each row is: `owners` int32, `positions` int32 (which text of the owner), `digests` uint64; all (n,)."""

    owners: NDArray[np.int32]
    positions: NDArray[np.int32]
    digests: NDArray[np.uint64]

    @classmethod
    def of(cls, rows: Iterable[tuple[int, int, int]]) -> Rows:
        """From (owner, position, digest) triples."""
        owners, positions, digests = zip(*rows, strict=True) if (rows := list(rows)) else ((), (), ())
        return cls(np.array(owners, np.int32), np.array(positions, np.int32), np.array(digests, np.uint64))

    def __len__(self) -> int:
        return len(self.owners)

    def __getitem__(self, which: NDArray[Any] | slice) -> Rows:
        return Rows(self.owners[which], self.positions[which], self.digests[which])

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Rows):
            return NotImplemented
        pairs = ((self.owners, other.owners), (self.positions, other.positions), (self.digests, other.digests))
        return all(np.array_equal(mine, its) for mine, its in pairs)

    __hash__ = None  # type: ignore[assignment]

    def __add__(self, other: Rows) -> Rows:
        return Rows(
            np.concatenate([self.owners, other.owners]),
            np.concatenate([self.positions, other.positions]),
            np.concatenate([self.digests, other.digests]),
        )


class Segment:
    """A FAISS index and what its rows are, sorted by owner. Nothing changes after construction."""

    def __init__(self, rows: Rows, index: FaissIndex) -> None:
        self.rows, self.index = rows, index

    @classmethod
    def build(cls, rows: Rows, vectors: Vectors) -> Segment:
        """`vectors` (n, dim), unit length; the order of an owner's rows is kept."""
        order = np.argsort(rows.owners, kind="stable")
        return cls(rows[order], _index_of(np.ascontiguousarray(vectors[order])))

    @classmethod
    def read(cls, rows: Rows, path: Path) -> Segment:
        """From a file that `write` made.

        Raises RuntimeError when FAISS cannot read it, ValueError when it does not fit `rows`.
        """
        segment = cls(rows, faiss.read_index(str(path)))
        if segment.index.ntotal != len(rows):
            raise ValueError(f"{segment.index.ntotal} vectors for {len(rows)} rows")
        return segment

    def write(self, path: Path) -> None:
        """The FAISS index alone; the caller stores `rows`. Raises RuntimeError when the disk refuses."""
        faiss.write_index(self.index, str(path))

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def dim(self) -> int:
        """Length of a vector."""
        return int(self.index.d)

    @property
    def is_exact(self) -> bool:
        """Whether every row is compared, at full precision."""
        return isinstance(self.index, faiss.IndexFlat)

    def spans(self, owners: NDArray[np.int32]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The first row of each owner and the one after its last; equal for an owner without rows."""
        held = self.rows.owners
        return np.searchsorted(held, owners, side="left"), np.searchsorted(held, owners, side="right")

    def vectors(self, which: NDArray[np.int64] | None = None) -> Vectors:
        """Stored vectors of the rows given, of all rows without; (n, dim)."""
        if not len(self) or (which is not None and not len(which)):
            return np.empty((0, self.dim), np.float32)
        found = self.index.reconstruct_n(0, len(self)) if which is None else self.index.reconstruct_batch(which)
        return np.asarray(found, np.float32)

    @cached_property
    def mean(self) -> Vectors:
        """The mean of all rows (dim,), zeros of none: what all texts have in common."""
        total = sum((part.sum(axis=0, dtype=np.float64) for part in self._parts()), np.zeros(self.dim))
        return (total / max(len(self), 1)).astype(np.float32)

    @cached_property
    def commonness(self) -> Vectors:
        """`likeness` to the segment's own mean, kept for as long as the segment."""
        return self.likeness(self.mean)

    def likeness(self, vector: Vectors) -> Vectors:
        """The inner product of every row with `vector` (dim,); (n,)."""
        return np.concatenate([np.empty(0, np.float32), *(part @ vector for part in self._parts())])

    def _parts(self) -> Iterator[Vectors]:
        for start in range(0, len(self), READ_AT_ONCE):
            yield self.index.reconstruct_n(start, min(READ_AT_ONCE, len(self) - start))

    def parameters(self, visible: Bools) -> SearchParameters | None:
        """Search parameters under which only `visible` rows (n,) come back; None when there is none."""
        count = int(np.count_nonzero(visible))
        if not count:
            return None
        selector = faiss.IDSelectorBitmap(np.packbits(visible, bitorder="little"))
        if self.is_exact:
            return faiss.SearchParameters(sel=selector)
        share = 1.0 if count <= PROBED_ROWS else min(PROBED_ROWS / count, PROBED_SHARE)
        return faiss.SearchParametersIVF(sel=selector, nprobe=math.ceil(share * self.index.nlist))

    def search(
        self, vector: Vectors, depth: int, parameters: SearchParameters | None
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Scores and rows, best first, at most `depth`: FAISS pads with -1 what it does not find, which is cut off."""
        if parameters is None:
            return np.empty(0, np.float32), np.empty(0, np.int64)
        faiss.omp_set_num_threads(1)  # OpenMP counts per calling thread; many requests at once would fight over cores
        scores, rows = self.index.search(vector.reshape(1, -1), min(depth, len(self)), params=parameters)
        found = rows[0] >= 0
        return scores[0][found], rows[0][found]


def _index_of(vectors: Vectors) -> FaissIndex:
    count, dim = vectors.shape
    faiss.omp_set_num_threads(1)
    if count <= FLAT_UP_TO:
        index = faiss.IndexFlatIP(dim)
    else:
        lists = 2 ** round(math.log2(4 * math.sqrt(count)))
        index = faiss.index_factory(dim, f"IVF{lists},SQfp16", faiss.METRIC_INNER_PRODUCT)
        index.cp.niter, index.cp.max_points_per_centroid = TRAINING_ROUNDS, TRAINING_ROWS_PER_LIST
        index.cp.min_points_per_centroid = 1  # or FAISS complains on standard error just above FLAT_UP_TO
        index.train(vectors)
        index.make_direct_map()
    index.add(vectors)
    return index
