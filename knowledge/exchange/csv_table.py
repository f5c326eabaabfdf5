"""Knowledge as `.csv`: commas, tabs or semicolons between, as spreadsheet programs write and read it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import IO

from knowledge.entries import Entry
from knowledge.errors import ImportFailed
from knowledge.exchange.encoding import decoded
from knowledge.exchange.table import HEADING_WITHIN, GridRow, Mapped, Table, grid_row, known_headings, table_of
from knowledge.exchange.table_cells import table_cells

DELIMITERS = (",", "\t", ";")
LONGEST_CELL = 1_000_000  # characters; one that is longer is an unclosed quotation mark
_NO_QUOTE = "请检查英文双引号是不是成对；用 Excel 或 WPS 打开看看，再另存一次"


def read_csv(data: bytes, mapping: Mapped | None = None) -> Table:
    """The table in a file's bytes; raises ImportFailed, and so do its rows when quotation marks do not match."""
    text = decoded(data)
    return table_of(_rows(text, _delimiter(text)), mapping, ragged=True)


def write_csv(entries: Iterable[Entry], stream: IO[bytes]) -> int:
    """Write entries as UTF-8 with the mark that Excel needs, and return how many."""
    headings, rows = table_cells(list(entries), typed=False)
    return write_rows(chain([headings], rows), stream) - 1


def write_rows(rows: Iterable[Sequence[str]], stream: IO[bytes]) -> int:
    """Write rows of safe cells, and return how many."""
    text = io.TextIOWrapper(stream, "utf-8-sig", newline="", write_through=True)
    writer, count = csv.writer(text, lineterminator="\r\n"), 0
    for row in rows:
        writer.writerow(row)
        count += 1
    text.detach()
    return count


def _delimiter(text: str) -> str:
    """The one by which the most headings are found, or else the most frequent one."""
    return max(DELIMITERS, key=lambda one: _shape(text, one))


def _shape(text: str, delimiter: str) -> tuple[int, int]:
    try:
        known = max(map(known_headings, islice(_rows(text, delimiter), HEADING_WITHIN)), default=0)
    except ImportFailed:
        known = 0
    return known, text.count(delimiter)


def _rows(text: str, delimiter: str) -> Iterator[GridRow]:
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            row = grid_row(number, cells)
            if row:
                yield row
    except csv.Error as error:
        raise ImportFailed(f"第 {number + 1} 行读不下去：引号不成对，或一格太长；{_NO_QUOTE}。") from error
