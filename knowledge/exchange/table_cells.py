"""Entries as the cells of a table: one column a field, three for each answer, and long lists over several cells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from knowledge.entries import Entry
from knowledge.exchange.cell_values import cell_for
from knowledge.exchange.table_columns import SPREAD, answer_parts, answer_place, entry_fields, heading_of, places

# In UTF-16, by which spreadsheet programs count; their cells hold 32,767 units, and guards come on top.
LONGEST_BYTES = 2 * 30_000


def table_cells(entries: Sequence[Entry], *, typed: bool) -> tuple[list[str], Iterator[list[str]]]:
    """The headings, and a row of safe cells for each entry.

    `typed` where the format itself says that a cell is text. The same entries give the same cells.
    """
    values = [_values(entry) for entry in entries]
    columns: list[tuple[str, int]] = []
    for place in places(max((len(entry.answers) for entry in entries), default=1)):
        pieces = max((len(_pieces(one[place])) for one in values), default=1) if place in SPREAD else 1
        columns += [(place, piece) for piece in range(pieces)]
    headings = [heading_of(place) + (str(piece + 1) if piece else "") for place, piece in columns]
    return headings, (_row(one, columns, typed) for one in values)


def _values(entry: Entry) -> dict[str, Any]:
    fields = entry.model_dump(mode="json")
    values = {name: fields[name] for name in entry_fields()}
    for number, answer in enumerate(fields["answers"], start=1):
        values |= {answer_place(number, part): answer[part] for part in answer_parts()}
    return values


def _row(values: Mapping[str, Any], columns: Sequence[tuple[str, int]], typed: bool) -> list[str]:
    return [cell_for(place, _piece(values.get(place), place, piece), typed=typed) for place, piece in columns]


def _piece(value: Any, place: str, number: int) -> Any:
    if place not in SPREAD:
        return value
    pieces = _pieces(value)
    return pieces[number] if number < len(pieces) else []


def _pieces(texts: Sequence[str]) -> list[Sequence[str]]:
    """The list in pieces that each fit into a cell; at least one piece."""
    if sum(len(text) + 1 for text in texts) * 6 <= LONGEST_BYTES:  # even if every character were escaped
        return [texts]
    pieces: list[list[str]] = [[]]
    size = 0
    for text in texts:
        size += _bytes(text)
        if pieces[-1] and size > LONGEST_BYTES:
            pieces.append([])
            size = _bytes(text)
        pieces[-1].append(text)
    return list(pieces)


def _bytes(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) + 2
