"""Slots: body measurements as buyers write them (160高100斤, 一米六八 115斤, 1米7 65kg, 92斤/158), in cm and kg."""

from __future__ import annotations

import re

Measurements = dict[str, float]

_DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_HAN = "零〇一二两三四五六七八九十百"
_HAN_NUMBER = re.compile(
    rf"[{_HAN}]+(?=米|斤|公斤|千克|厘米|公分)|(?<=米)[{_HAN}]{{1,2}}|(?<=高)[{_HAN}]{{2,5}}|(?<=重)[{_HAN}]{{2,5}}"
)
_N = r"(?<![\d.])(\d{1,3}(?:\.\d{1,2})?)(?!\d)"
_IS = r"(?:\((?:cm|kg|厘米|公斤|斤)\)|是|有|为|大概|差不多|大约|约|:|\s)*"

# What makes a bare number something else than a height or a weight: 159元, 2.1a, 45岁.
_UNITS = "公?斤|千克|克|升|毫|厘米|公分|米|元|块|毛|折|倍|岁|周|个|件|条|只|套|天|月|年|日|号|点|码|寸|尺"
_NO_UNIT = rf"(?![\d.a-z%:]|\s*[多来]?(?:{_UNITS}))"
# Tried in order; the first that reads a plausible value wins.
_METRES = re.compile(
    r"(?<!\d)([12])\s*(?:米|m)\s*(\d{1,2})(?!\d)|(?<!\d)([12]\.\d{1,2})\s*(?:米|m|的?身?高|" + _NO_UNIT + ")"
)
_NOT_A_WEIGHT = r"(?![\d.]*\s*(?:斤|kg|公斤|千克))"
_NOT_WEIGHING = r"(?<!重)(?<!重[是:为 ])"  # 体重75 高168: the first number is no height
_HEIGHTS = (
    re.compile(rf"身高{_IS}{_N}{_NOT_A_WEIGHT}"),
    re.compile(rf"{_NOT_WEIGHING}{_N}\s*(?:cm|厘米|公分|的?身?高)"),
    re.compile(rf"高{_IS}{_N}{_NOT_A_WEIGHT}"),
)
_KILOS = (re.compile(rf"{_N}\s*[多来]?(?:kg|公斤|千克)"),)
_JIN = (re.compile(rf"{_N}\s*[多来]?斤"),)
_WEIGHT = re.compile(rf"体?重{_IS}{_N}{_NO_UNIT}")
_BARE = re.compile(rf"(?<![\d.满])(\d{{2,3}}){_NO_UNIT}")
# 160-50 is a pair; 155-160 is a range, 满199-50 a discount, 158-123-4567 a telephone.
_BARE_PAIR = re.compile(
    r"(?<![\d.满])(1[4-9]\d)\s*(?:[/,、 ]|-(?=\s*(?:\d\d|1[0-3]\d)(?![\d-])))\s*(\d{2,3})" + _NO_UNIT
)
# 5斤装, 买10斤, 20斤的快递, 1.5米数据线: weight or length of what is bought, not of who buys it.
_OF_A_THING = re.compile(
    r"(?:买|拍|要)\s*\d+\s*斤|(?:斤|公斤|kg)\s*(?:装|重?的?(?:快递|包裹|东西|大?米)|一?[袋箱包])|米\s*(?:长|宽|的?.{0,3}线)"
)
_GIRTHS = {
    "bust_cm": re.compile(rf"胸围?{_IS}{_N}"),
    "waist_cm": re.compile(rf"腰围?{_IS}{_N}"),
    "foot_cm": re.compile(rf"脚长{_IS}{_N}"),
}
_PLAUSIBLE = {"height_cm": (50, 230), "weight_kg": (2, 250), "bust_cm": (40, 180), "waist_cm": (40, 180),
              "foot_cm": (8, 35)}  # fmt: skip


def read_measurements(text: str) -> Measurements:
    """Measurements in a normalised text; what is not there or not plausible for a body is left out."""
    text = _HAN_NUMBER.sub(lambda match: str(_han_to_int(match.group())), text)
    found: Measurements = {}
    _keep(found, "height_cm", _metres(text) or _first(_HEIGHTS, text))
    kilos, jin = _first(_KILOS, text), _first(_JIN, text)
    _keep(found, "weight_kg", kilos if kilos else jin / 2 if jin else _bare_weight(text))
    for name, pattern in _GIRTHS.items():
        _keep(found, name, _first((pattern,), text))
    _read_bare_pair(text, found)
    if len(found.keys() & {"height_cm", "weight_kg"}) == 1 and _OF_A_THING.search(text):
        found = {name: value for name, value in found.items() if name not in ("height_cm", "weight_kg")}
    return found


def _keep(found: Measurements, name: str, value: float | None) -> None:
    low, high = _PLAUSIBLE[name]
    if value is not None and low <= value <= high:
        found[name] = round(value, 1)


def _metres(text: str) -> float | None:
    """1米7, 1米68, 1.68, 1m65 → cm. One digit after the metre counts tens (1米7 is 170)."""
    match = _METRES.search(text)
    if not match:
        return None
    if match.group(3):
        return float(match.group(3)) * 100
    rest = match.group(2)
    return int(match.group(1)) * 100 + int(rest) * (10 if len(rest) == 1 else 1)


def _first(patterns: tuple[re.Pattern[str], ...], text: str) -> float | None:
    return next((float(match.group(1)) for pattern in patterns if (match := pattern.search(text))), None)


def _bare_weight(text: str) -> float | None:
    """A weight without a unit: 体重110 is 斤, 体重50 is kg; buyers mean 斤 from 75 up."""
    value = _first((_WEIGHT,), text)
    return value / 2 if value is not None and value >= 75 else value


def _read_bare_pair(text: str, found: Measurements) -> None:
    """A bare number beside a height or weight is the other (92斤/158, 165 50kg); 158/92 alone is height and 斤."""
    pair = None if found else _BARE_PAIR.search(text)
    if pair:
        weight = float(pair.group(2))
        _keep(found, "height_cm", float(pair.group(1)))
        _keep(found, "weight_kg", weight / 2 if weight >= 75 else weight)
    if len(found.keys() & {"height_cm", "weight_kg"}) != 1:
        return
    for pattern in (_METRES, *_GIRTHS.values()):
        text = pattern.sub(" ", text)
    numbers = list(map(float, _BARE.findall(text)))
    if "weight_kg" in found:
        heights = (n for n in numbers if 120 <= n <= 210 and n not in (found["weight_kg"], found["weight_kg"] * 2))
        _keep(found, "height_cm", next(heights, None))
    else:
        weights = (n / 2 if n >= 75 else n for n in numbers if 35 <= n <= 250 and n != found["height_cm"])
        _keep(found, "weight_kg", next(weights, None))


def _han_to_int(han: str) -> int:
    """一百二十 → 120, 六八 → 68, 百二 → 120: numerals below a thousand, written out or digit by digit."""
    if not set(han) & {"十", "百"}:
        return int("".join(str(_DIGITS[digit]) for digit in han))
    total, digit = 0, 0
    for place in han:
        if place in "十百":
            total += (digit or 1) * (10 if place == "十" else 100)
            digit = 0
        else:
            digit = _DIGITS[place]
    shortened = "百" in han and han[-1] in _DIGITS and han[-2] == "百"
    return total + digit * (10 if shortened else 1)
