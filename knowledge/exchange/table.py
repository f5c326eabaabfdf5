"""A table before its cells are understood: numbered rows, the heading row among the first, a field for each column."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from knowledge.errors import ImportFailed
from knowledge.exchange.cell_values import Cell, shown
from knowledge.exchange.table_columns import SPREAD, guess_places, heading_of, own_headings, place_of

HEADING_WITHIN = 30  # rows with something in them; titles and remarks may stand above the headings


@dataclass(frozen=True, slots=True)
class GridRow:
    """A row with something in it; `cells` end with the last that is not empty, of `width` in the file.

    `number` is what spreadsheet programs show.
    """

    number: int
    cells: tuple[Cell, ...]
    width: int


@dataclass(frozen=True, slots=True)
class Column:
    """A column and the place in an entry that it holds; None when nothing is read from it."""

    index: int
    heading: str
    place: str | None

    @property
    def letter(self) -> str:
        """What spreadsheet programs call the column: A, B, … AA."""
        letters, left = "", self.index + 1
        while left:
            left, last = divmod(left - 1, 26)
            letters = chr(ord("A") + last) + letters
        return letters

    @property
    def shown(self) -> str:
        """The column as a report names it."""
        return f"{self.heading}（{self.letter} 列）"


@dataclass(frozen=True)
class Table:
    """The columns as the heading row says, and the rows below it, read as they are consumed.

    `ragged`: rows can be longer than the heading row by a slip of the pen, as in .csv.
    """

    columns: tuple[Column, ...]
    heading: GridRow
    rows: Iterator[GridRow]
    ragged: bool = False

    @property
    def ignored(self) -> list[Column]:
        """Columns with a heading that nothing is read from, but for those of our own reports."""
        return [one for one in self.columns if one.heading and one.place is None and one.heading not in own_headings()]


def grid_row(number: int, cells: Sequence[Cell]) -> GridRow | None:
    """A row without the empty cells at its end; None for one of empty cells only."""
    end = len(cells)
    while end and (cells[end - 1] is None or not str(cells[end - 1]).strip()):
        end -= 1
    return GridRow(number, tuple(cells[:end]), len(cells)) if end else None


Mapped = Mapping[str, str | None]
"""Column (its heading, or its letters as in “B列”) → place or heading; None: read nothing from it."""


def table_of(rows: Iterable[GridRow], mapping: Mapped | None = None, *, ragged: bool = False) -> Table:
    """Find the heading row and read the rest as rows. Raises ImportFailed for an empty table and an unknown mapping."""
    waiting = iter(rows)
    first = list(islice(waiting, HEADING_WITHIN))
    if not first:
        raise ImportFailed("表格是空的；请在第一行写上表头，例如：标准问、相似问法、答案1。")
    at = _heading_at(first, mapping or {})
    columns = _columns(first[at], mapping or {})
    return Table(columns, first[at], chain(first[at + 1 :], waiting), ragged)


def known_headings(row: GridRow) -> int:
    """How many different fields the cells of a row name."""
    return len({place for place in guess_places(map(shown, row.cells)) if place})


def _heading_at(rows: Sequence[GridRow], mapping: Mapped) -> int:
    """The row that names most fields; where none is known, the first with several texts."""
    wanted = {_said(name) for name in mapping}
    scores = [known_headings(row) + len(wanted & {_said(shown(cell)) for cell in row.cells}) for row in rows]
    if max(scores) > 0:
        return scores.index(max(scores))
    return next((at for at, row in enumerate(rows) if sum(isinstance(cell, str) for cell in row.cells) > 1), 0)


def _columns(row: GridRow, mapping: Mapped) -> tuple[Column, ...]:
    headings = [shown(cell).strip() for cell in row.cells]
    guessed = guess_places(headings)
    columns = [Column(index, heading, guessed[index]) for index, heading in enumerate(headings)]
    for name, target in mapping.items():
        for column in _named(name, columns):
            columns[column.index] = Column(column.index, column.heading, _target(target))
    _require_once(columns)
    return tuple(columns)


def _named(name: str, columns: Sequence[Column]) -> list[Column]:
    found = [one for one in columns if one.heading and _said(one.heading) == _said(name)]
    found = found or [one for one in columns if one.letter == _said(name).upper().removesuffix("列").strip()]
    if not found:
        headings = "、".join(one.heading for one in columns if one.heading)
        raise ImportFailed(f"表里没有“{name}”这一列；表头有：{headings}。")
    return found


def _target(name: str | None) -> str | None:
    if not name:
        return None
    place = place_of(name)
    if place is None:
        raise ImportFailed(f"没有“{name}”这个字段；可用的例如：标准问、相似问法、答案1、条件1、商品、标签。")
    return place


def _require_once(columns: Iterable[Column]) -> None:
    seen: dict[str, Column] = {}
    for column in columns:
        if column.place is None or column.place in SPREAD:
            continue
        first = seen.setdefault(column.place, column)
        if first is not column:
            raise ImportFailed(f"{first.shown}和{column.shown}都对应“{heading_of(column.place)}”，请只留一个。")


def _said(heading: str) -> str:
    return heading.strip().casefold()
