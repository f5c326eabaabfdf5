"""A look into a file before it is imported: its columns with a few values each, and what they could hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice

from knowledge.exchange.cell_values import shown
from knowledge.exchange.jsonl import read_rows
from knowledge.exchange.reading import Format, format_of, open_table
from knowledge.exchange.table import Column, GridRow
from knowledge.exchange.table_columns import answer_number, heading_of, places

SAMPLES, LONGEST_SAMPLE = 3, 60
SPARE_ANSWERS = 3  # to choose from beyond those that the file has


@dataclass(frozen=True)
class SampledColumn:
    """A column and the first values in it."""

    column: Column
    samples: list[str]


@dataclass(frozen=True)
class Preview:
    """`columns` of a table, `fields` that each may be said to hold (place, heading), and the first rows by heading."""

    format: Format
    columns: Sequence[SampledColumn] = ()
    fields: Sequence[tuple[str, str]] = ()
    sample: list[dict[str, str]] = field(default_factory=list)


def preview_of(data: bytes, filename: str) -> Preview:
    """Look into a file; raises ImportFailed."""
    kind = format_of(data, filename)
    if kind == "jsonl":
        drafts = [row.draft for row in islice(read_rows(data), SAMPLES)]
        return Preview(kind, sample=[{heading_of("title"): _short(draft.title)} for draft in drafts if draft])
    table = open_table(data, filename)
    rows = list(islice(table.rows, SAMPLES))
    columns = [SampledColumn(one, _samples(rows, one.index)) for one in table.columns]
    sample = [{one.heading: _sample(row, one.index) for one in table.columns if one.heading} for row in rows]
    return Preview(kind, columns, _fields(table.columns), sample)


def _samples(rows: Sequence[GridRow], index: int) -> list[str]:
    return [text for text in (_sample(row, index) for row in rows) if text]


def _sample(row: GridRow, index: int) -> str:
    return _short(shown(row.cells[index])) if index < len(row.cells) else ""


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_SAMPLE else f"{text[:LONGEST_SAMPLE]}…"


def _fields(columns: Sequence[Column]) -> list[tuple[str, str]]:
    numbers = [answer[0] for one in columns if one.place and (answer := answer_number(one.place))]
    return [(place, heading_of(place)) for place in places(max(numbers, default=0) + SPARE_ANSWERS)]
