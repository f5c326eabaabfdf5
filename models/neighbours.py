"""Neighbours: the labelled utterances that are nearest to a message, and what they say of it.

A vote of the nearest in which each counts by its cosine (Dudani 1976: the distance-weighted k-nearest-neighbour rule).
A head draws one border around all of an intent; neighbours know its odd corners. They can also be counted out: what
decided is a handful of utterances that somebody wrote.
"""

from __future__ import annotations

import importlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Bytes = NDArray[np.uint8]
FaissIndex: TypeAlias = Any  # the stubs that FAISS ships leave out the Python side of its classes
faiss: Any = importlib.import_module("faiss")

NEAREST = 50
WARMTH = 0.01  # a neighbour whose cosine is so much smaller than the nearest one's counts 1/e of it
DOUBT = 0.05  # the share of the vote that all labels divide evenly, so that none is impossible
FLAT_UP_TO = 2_000  # rows that are all looked at; above that one list in `PROBED_SHARE`
PROBED_SHARE = 0.1  # of the lists; the votes differ from those of an exact search by less than a point of any score


@dataclass(frozen=True, eq=False)
class Votes:
    """The label of every row for one question: `codes` (n,) int16 number `labels`; -1 where it is not known."""

    labels: tuple[str, ...] = ()
    codes: NDArray[np.int16] = field(default_factory=lambda: np.empty(0, np.int16))

    def and_those(self, given: Sequence[str | None]) -> Votes:
        """These votes and those of rows that follow."""
        labels = (*self.labels, *sorted({each for each in given if each is not None} - set(self.labels)))
        number: dict[str | None, int] = {label: code for code, label in enumerate(labels)}
        return Votes(labels, np.append(self.codes, np.array([number.get(each, -1) for each in given], np.int16)))

    def count(self, rows: NDArray[np.int64], weights: NDArray[np.float64]) -> dict[str, float]:
        """The log-probability of each label by the weighted votes of some rows; empty when none of them knows."""
        codes = self.codes[rows]
        known = codes >= 0
        total = float(weights[known].sum())
        if not total:
            return {}
        shares = np.bincount(codes[known], weights[known], len(self.labels)) / total
        chances = (1 - DOUBT) * shares + DOUBT / len(self.labels)
        return dict(zip(self.labels, np.log(chances).tolist(), strict=True))


@dataclass(frozen=True, eq=False)
class Neighbours:
    """An index of utterances in their context and, for each question, their labels; without rows it says nothing."""

    index: FaissIndex = None
    votes: Mapping[str, Votes] = field(default_factory=dict)

    @classmethod
    def of(cls, vectors: Vectors, labels: Mapping[str, Sequence[str | None]]) -> Self:
        """Over unit rows (n, dim) and their labels for each question."""
        if not len(vectors):
            return cls()
        votes = {question: Votes().and_those(given) for question, given in labels.items()}
        return cls(_index_of(np.ascontiguousarray(vectors)), votes)

    def and_those(self, vectors: Vectors, labels: Mapping[str, Sequence[str | None]]) -> Neighbours:
        """These and more, in an index of its own."""
        if self.index is None or not len(vectors):
            return self if self.index is not None else Neighbours.of(vectors, labels)
        index = faiss.clone_index(self.index)
        index.add(np.ascontiguousarray(vectors))
        return Neighbours(
            index, {question: votes.and_those(labels[question]) for question, votes in self.votes.items()}
        )

    def read(self, vector: Vectors) -> dict[str, dict[str, float]]:
        """For each question the log-probability of every label, for one message in its context (dim,)."""
        if self.index is None:
            return {}
        faiss.omp_set_num_threads(1)  # OpenMP counts per calling thread; many requests at once would fight over cores
        cosines, rows = self.index.search(vector.reshape(1, -1), min(NEAREST, self.index.ntotal))
        found = rows[0] >= 0
        weights = np.exp((cosines[0][found] - cosines[0][0]).astype(np.float64) / WARMTH)
        return {question: votes.count(rows[0][found], weights) for question, votes in self.votes.items()}

    def arrays(self) -> dict[str, NDArray[Any]]:
        """All of it as arrays by name, for `from_arrays`."""
        if self.index is None:
            return {}
        parts: dict[str, NDArray[Any]] = {"index": faiss.serialize_index(self.index)}
        for question, votes in self.votes.items():
            parts |= {f"{question}_labels": np.array(votes.labels, "U40"), f"{question}_codes": votes.codes}
        return parts

    @classmethod
    def from_arrays(cls, parts: Mapping[str, NDArray[Any]]) -> Self:
        """The neighbours that gave these arrays; ValueError when they do not fit together."""
        if "index" not in parts:
            return cls()
        try:
            index = faiss.deserialize_index(parts["index"])
        except RuntimeError as error:
            raise ValueError(f"近邻索引读不出来（{error}）") from error
        questions = [name.removesuffix("_labels") for name in parts if name.endswith("_labels")]
        votes = {q: Votes(tuple(map(str, parts[f"{q}_labels"])), parts[f"{q}_codes"]) for q in questions}
        if any(len(each.codes) != index.ntotal or each.codes.max() >= len(each.labels) for each in votes.values()):
            raise ValueError("近邻的标签和索引对不上")
        _probe(index)
        return cls(index, votes)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Neighbours):
            return NotImplemented
        mine, theirs = self.arrays(), other.arrays()
        return mine.keys() == theirs.keys() and all(np.array_equal(mine[name], theirs[name]) for name in mine)

    __hash__ = None  # type: ignore[assignment]


def _index_of(vectors: Vectors) -> FaissIndex:
    """Eight bits a number: a quarter of the memory, and cosines right to the third digit."""
    count, dim = vectors.shape
    faiss.omp_set_num_threads(1)  # and so that the same vectors give the same index
    lists = 2 ** round(math.log2(math.sqrt(count)))
    kind = "SQ8" if count <= FLAT_UP_TO else f"IVF{lists},SQ8"
    index = faiss.index_factory(dim, kind, faiss.METRIC_INNER_PRODUCT)
    index.train(vectors)
    index.add(vectors)
    _probe(index)
    return index


def _probe(index: FaissIndex) -> None:
    """How much of the index a search looks at; FAISS keeps it beside the index, not always in its bytes."""
    if hasattr(index, "nprobe"):
        index.nprobe = max(1, math.ceil(PROBED_SHARE * index.nlist))
