"""Tables as files: stacked in one `.csv` for spreadsheets, or in a document in Markdown."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from knowledge.exchange.cell_text import cell_of
from knowledge.exchange.csv_table import write_rows

Cell = str | int | float | None
_MARKS = re.compile(r"([\\`*_\[\]<>|#~])")


class Written(str):
    """A figure as it is written: percentages, differences and dates of our own, which need no guard."""


@dataclass(frozen=True, slots=True)
class Table:
    """One part of a report."""

    title: str
    note: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def csv_of(tables: Iterable[Table]) -> bytes:
    """Every table under its title, with the mark that Excel needs; no text of a shop is taken for a formula."""
    stream = io.BytesIO()
    write_rows(_csv_rows(tables), stream)
    return stream.getvalue()


def markdown_of(title: str, about: str, tables: Iterable[Table]) -> str:
    """A document with every table under its heading; marks in a text are shown as they are."""
    parts = [f"# {title}", _marked(about)]
    for table in tables:
        parts += [f"## {table.title}", _marked(table.note)]
        parts += [_markdown_table(table)] if table.rows else []
    return "\n\n".join(parts) + "\n"


def _csv_rows(tables: Iterable[Table]) -> Iterator[Sequence[str]]:
    for number, table in enumerate(tables):
        yield from [[]] if number else []
        yield [table.title]
        yield [_csv_cell(table.note)]
        if table.rows:
            yield list(table.headings)
        for row in table.rows:
            yield [_csv_cell(cell) for cell in row]


def _csv_cell(cell: Cell) -> str:
    if cell is None or cell == "":
        return ""
    return cell_of(cell, typed=False) if isinstance(cell, str) and not isinstance(cell, Written) else str(cell)


def _markdown_table(table: Table) -> str:
    lines = [table.headings, [Written("---")] * len(table.headings), *table.rows]
    return "\n".join(f"| {' | '.join(map(_markdown_cell, line))} |" for line in lines)


def _markdown_cell(cell: Cell) -> str:
    text = "" if cell is None else str(cell)
    return text if isinstance(cell, Written) else _marked(text)


def _marked(text: str) -> str:
    """A text on one line that cannot end its cell or begin markup of its own."""
    return _MARKS.sub(r"\\\1", " ".join(text.split()))
