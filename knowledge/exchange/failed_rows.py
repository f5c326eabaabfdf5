"""The rows with faults as a table: their cells, and beside them the reasons.

Mended, it can be imported where the good rows were stored without them; else those would be left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import IO

from knowledge.errors import Problem
from knowledge.exchange.cell_text import cell_of
from knowledge.exchange.cell_values import Cell, shown
from knowledge.exchange.csv_table import write_rows
from knowledge.exchange.reading import format_of, open_table
from knowledge.exchange.table import Mapped, Table
from knowledge.exchange.table_columns import heading_of, own_headings

Failed = Mapping[int, Sequence[Problem]]


def write_failed_rows(data: bytes, filename: str, mapping: Mapped | None, failed: Failed, stream: IO[bytes]) -> None:
    """Write the rows of those numbers of a file as .csv, under headings by which they are imported again."""
    if format_of(data, filename) == "jsonl":
        rows = _lines(data, failed)
    else:
        rows = _table_rows(open_table(data, filename, mapping), failed)
    write_rows(rows, stream)


def _table_rows(table: Table, failed: Failed) -> Iterator[list[str]]:
    yield [*own_headings(), *(heading_of(one.place) if one.place else one.heading for one in table.columns)]
    for row in table.rows:
        if row.number in failed:
            yield [*_reasons(row.number, failed[row.number]), *map(_safe, row.cells)]


def _lines(data: bytes, failed: Failed) -> Iterator[list[str]]:
    yield [*own_headings(), "原文"]
    for number, line in enumerate(data.split(b"\n"), start=1):
        if number in failed:
            yield [*_reasons(number, failed[number]), _safe(line.decode("utf-8", "replace").strip())]


def _reasons(number: int, problems: Sequence[Problem]) -> list[str]:
    said = [f"{problem.field}：{problem.reason}" for problem in problems]
    remedies = [problem.remedy for problem in problems]
    return [str(number), _safe("\n".join(said)), _safe("\n".join(dict.fromkeys(remedies)))]


def _safe(cell: Cell) -> str:
    """A cell as it was, guarded; one that is guarded already stays so."""
    text = shown(cell)
    return text if not text or text.startswith("'") else cell_of(text.strip(), typed=True)
