"""Clauses: the pieces of a turn between its commas and stops, each of which may hold the whole grievance."""

from __future__ import annotations

import re
from collections.abc import Sequence

MAX_CLAUSES = 8  # the last ones; each costs the encoder some milliseconds
SHORTEST = 4  # characters; 好的 or 你好 by itself says nothing
# A dot between digits ends nothing: 1.2米.
_BREAK = re.compile(r"[,，、;；。!！?？~…\s]+|(?<!\d)\.+|\.+(?!\d)")


def clauses_of(lines: Sequence[str]) -> tuple[str, ...]:
    """The clauses of a turn's normalised lines, in order; empty when it has but one.

    打了三次电话都不接 是 就那台烤箱 → (打了三次电话都不接 | 就那台烤箱).
    """
    pieces = [piece for line in lines for piece in _BREAK.split(line)]
    clauses = [piece for piece in pieces if len(piece) >= SHORTEST]
    return tuple(clauses[-MAX_CLAUSES:]) if len(clauses) > 1 else ()
