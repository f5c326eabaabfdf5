"""What a failed validation means to who wrote the entry, item or settings: which field, why, and what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from knowledge.catalogue import Item
from knowledge.entries import EntryDraft
from knowledge.errors import Problem
from knowledge.shop_policy import ShopPolicy

_UNION_TAILS = {"str", "int", "float", "bool"}  # pydantic names the tried type behind the place of a condition's value
_EXAMPLE_TIME = "2026-11-11T00:00:00+08:00"
_TIME_REMEDY = f"写成 {_EXAMPLE_TIME} 这样，要带时区"

_KINDS: dict[str, type[BaseModel]] = {kind.__name__: kind for kind in (EntryDraft, Item, ShopPolicy)}
_NOT_FIELDS = {"model_type", "model_attributes_type", "dict_type"}
_EXAMPLES: dict[object, str] = {"when": '{"order.state": ["paid"]}', "answers": '{"text": "…"}'}
_RENAMED = {"remote_regions": "region_surcharges（加运费）或 unserved_regions（不发货）"}  # names of an older program

Wording = Callable[[Mapping[str, Any], object], tuple[str, str]]


def field_problems(error: ValidationError) -> list[Problem]:
    """Every problem once, in the order of the fields."""
    return problems_of(error.errors(include_url=False), _KINDS.get(error.title, EntryDraft))


def problems_of(errors: Iterable[ErrorDetails], kind: type[BaseModel] = EntryDraft) -> list[Problem]:
    """The same for the details of any failed validation, such as that of a request; `kind` is what was expected."""
    # A list whose every row is bad is called too short as well, though the editor did write rows.
    details = [one for one in errors if not (one["type"] == "too_short" and one["input"])]
    return list(dict.fromkeys(_problem(one, kind) for one in details))


def _problem(details: ErrorDetails, kind_of: type[BaseModel]) -> Problem:
    path = [part for part in details["loc"] if part != "[key]"]
    kind = details["type"]
    if "when" in path and path[-1] in _UNION_TAILS:
        return Problem(_name(path[:-1]), "条件的值写法不对", "值只能是文字、数字、true、false 或 null")
    if kind in _NOT_FIELDS:
        return Problem(_name(path) or "条目", *_not_fields(path, details["input"]))
    if kind == "extra_forbidden":
        return Problem(_name(path), "没有这个字段", _nearest(path, kind_of))
    wording = _WORDINGS.get(kind) or (_wrong_time if kind.startswith("datetime") else _unknown)
    return Problem(_name(path) or "条目", *wording(details.get("ctx", {}), details["input"]))


def _name(path: list[int | str]) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")


def _nearest(path: list[int | str], kind: type[BaseModel]) -> str:
    known = list(_part(path, kind).model_fields)
    name = str(path[-1]).lower()
    close = [_RENAMED[name]] if name in _RENAMED else get_close_matches(name, known, n=1, cutoff=0.7)
    return f"是不是想写 {close[0]}？" if close else f"请删掉它，可用的字段：{'、'.join(known)}"


def _part(path: list[int | str], kind: type[BaseModel]) -> type[BaseModel]:
    """The part of a kind in which the last field of a path stands: an answer of an entry, a SKU of an item."""
    for name in path[:-1]:
        if isinstance(name, str) and name in kind.model_fields:
            kind = next(_models_in(kind.model_fields[name].annotation), kind)
    return kind


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models_in(inner)


def _too_short(context: Mapping[str, Any], _value: object) -> tuple[str, str]:
    return "是空的", "请填写内容" if "field_type" not in context else f"请至少写 {context['min_length']} 条"


def _too_long(context: Mapping[str, Any], value: object) -> tuple[str, str]:
    length = f"，现有 {len(value)} 个" if isinstance(value, str | list | tuple) else ""
    return f"太长{length}", f"最多 {context['max_length']} 个{'字' if isinstance(value, str) else ''}"


def _not_a_choice(context: Mapping[str, Any], value: object) -> tuple[str, str]:
    choices = str(context["expected"]).replace("'", "").replace(" or ", "、").replace(", ", "、")
    return f"不能是 {_shown(value)}", f"可用的值：{choices}"


def _wrong_time(_context: Mapping[str, Any], value: object) -> tuple[str, str]:
    return f"{_shown(value)} 不是时间", _TIME_REMEDY


def _wrong_clock(_context: Mapping[str, Any], value: object) -> tuple[str, str]:
    return f"{_shown(value)} 不是钟点", '加引号写成 "16:00" 这样'


def _not_fields(path: list[int | str], value: object) -> tuple[str, str]:
    example = next((_EXAMPLES[part] for part in reversed(path) if part in _EXAMPLES), '{"名称": "值"}')
    return f"写法不对，应当是一组字段，收到的是 {_shown(value)}", f"写成 {example} 这样的 JSON 对象"


def _not_a_switch(_context: Mapping[str, Any], value: object) -> tuple[str, str]:
    return f"应当是 true 或 false，收到的是 {_shown(value)}", "不加引号，写 true 或 false"


def _unknown(_context: Mapping[str, Any], value: object) -> tuple[str, str]:
    return f"{_shown(value)} 写法不对", "请对照导出文件或接口文档里的写法修改"


def _bound(limit: object) -> str:
    return f"{limit:g}" if isinstance(limit, float) else str(limit)


def _shown(value: object) -> str:
    text = "空值 null" if value is None else str(value)
    return text if len(text) <= 30 else f"{text[:30]}…"


_WORDINGS: dict[str, Wording] = {
    "missing": lambda _context, _value: ("缺少这个字段", "请补上"),
    "string_type": lambda _context, value: (f"应当是文字，收到的是 {_shown(value)}", "请用双引号把文字括起来"),
    "string_unicode": lambda _context, _value: ("含有不完整的字符", "请删掉后重新输入"),
    "string_too_short": _too_short,
    "too_short": _too_short,
    "string_too_long": _too_long,
    "too_long": _too_long,
    "string_pattern_mismatch": lambda _context, value: (f"{_shown(value)} 里有空格或斜杠", "请用字母、数字和连字符"),
    "tuple_type": lambda _context, value: (f"应当是列表，收到的是 {_shown(value)}", "写成 [\"…\", \"…\"] 这样"),
    "literal_error": _not_a_choice,
    "timezone_aware": lambda _context, value: (f"{_shown(value)} 没有时区", f"写成 {_EXAMPLE_TIME} 这样"),
    "value_error": lambda context, _value: (str(context["error"]), "请改正后再试"),
    "int_parsing": lambda _context, value: (f"应当是整数，收到的是 {_shown(value)}", "例如 3"),
    "int_type": lambda _context, value: (f"应当是整数，收到的是 {_shown(value)}", "例如 3"),
    "float_parsing": lambda _context, value: (f"应当是数字，收到的是 {_shown(value)}", "例如 159.0"),
    "float_type": lambda _context, value: (f"应当是数字，收到的是 {_shown(value)}", "例如 159.0"),
    "finite_number": lambda _context, value: (f"应当是普通的数字，收到的是 {_shown(value)}", "例如 159.0"),
    "bool_type": _not_a_switch,
    "bool_parsing": _not_a_switch,
    "time_type": _wrong_clock,
    "time_parsing": _wrong_clock,
    "greater_than": lambda context, value: (f"{_shown(value)} 太小", f"要大于 {_bound(context['gt'])}"),
    "greater_than_equal": lambda context, value: (f"{_shown(value)} 太小", f"不能小于 {_bound(context['ge'])}"),
    "less_than_equal": lambda context, value: (f"{_shown(value)} 太大", f"不能大于 {_bound(context['le'])}"),
    "json_invalid": lambda context, _value: (f"不是合法的 JSON（{context['error']}）", "请检查引号、逗号和括号"),
}  # fmt: skip
