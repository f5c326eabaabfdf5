"""Slots: body measurements as buyers write them (160高100斤, 一米六八 115斤, 1米7 65kg, 92斤/158), in cm and kg."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.persons import SELF, bought_for, is_same, shares, turned_to
from knowledge.quantities import han_number

Measurements = dict[str, float]

_HAN = "零〇一二两三四五六七八九十百"
_NO_NUMBER = re.compile(rf"[^\d{_HAN}]*")
_HAN_NUMBER = re.compile(
    rf"(?<=米)[{_HAN[:12]}](?:[{_HAN[:12]}](?![百十]))?|[{_HAN}]{{1,6}}(?=米|斤|公斤|千克|厘米|公分)|(?<=高)[{_HAN}]{{2,5}}|(?<=重)[{_HAN}]{{2,5}}"
    rf"|(?<=脚长)[{_HAN}]{{2,4}}|一百[{_HAN[2:-2]}]十[{_HAN[2:-2]}]?"
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
    re.compile(rf"身[高长]{_IS}{_N}{_NOT_A_WEIGHT}"),
    re.compile(rf"{_NOT_WEIGHING}{_N}\s*(?:cm|厘米|公分|的?身?高)"),
    re.compile(rf"高{_IS}{_N}{_NOT_A_WEIGHT}"),
    re.compile(r"[我她他](?:是|有)?(1[5-9]\d)(?:的(?=[\s,。?!穿选拍话]|$)|(?=[穿选拍]))"),  # 我160的
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
    "bust_cm": (re.compile(rf"胸围?{_IS}{_N}"),),
    "waist_cm": (re.compile(rf"腰围?{_IS}{_N}(?!\s*尺)"),),
    "foot_cm": (re.compile(rf"脚长?{_IS}{_N}"), re.compile(rf"{_N}\s*(?:cm|厘米|公分)?的?脚(?!背)")),
}
# 腰围2尺1, 二尺一的腰: a 尺 is a third of a metre, the digit behind it a tenth of that.
_CHI = re.compile(r"(?:腰围?\s*)?([12一二两])尺\s*([\d一二三四五六七八九])?(?:寸)?(?:的?腰)?")
_NUMBER = re.compile(r"(?<!\d)\d{2,3}(?!\d)")
_CORRECTED = re.compile(r"(?:打|说|写|发|记|搞)错了?|更正(?:一下)?|应该是")
_BABY = re.compile("宝宝|娃|婴儿|宝贝儿|孩子|小孩|儿子|女儿|闺女|bb")
_SIZE = r"([x\d]{0,3}[sml](?![a-z\d])|[2-9]\d(?!\d))"
_ASKS = r"(?!\s*码?的?(?:合适|可以|行|能|会|吗|好|够|偏|太|[大小紧]))"  # 我穿37码合适吗 asks, it does not tell
_SIZE_SIGN = re.compile(r"[sml\d]")
_USUAL = re.compile(
    rf"(?:平时|平常|一般|通常|日常|以前|之前|习惯)[^,。?\d]{{0,6}}?(?:[穿买拿要选是]|(?=\d\d码))(?:的?(?:鞋|衣服|裤子|裙子))?[的是都]*\s*{_SIZE}"
    rf"|我(?:都|是|一直)?穿(?:的是)?\s*{_SIZE}{_ASKS}|(?<![\d.])([2-4]\d)\s*码的?脚|脚[穿是]?\s*([2-4]\d)\s*码"
)
_PLAUSIBLE = {"height_cm": (50, 230), "weight_kg": (2, 250), "bust_cm": (40, 180), "waist_cm": (40, 180),
              "foot_cm": (8, 35)}  # fmt: skip


def latest_measurements(turns: Sequence[str]) -> Measurements:
    """Measurements from a buyer's normalised messages, oldest first: later values win, another person starts anew."""
    found: Measurements = {}
    told: list[str] = []
    person = SELF
    for turn in turns:
        named, text = _share_meant(turn)
        if named and not is_same(named, person):
            found, told, person = {}, [], named
        told = [*told[-2:], text]
        # Read together with what came before: 163 alone is a height only beside a weight.
        found = {**read_measurements(",".join(told)), **found, **_as_last_said(text)}
    return found


def usual_size(turns: Sequence[str]) -> str | None:
    """The size that the buyer says to wear usually (平时穿M码, 36码的脚), upper case, the latest one."""
    for turn in reversed(turns):
        if _SIZE_SIGN.search(turn) and (matches := list(_USUAL.finditer(turn))):
            return next(size for size in matches[-1].groups() if size).upper()
    return None


def _share_meant(turn: str) -> tuple[str | None, str]:
    """The person measured and the words about them, where a turn speaks of several; else all of its words."""
    parts = shares(turn)
    measured = [part for part in parts if read_measurements(part.text)]
    if not measured:
        return turned_to(turn), turn
    wanted = bought_for(turn)
    best = max(measured, key=lambda part: (part.person == wanted, len(read_measurements(part.text))))
    alone = not any(_NUMBER.search(part.text) for part in parts if part is not best)
    return best.person, turn if alone else best.text


def _as_last_said(text: str) -> Measurements:
    """A correction in the same turn wins over what it corrects (100斤，打错了是105斤)."""
    found: Measurements = {}
    for part in _CORRECTED.split(text):
        found |= read_measurements(part)
    return found


def read_measurements(text: str) -> Measurements:
    """Measurements in a normalised text; what is not there or not plausible for a body is left out."""
    if _NO_NUMBER.fullmatch(text):
        return {}
    text = _HAN_NUMBER.sub(_in_digits, text)
    found: Measurements = {}
    _keep(found, "height_cm", _metres(text) or _first(_HEIGHTS, text))
    kilos, jin = _first(_KILOS, text), _first(_JIN, text)
    _keep(found, "weight_kg", kilos if kilos else jin / 2 if jin else _bare_weight(text))
    for name, patterns in _GIRTHS.items():
        value = _first(patterns, text)
        _keep(found, name, value / 10 if name == "foot_cm" and value and value > 100 else value)  # 脚长235 is in mm
    if "腰" in text and "waist_cm" not in found:
        _keep(found, "waist_cm", _chi(text))
    _read_bare_pair(text, found)
    if len(found.keys() & {"height_cm", "weight_kg"}) == 1 and _OF_A_THING.search(text):
        found = {name: value for name, value in found.items() if name not in ("height_cm", "weight_kg")}
    return found


def _in_digits(number: re.Match[str]) -> str:
    """The number with a space behind it where another follows (一米六五 一百斤), so that their digits stay apart."""
    after = number.string[number.end() : number.end() + 1]
    return f"{han_number(number.group()):g}" + (" " if after and after in _HAN else "")


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


def _chi(text: str) -> float | None:
    """2尺1 → 70 cm."""
    match = _CHI.search(text)
    if not match:
        return None
    whole, tenth = (float(d) if d.isdecimal() and d.isascii() else han_number(d) for d in (match[1], match[2] or "0"))
    return round((whole + tenth / 10) * 100 / 3)


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
    baby = found.get("weight_kg", 0) <= 30 and _BABY.search(text)
    for pattern in (_METRES, *(each for girth in _GIRTHS.values() for each in girth)):
        text = pattern.sub(" ", text)
    numbers = list(map(float, _BARE.findall(text)))
    if "weight_kg" in found:
        lowest = 45 if baby else 120
        heights = (n for n in numbers if lowest <= n <= 210 and n not in (found["weight_kg"], found["weight_kg"] * 2))
        _keep(found, "height_cm", next(heights, None))
    else:
        weights = (n / 2 if n >= 75 else n for n in numbers if 35 <= n <= 250 and n != found["height_cm"])
        _keep(found, "weight_kg", next(weights, None))
