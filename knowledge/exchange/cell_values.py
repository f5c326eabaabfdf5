"""What a cell of a table says in one field's form, and how a field's value is written into a cell."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from knowledge.exchange.cell_conditions import NotConditions, when_cell, when_of
from knowledge.exchange.cell_lists import lines_cell, lines_of, list_cell, list_of
from knowledge.exchange.cell_text import FORMULA_ERRORS, NOT_CALCULATED, SCIENTIFIC, cell_of, exact_of, exactly, text_of
from knowledge.exchange.table_columns import code_names, form_of, shared_shop_names
from models.intents import intents

Cell = str | int | float | bool | datetime | date | time | timedelta | None
EXACT_DIGITS = 1e15  # spreadsheet programs keep 15 digits of a number
_AS_TEXT = "请把这一格设为文本格式，再重新填写"
_LOCAL_TIME = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]+(\d{1,2})[:：](\d{2})(?:[:：](\d{2}))?)?")
_WHOLE_MINUTE = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d):00\+08:00")
_WITH_ZONE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d.*(Z|[+-]\d\d:\d\d)")
_SERIAL_DAYS = (25_569, 80_000)  # 1970 to 2119 as spreadsheets count days


class CellProblem(ValueError):
    """A cell that does not say what its column holds."""

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(reason)
        self.reason, self.remedy = reason, remedy


def shown(cell: Cell) -> str:
    """A cell's value as an editor sees it, for samples and reports."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell)


def value_of(place: str, cell: Cell) -> Any:
    """The value that a cell gives the field at a place; None for an empty cell. Raises CellProblem."""
    form = form_of(place)
    if form == "time" and not isinstance(cell, str | None):
        return _moment(cell)
    written = _written(cell)
    if not written.strip():
        return None
    if place in ("id", "items") and SCIENTIFIC.fullmatch(written.strip()):
        raise CellProblem(f"{written} 是被表格程序改写的长数字，原来的数字已经丢了", _AS_TEXT)
    return _READERS[form](place, text_of(written))


def cell_for(place: str, value: Any, *, typed: bool) -> str:
    """The safe cell that holds a field's value, "" for none; `typed` as for `cell_of`."""
    form = form_of(place)
    if form != "shop" and (value is None or value == [] or value == {}):
        return ""
    text = _WRITERS[form](place, value)
    return text if form == "time" else cell_of(text, typed=typed)


def _written(cell: Cell) -> str:
    if isinstance(cell, str):
        if cell == NOT_CALCULATED:
            raise CellProblem("公式没有保存计算结果", "请用 Excel 或 WPS 打开文件再保存一次，或直接填写内容")
        if cell.strip() in FORMULA_ERRORS:
            raise CellProblem(f"公式出错（{cell.strip()}）", "请改好公式，或直接填写内容")
        return cell
    if isinstance(cell, date | time | timedelta):
        raise CellProblem(f"被表格程序变成了日期或时间（{cell}）", _AS_TEXT)
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, int | float) and abs(cell) >= EXACT_DIGITS:
        raise CellProblem("数字超过 15 位，后面的位数已经被表格程序改成了 0", _AS_TEXT)
    return shown(cell)


def _as_text(_place: str, text: str) -> str:
    return text


def _code_of(place: str, text: str) -> str:
    names = {name: code for code, name in code_names(place).items()}
    code = names.get(text, text.lower())
    if code not in code_names(place):
        raise CellProblem(f"不能是 {text}", f"可用的值：{'、'.join(names)}")
    return code


def _intent_of(_place: str, text: str) -> str:
    exact = exact_of(text)
    if exact is not None:
        return exact
    if text in intents():
        return text
    first = text.split(maxsplit=1)[0] if text.strip() else text
    return first if first in intents() else _intent_by_name().get(text, text)


def _intent_by_name() -> Mapping[str, str]:
    return {intent.zh: intent.code for intent in intents().values()}


def _intent_cell(place: str, code: str) -> str:
    if code in intents():
        return f"{code} {intents()[code].zh}"
    return code if _intent_of(place, code) == code else exactly(code)


def _shop_of(_place: str, text: str) -> str | None:
    exact = exact_of(text)
    return exact if exact is not None else None if text in shared_shop_names() else text


def _shop_cell(place: str, shop_id: str | None) -> str:
    if shop_id is None:
        return shared_shop_names()[0]
    return shop_id if _shop_of(place, shop_id) == shop_id else exactly(shop_id)


def _moment(cell: Cell) -> str:
    if isinstance(cell, int | float) and not isinstance(cell, bool) and _SERIAL_DAYS[0] <= cell <= _SERIAL_DAYS[1]:
        cell = datetime(1899, 12, 30) + timedelta(days=cell)
    if isinstance(cell, date) and not isinstance(cell, datetime):
        cell = datetime(cell.year, cell.month, cell.day)
    if not isinstance(cell, datetime):
        raise _not_a_time(cell)
    nearest = cell + timedelta(milliseconds=500)  # a fraction of a day is a little less or more than the second
    return nearest.replace(microsecond=0).isoformat() + "+08:00"


def _time_of(_place: str, text: str) -> str:
    if _WITH_ZONE.fullmatch(text):
        return text
    found = _LOCAL_TIME.fullmatch(text)
    try:
        if found is None:
            raise ValueError(text)
        return _moment(datetime(*(int(part or 0) for part in found.groups())))  # type: ignore[arg-type]
    except ValueError as error:
        raise _not_a_time(text) from error


def _not_a_time(cell: Cell) -> CellProblem:
    return CellProblem(f"{shown(cell)} 不是时间", "写成 2026-11-11 00:00 这样（北京时间）")


def _time_cell(_place: str, moment: str) -> str:
    found = _WHOLE_MINUTE.fullmatch(moment)
    return f"{found[1]} {found[2]}" if found else moment


def _conditions(_place: str, text: str) -> dict[str, list[Any]]:
    try:
        return when_of(text)
    except NotConditions as problem:
        raise CellProblem(str(problem), "一行写一个条件，例如：订单状态=待付款、已付款未发货") from problem


_READERS: Mapping[str, Callable[[str, str], Any]] = {
    "text": _as_text, "code": _code_of, "intent": _intent_of, "shop": _shop_of, "time": _time_of, "when": _conditions,
    "lines": lambda _, text: lines_of(text), "list": lambda _, text: list_of(text),
}  # fmt: skip
_WRITERS: Mapping[str, Callable[[str, Any], str]] = {
    "text": _as_text, "intent": _intent_cell, "shop": _shop_cell, "time": _time_cell,
    "code": lambda place, code: code_names(place)[code], "when": lambda _, when: when_cell(when),
    "lines": lambda _, texts: lines_cell(texts), "list": lambda _, texts: list_cell(texts),
}  # fmt: skip
