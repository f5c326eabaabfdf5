"""Quantities in Chinese text (6-36个月, 3岁以上, 不超过50℃, 一岁半): a dimension and a span in its unit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from math import inf
from typing import Any

from models.data_files import read_data

_DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_NUMBER = r"(?:(?:零下|(?<![\w°])-)\s*)?(?:\d+(?:\.\d+)?|[零〇一二两三四五六七八九十百半]+)"
_HAS_NUMBER = re.compile(r"[\d零〇一二两三四五六七八九十百半]")
_WITHIN_UNIT = re.compile(r"个([半多])月")  # 8个多月, 一个半月
_PLUS = re.compile(r"(\d)\+(个月|岁|斤)")  # 3+岁
_APART = 1e-6  # how far a span that leaves its end out keeps from it, in units as written


@dataclass(frozen=True, slots=True)
class Quantity:
    """A span of one dimension, ends included (a single value has equal ends), in the units of `data/quantities.yaml`.

    `text` is as written, at `start` of the text read; `exact` is true for a single value without a bound.
    """

    dimension: str
    low: float
    high: float
    text: str
    start: int = 0

    @property
    def exact(self) -> bool:
        """Whether this is one value."""
        return self.low == self.high

    def within(self, allowed: Quantity) -> bool | None:
        """Whether all of this lies in the allowed span; None when only a part of it does."""
        if allowed.low <= self.low and self.high <= allowed.high:
            return True
        return False if self.high < allowed.low or self.low > allowed.high else None


def read_quantities(text: str) -> list[Quantity]:
    """Every quantity with a unit in a normalised text, in order."""
    return list(_read(text))


@lru_cache(maxsize=4096)  # a message is read for several facts, and again with every later turn
def _read(text: str) -> tuple[Quantity, ...]:
    if not _HAS_NUMBER.search(text):
        return tuple(sorted(_words_in(text), key=lambda each: each.start))
    text = _PLUS.sub(r"\1\2+", _WITHIN_UNIT.sub(r"个月\1", text))
    numbers = _joined([found for match in _pattern().finditer(text) if (found := _quantity(match))])
    taken = [(each.start, each.start + len(each.text)) for each in numbers]
    words = [word for word in _words_in(text) if not any(start <= word.start < end for start, end in taken)]
    return tuple(sorted([*numbers, *words], key=lambda each: each.start))


def allowed_span(value: str, dimension: str, *, alone_is_limit: bool = False) -> Quantity | None:
    """The span of a dimension that an attribute's normalised value allows: the first that it states.

    3岁以下禁用 allows from 3岁 on. A single value allows nothing but, with `alone_is_limit`, all up to it (承重100kg).
    """
    for clause in clauses(value):
        for found in read_quantities(clause):
            if found.dimension == dimension:
                return _as_allowed(found, alone_is_limit, excluded=is_excluding(clause))
    return None


def clauses(value: str) -> list[str]:
    """The statements of an attribute's value; what stands in brackets is one of its own."""
    return [clause for clause in re.split(r"[,，;；。()（）]", value) if clause.strip()]


def is_excluding(clause: str) -> bool:
    """Whether a statement says what does not suit (不适合, 除外)."""
    return any(word in clause for word in _data()["excluding"])


def han_number(han: str) -> float:
    """一百二十 → 120, 六八 → 68, 百二 → 120, 半 → 0.5: numerals below a thousand, written out or digit by digit."""
    if han == "半":
        return 0.5
    han = han.replace("半", "")
    if not set(han) & {"十", "百"}:
        return int("".join(str(_DIGITS[digit]) for digit in han) or "0")
    total, digit = 0, 0
    for place in han:
        if place in "十百":
            total += (digit or 1) * (10 if place == "十" else 100)
            digit = 0
        else:
            digit = _DIGITS[place]
    shortened = "百" in han and han[-1] in _DIGITS and han[-2] == "百"
    return total + digit * (10 if shortened else 1)


def _joined(found: list[Quantity]) -> list[Quantity]:
    """一岁 and 两个月 written in one breath are one age."""
    joined: list[Quantity] = []
    for each in found:
        last = joined[-1] if joined else None
        if last and _goes_on(last, each):
            age = last.low + each.low
            joined[-1] = replace(last, low=age, high=age, text=last.text + each.text)
        else:
            joined.append(each)
    return joined


def _goes_on(years: Quantity, months: Quantity) -> bool:
    whole = years.exact and months.exact and years.dimension == months.dimension
    return whole and years.text.endswith("岁") and years.start + len(years.text) == months.start and months.high < 12


def _as_allowed(found: Quantity, alone_is_limit: bool, *, excluded: bool) -> Quantity | None:
    if excluded:
        if found.low == -inf:
            return replace(found, low=found.high, high=inf)
        return replace(found, low=-inf, high=found.low) if found.high == inf else None
    if not found.exact:
        return found
    return replace(found, low=-inf) if alone_is_limit else None


def _quantity(match: re.Match[str]) -> Quantity | None:
    """One match as a span; None where two numbers belong to different dimensions."""
    unit = match["unit_b"] or match["unit_a"]
    first_unit = match["unit_a"] or unit
    if not unit or _units()[unit][0] != _units()[first_unit][0]:
        return None
    dimension, factor = _units()[unit]
    low, high = _ends(match["a"], match["more_a"], match["half_a"], _units()[first_unit][1])
    if match["b"]:
        high = _ends(match["b"], match["more_b"], match["half_b"], factor)[1]
    if low > high:
        return None
    low, high = _bounded(low, high, match["prefix"], match["suffix"], factor)
    start = match.start() + (len(match[0]) - len(match[0].lstrip()))
    written = re.sub(r"个月([半多])", r"个\1月", match[0].strip())
    return Quantity(dimension, low, high, written, start)


def _bounded(low: float, high: float, prefix: str | None, suffix: str | None, factor: float) -> tuple[float, float]:
    data = _data()
    if prefix in data["below"] or suffix in data["up_to"]:
        return -inf, high
    if prefix in data["above"] or suffix in data["upwards"]:
        return low, inf
    return (low - factor, low - _APART * factor) if prefix in data["under"] else (low, high)


def _ends(written: str, more: str | None, half: str | None, factor: float) -> tuple[float, float]:
    """The lowest and highest value that a number stands for: 两三 is 2 to 3, 3岁多 is between 3 and 4."""
    sign = -1 if written.startswith(("-", "零下")) else 1
    digits = written.removeprefix("零下").lstrip("- ")
    if len(digits) == 2 and all(digit in _DIGITS for digit in digits) and _DIGITS[digits[1]] - _DIGITS[digits[0]] == 1:
        return _DIGITS[digits[0]] * factor, _DIGITS[digits[1]] * factor
    number = float(digits) if digits[0].isdigit() else han_number(digits)
    if half == "半" or (digits != "半" and digits.endswith("半")):
        number += 0.5
    if more or half == "多":
        step = 10 if more and number % 10 == 0 and number else 1
        return (number + _APART) * factor, (number + step - _APART) * factor
    return sign * number * factor, sign * number * factor


def _words_in(text: str) -> Iterator[Quantity]:
    if not _any_word().search(text):
        return
    taken: set[int] = set()
    for dimension, words in _data()["words"].items():
        for word in sorted(words, key=len, reverse=True):
            low, high = words[word]
            for match in re.finditer(re.escape(word), text):
                if not taken & set(range(*match.span())):
                    taken |= set(range(*match.span()))
                    yield Quantity(dimension, -inf if low is None else low, inf if high is None else high, word,
                                   match.start())  # fmt: skip


@cache
def _any_word() -> re.Pattern[str]:
    return re.compile(_any_of([word for words in _data()["words"].values() for word in words]))


@cache
def _pattern() -> re.Pattern[str]:
    data = _data()
    unit = _any_of([unit for units in data["units"].values() for unit in units])
    unit = rf"(?:{unit})(?:(?<![a-z0-9])|(?![a-z0-9]))"
    prefix = _any_of([*data["below"], *data["above"], *data["under"]])
    suffix = _any_of([*data["up_to"], *data["upwards"]])
    return re.compile(
        rf"(?<![\d.])(?P<prefix>{prefix})?\s*(?P<a>{_NUMBER})(?P<more_a>[多来])?\s*(?P<unit_a>{unit})?(?P<half_a>[半多])?"
        rf"(?:\s*(?:{_any_of(data['to'])})+\s*(?P<b>{_NUMBER})(?P<more_b>[多来])?\s*(?P<unit_b>{unit})(?P<half_b>[半多])?)?"
        rf"(?:\s*(?P<suffix>{suffix}))?"
    )


@cache
def _units() -> dict[str, tuple[str, float]]:
    table = _data()["units"].items()
    return {unit: (dimension, factor) for dimension, units in table for unit, factor in units.items()}


def _any_of(words: list[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


@cache
def _data() -> dict[str, Any]:
    data: dict[str, Any] = read_data("knowledge", "quantities.yaml")
    return data
