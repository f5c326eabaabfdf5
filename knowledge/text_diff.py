"""What changed inside a text: pieces that stayed, came and went, in reading order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import takewhile
from typing import Literal

_MOST_COMPARED = 1_000_000  # pairs of characters; beyond, comparing would take longer than anybody waits


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of text; `equal` and `delete` make up the old text, `equal` and `insert` the new one."""

    op: Literal["equal", "insert", "delete"]
    text: str


def text_diff(before: str, after: str) -> tuple[Segment, ...]:
    """The pieces of both texts; none is empty."""
    start = _alike(before, after)
    end = _alike(before[start:][::-1], after[start:][::-1])
    middles = (before[start : len(before) - end], after[start : len(after) - end])
    pieces = [("equal", before[:start]), *_middle(*middles), ("equal", before[len(before) - end :])]
    return tuple(Segment(op, text) for op, text in pieces if text)  # type: ignore[arg-type]


def _alike(before: str, after: str) -> int:
    """How many characters at the start are the same."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(before, after, strict=False)))


def _middle(before: str, after: str) -> Iterator[tuple[str, str]]:
    if len(before) * len(after) > _MOST_COMPARED:
        yield from (("delete", before), ("insert", after))
        return
    for op, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if op == "equal":
            yield "equal", before[i1:i2]
        else:
            yield from (("delete", before[i1:i2]), ("insert", after[j1:j2]))
