"""The conditions of an answer in one cell: 订单状态=待付款、已关闭, one a line; what has no such form is JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, NoReturn

from knowledge.conditions import ANY
from knowledge.context import ORDER_STATE_ZH
from knowledge.entries import ConditionValue
from knowledge.placeholders import field_of, fields, path_of
from models.data_files import read_data

When = Mapping[str, Sequence[ConditionValue]]

_BETWEEN = re.compile(r"[、，,|｜]")
_LINES = re.compile(r"[\r\n;；]+")
_SWITCH = ("true", "false")


class NotConditions(ValueError):
    """A cell that says no conditions; the message is the reason, for the editor."""


def when_cell(when: When) -> str:
    """Conditions as an editor reads them; `when_of` gives the same back."""
    if not when:
        return ""
    spoken = "\n".join(f"{name_of(path)}={'、'.join(_spoken(path, value) for value in when[path])}" for path in when)
    exact = json.dumps(when, ensure_ascii=False)
    try:
        return spoken if json.dumps(when_of(spoken), ensure_ascii=False) == exact else exact
    except NotConditions:
        return exact


def when_of(cell: str) -> dict[str, list[Any]]:
    """The conditions that a cell says; raises NotConditions."""
    if cell.startswith("{"):
        return _exact(cell)
    when: dict[str, list[Any]] = {}
    for line in filter(None, map(str.strip, _LINES.split(cell))):
        path, values = _condition(line)
        if path in when:
            raise NotConditions(f"“{name_of(path)}”写了两次")
        when[path] = values
    return when


def condition_names() -> dict[str, tuple[str, dict[str, str]]]:
    """What every field is called in a table, and the names of its values by code."""
    return {path: (name_of(path), _value_names(path)) for path in fields()}


def _exact(cell: str) -> dict[str, list[Any]]:
    try:
        when: dict[str, list[Any]] = json.loads(cell, parse_constant=_no_number)
    except ValueError as error:
        raise NotConditions("以 { 开头却不是完整的 JSON") from error
    except RecursionError as error:
        raise NotConditions("括号嵌套太深") from error
    return when


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)


def _condition(line: str) -> tuple[str, list[Any]]:
    name, equals, values = line.replace("＝", "=").partition("=")
    if not equals:
        raise NotConditions(f"“{line}”里没有等号")
    path = _path(name.strip())
    said = [value.strip() for value in _BETWEEN.split(values)]
    if not all(said):
        raise NotConditions(f"“{line}”里有空着的值")
    return path, [_code(path, value) for value in said]


def name_of(path: str) -> str:
    """What a table calls a condition field."""
    attribute = path.removeprefix("item.attributes.")
    if attribute != path:
        return f"属性:{attribute}"
    named = _words()["fields"].get(path)
    field = fields().get(path)
    return str(named["name"]) if named else field.names[0] if field and field.names else path


def _path(name: str) -> str:
    return _paths().get(name) or path_of(name.replace("属性：", "属性:")) or name


@cache
def _paths() -> dict[str, str]:
    return {row["name"]: path for path, row in _words()["fields"].items()}


@cache
def _value_names(path: str) -> dict[str, str]:
    field = field_of(path)
    switch = {value: str(_words()[value]) for value in _SWITCH} if field and set(field.values) <= {*_SWITCH} else {}
    own = ORDER_STATE_ZH if path == "order.state" else _words()["fields"].get(path, {}).get("values", {})
    return {**(switch if field and field.values else {}), **own}


def _spoken(path: str, value: ConditionValue) -> str:
    if value is None:
        return str(_words()["absent"])
    if value == ANY:
        return str(_words()["any"])
    return _value_names(path).get(str(value), str(value))


def _code(path: str, spoken: str) -> str | None:
    words = _words()
    if spoken == words["absent"]:
        return None
    if spoken in (words["any"], "＊"):
        return ANY
    codes = {name: code for code, name in _value_names(path).items()}
    return codes.get(spoken, spoken)


@cache
def _words() -> dict[str, Any]:
    words: dict[str, Any] = read_data("knowledge", "condition_words.yaml")
    return words
