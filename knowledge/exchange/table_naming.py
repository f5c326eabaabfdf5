"""Problems in the editor's own words: the field answers[1].text is 答案3（H 列） in a row whose 答案2 is empty."""

from __future__ import annotations

import re
from collections.abc import Sequence

from knowledge.exchange.cell_conditions import name_of
from knowledge.exchange.table import Column
from knowledge.exchange.table_columns import SPREAD, answer_place, entry_fields, heading_of

_ANSWER = re.compile(r"answers(?:\[(\d+)\](?:\.(text|when|tone))?)?(?:\W.*)?")
_POSITION = re.compile(r"\[(\d+)\]")


class FieldNaming:
    """Names the fields of one row's problems; `numbers` are those of its answers, in their order."""

    def __init__(self, columns: Sequence[Column], numbers: Sequence[int]) -> None:
        self._columns, self.numbers = columns, numbers

    def __call__(self, field: str) -> str:
        """What the table calls a field of the entry."""
        place = self.place(field)
        if place is None:
            return field
        column = next((one for one in self._columns if one.place == place), None)
        shown = column.shown if column else f"{heading_of(place)}（表里没有这一列）"
        return shown + _detail(field, place)

    def place(self, field: str) -> str | None:
        """The place of the column that holds a field; None for what no column holds."""
        answer = _ANSWER.fullmatch(field)
        if answer is None:
            name = re.split(r"\W", field, maxsplit=1)[0]
            return name if name in entry_fields() else None
        position = int(answer[1] or 0)
        number = self.numbers[position] if position < len(self.numbers) else 1
        return answer_place(number, answer[2] or "text")


def _detail(field: str, place: str) -> str:
    position = _POSITION.search(field)
    if place in SPREAD and position:
        return f"第 {int(position[1]) + 1} 个"
    condition = field.partition(".when.")[2]
    return f"“{name_of(condition)}”" if condition else ""
