"""Rows of a table as entries: what each cell gives its field, and problems named by the editor's own headings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from knowledge.entries import Entry
from knowledge.errors import ImportFailed, Problem
from knowledge.exchange.cell_values import CellProblem, shown, value_of
from knowledge.exchange.rows import Row, row_of
from knowledge.exchange.table import Column, GridRow, Table
from knowledge.exchange.table_columns import (
    SPREAD,
    answer_number,
    answer_parts,
    answer_place,
    entry_fields,
    heading_of,
)
from knowledge.exchange.table_naming import FieldNaming
from knowledge.known_entries import KnownEntries

_QUOTE_IT = "内容里有英文逗号时，整格要加英文双引号；用 Excel 或 WPS 打开改好，再另存一次"


@dataclass
class _Read:
    """What the cells of one row say; a problem stands beside the place that it is about."""

    values: dict[str, Any] = field(default_factory=dict)
    answers: dict[int, dict[str, Any]] = field(default_factory=dict)
    problems: list[tuple[str | None, Problem]] = field(default_factory=list)


class TableRows:
    """Iterates over the rows below the headings; `notes` says what is not imported, complete at the end.

    A row of an entry that is `known` keeps what the table has no column for; an empty cell empties its field.
    """

    def __init__(self, table: Table, defaults: Mapping[str, Any], known: KnownEntries) -> None:
        """`defaults` fill fields that a row leaves empty. Raises ImportFailed when no column holds the title."""
        self.table = table
        self.notes = [f"{one.shown}没有对应的字段，没有导入" for one in table.ignored]
        self._defaults, self._known = defaults, known
        self._columns = [(one, one.place) for one in table.columns if one.place]
        self._places = {place for _, place in self._columns}
        self._has_answers = any(answer_number(place) for place in self._places)
        self._unheaded: set[int] = set()
        if not {"title", "id"} & self._places:
            raise ImportFailed(_no_title(table))

    def __iter__(self) -> Iterator[Row]:
        for row in self.table.rows:
            yield self._row(row)
        letters = "、".join(Column(index, "", None).letter for index in sorted(self._unheaded))
        if letters:
            self.notes.append(f"{letters} 列没有表头，里面的内容没有导入")

    def _row(self, row: GridRow) -> Row:
        read = _Read()
        for column, place in self._columns:
            self._take(column, place, row.cells[column.index] if column.index < len(row.cells) else None, read)
        read.problems += _without_text(read.answers)
        self._look_beyond(row, read)
        naming = FieldNaming(self.table.columns, sorted(read.answers))
        return _judged(row_of(row.number, self._whole(read)), read, naming)

    def _take(self, column: Column, place: str, cell: Any, read: _Read) -> None:
        try:
            value = value_of(place, cell)
        except CellProblem as problem:
            read.problems.append((place, Problem(column.shown, problem.reason, problem.remedy)))
            return
        answer = answer_number(place)
        if answer is not None:
            read.answers.setdefault(answer[0], {})[answer[1]] = value
        elif place in SPREAD:
            read.values[place] = [*read.values.get(place, []), *(value or [])]
        elif value is not None or (place == "shop_id" and shown(cell).strip()):  # the name for all shops gives None
            read.values[place] = value

    def _look_beyond(self, row: GridRow, read: _Read) -> None:
        """Cells that belong to no heading: in .csv a row went wrong, elsewhere somebody made notes beside the table."""
        beyond = [at for at, cell in enumerate(row.cells) if at >= len(self.table.columns) and shown(cell).strip()]
        if self.table.ragged and beyond and beyond[-1] >= self.table.heading.width:
            problem = Problem(f"{Column(beyond[-1], '', None).letter} 列", "这一行的格子比表头多", _QUOTE_IT)
            read.problems.append((None, problem))
        unnamed = [one.index for one in self.table.columns if not one.heading and one.place is None]
        self._unheaded |= {*beyond, *(at for at in unnamed if at < len(row.cells) and shown(row.cells[at]).strip())}

    def _whole(self, read: _Read) -> dict[str, Any]:
        values = {**self._defaults, **read.values}
        stored = self._known.counterpart(values.get("id"), values.get("shop_id"), values.get("title", ""))
        if self._has_answers:
            values["answers"] = [_answer(read.answers[number], number, stored) for number in sorted(read.answers)]
        return {**values, **self._unmentioned(stored)} if stored else values

    def _unmentioned(self, stored: Entry) -> dict[str, Any]:
        """The fields of a stored entry that the table has no column for."""
        fields = stored.model_dump(mode="json", exclude={"id", "version"})
        kept = {name: value for name, value in fields.items() if name in entry_fields() and name not in self._places}
        return kept if self._has_answers else {**kept, "answers": fields["answers"]}


def _judged(row: Row, read: _Read, naming: FieldNaming) -> Row:
    """The row with the problems of its cells before those of its fields.

    A cell that could not be read leaves its field empty; that it is empty is no second problem.
    """
    bad = {place for place, _ in read.problems}
    fields = [replace(one, field=naming(one.field)) for one in row.problems if naming.place(one.field) not in bad]
    problems = (*(problem for _, problem in read.problems), *fields)
    return replace(row, draft=None if problems else row.draft, problems=problems, named=naming)


def _without_text(answers: dict[int, dict[str, Any]]) -> Iterator[tuple[str, Problem]]:
    """Take out the answers without a text; a condition or tone that stood beside one is a problem."""
    for number in [number for number, parts in answers.items() if parts.get("text") is None]:
        parts = answers.pop(number)
        place = answer_place(number, "text")
        if "text" in parts and any(parts.values()):
            yield place, Problem(heading_of(place), "是空的，但写了条件或语气", "请写上答案，或清空它的条件和语气")


def _answer(parts: Mapping[str, Any], number: int, stored: Entry | None) -> dict[str, Any]:
    """An answer; the parts that the table has no column for are as in the stored entry."""
    had = stored.answers[number - 1].model_dump(mode="json") if stored and number <= len(stored.answers) else {}
    values = {name: parts[name] if name in parts else had.get(name) for name in answer_parts()}
    return {**values, "when": values["when"] or {}}


def _no_title(table: Table) -> str:
    headings = "、".join(one.heading for one in table.columns if one.heading)
    return (
        f"没有找到“{heading_of('title')}”这一列。被当作表头的是第 {table.heading.number} 行：{headings}。"
        "请改好表头，或指定哪一列是标准问。"
    )
