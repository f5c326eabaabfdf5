"""This process's writes that are not acknowledged yet, which readers need neither wait for nor embed once more.

Between the commit of a large write and its place in the index lies a second or more. Nobody was promised it yet, so
until then readers go on with what they have; one who must catch up with other writes meanwhile is given its vectors.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from knowledge.index_rows import Prepared


class WritesInFlight:
    """Safe to use from many threads: each step changes one entry of a dictionary."""

    def __init__(self) -> None:
        self._vectors: dict[object, Prepared] = {}
        self._revisions: dict[object, int] = {}

    @contextmanager
    def carrying(self, vectors: Prepared) -> Iterator[Callable[[int], None]]:
        """Around a write and the catching up with it; what it gives is told the revision before the commit."""
        write = object()
        self._vectors[write] = vectors

        def committing(revision: int) -> None:
            self._revisions[write] = revision

        try:
            yield committing
        finally:
            self._revisions.pop(write, None)
            del self._vectors[write]

    def vectors(self) -> Prepared:
        """The vectors of every write that is under way."""
        return {key: vector for vectors in list(self._vectors.values()) for key, vector in vectors.items()}

    def are_all_between(self, known: int, latest: int) -> bool:
        """Whether every revision after `known` up to `latest` is one of these writes."""
        return {*range(known + 1, latest + 1)} <= {*list(self._revisions.values())}
