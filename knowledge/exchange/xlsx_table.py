"""Reading knowledge from `.xlsx`: the sheet with our headings, values only; a formula counts by its result."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice, repeat
from typing import Any

from knowledge.errors import ImportFailed
from knowledge.exchange.cell_text import NOT_CALCULATED
from knowledge.exchange.cell_values import Cell
from knowledge.exchange.table import HEADING_WITHIN, GridRow, Mapped, Table, grid_row, known_headings, table_of
from knowledge.exchange.table_columns import MAX_COLUMNS
from knowledge.exchange.xlsx_safety import require_workbook

LAST_ROW = 1_048_576  # of any sheet; without a bound, a file that names a later one would be read for ever
LOOKED_AT = 500  # rows of a sheet in which its headings are looked for
_FORMULA = re.compile(rb"<(\w{1,20}:)?f[ >/]")
_CHUNK, _LONGEST_TAG = 1 << 20, 24


def read_xlsx(data: bytes, mapping: Mapped | None = None) -> Table:
    """The table in a file's bytes; raises ImportFailed, and so do its rows where the file is damaged."""
    require_workbook(data)
    warnings.filterwarnings("ignore", category=UserWarning, module=r"openpyxl\.")  # of styles, which are not read
    with _readable():
        values = _workbook(data, data_only=True)
        title = _sheet_of(values)
    rows = _rows(values[title])
    return table_of(_with_formulas(rows, data, title) if _has_formulas(data) else rows, mapping)


def _workbook(data: bytes, *, data_only: bool) -> Any:
    from openpyxl import load_workbook  # takes a third of a second, which other commands need not wait for

    return load_workbook(io.BytesIO(data), read_only=True, data_only=data_only, keep_links=False)


def _sheet_of(workbook: Any) -> str:
    """The visible sheet in which most headings are found, or else the first that holds anything."""
    visible = [sheet for sheet in workbook.worksheets if sheet.sheet_state == "visible"]
    scores: dict[str, int] = {sheet.title: _score(sheet) for sheet in visible}
    if not scores:
        raise ImportFailed("文件里没有可见的工作表；请取消隐藏后再导入。")
    return max(scores, key=lambda title: scores[title])


def _score(sheet: Any) -> int:
    """Less than nothing for a sheet that begins with nothing."""
    return max(map(known_headings, islice(_rows(sheet, LOOKED_AT), HEADING_WITHIN)), default=-1)


def _rows(sheet: Any, last: int = LAST_ROW) -> Iterator[GridRow]:
    with _readable():
        for number, cells in _cells(sheet, last):
            row = grid_row(number, cells)
            if row:
                yield row


def _cells(sheet: Any, last: int = LAST_ROW) -> Iterator[tuple[int, tuple[Cell, ...]]]:
    """The rows that hold anything, by their numbers."""
    rows = sheet.iter_rows(max_row=last, max_col=MAX_COLUMNS, values_only=True)
    for number, cells in enumerate(rows, start=1):
        if cells.count(None) < len(cells):  # the quickest way past a million empty rows
            yield number, cells


def _has_formulas(data: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(data)) as archive, _readable():
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/") and name.endswith(".xml")]
        return any(_holds_formula(archive, name) for name in sheets)


def _holds_formula(archive: zipfile.ZipFile, name: str) -> bool:
    before = b""
    with archive.open(name) as part:
        while chunk := part.read(_CHUNK):
            if _FORMULA.search(before + chunk):
                return True
            before = chunk[-_LONGEST_TAG:]
    return False


def _with_formulas(rows: Iterator[GridRow], data: bytes, title: str) -> Iterator[GridRow]:
    """The rows, with a mark in cells whose formula has no saved result, which would pass for empty ones."""
    with _readable():
        ahead = next(rows, None)
        for number, cells in _cells(_workbook(data, data_only=False)[title]):
            here = ahead if ahead and ahead.number == number else None
            ahead = next(rows, None) if here else ahead
            marked = grid_row(number, [_marked(*pair) for pair in zip(_wide(here), cells, strict=False)])
            if marked:
                yield marked


def _wide(row: GridRow | None) -> Iterator[Cell]:
    yield from row.cells if row else ()
    yield from repeat(None)


def _marked(value: Cell, formula: Cell) -> Cell:
    return NOT_CALCULATED if value is None and formula is not None else value


@contextmanager
def _readable() -> Iterator[None]:
    """Whatever a damaged or hostile file makes the reader raise is one thing to an editor."""
    try:
        yield
    except (ImportFailed, GeneratorExit):
        raise
    except Exception as error:
        raise ImportFailed("文件读不下去，可能已经损坏；请用 Excel 或 WPS 打开，另存为 .xlsx 后再导入。") from error
