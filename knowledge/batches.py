"""Lists of ids that one query can hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

AT_ONCE = 500  # databases limit the parameters of one query


def batches(ids: Iterable[str]) -> Iterator[list[str]]:
    """The ids in their order, at most `AT_ONCE` together; nothing for none."""
    waiting = iter(ids)
    while some := list(islice(waiting, AT_ONCE)):
        yield some
