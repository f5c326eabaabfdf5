"""Promises that go beyond the shop's settings: sent sooner, returned later, sold cheaper, or free where it is not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from knowledge.catalogue import yuan
from knowledge.compliance import Finding, in_order, sentences
from knowledge.compliance_table import pattern_of
from knowledge.folded_text import Folded, fold
from knowledge.quantities import han_number
from knowledge.regions import area_in, named_region, provinces_of
from knowledge.shop_policy import ShopPolicy
from models.data_files import read_data

CATEGORY = "超出政策的承诺"
_QUESTION = re.compile(r"[吗么][?\n]*$")
_DAYS = {"天": 1, "周": 7, "星期": 7, "月": 30, "年": 365}
_HALF = {"月": 15, "年": 182}
Match = re.Match[str]
Words = Mapping[str, str]


def promise_findings(text: str, policy: ShopPolicy, price: float | None = None) -> tuple[Finding, ...]:
    """Every promise in the text that the settings do not bear out; `price` is the listed one in yuan, if known."""
    folded = fold(text)
    findings = [
        _finding(text, folded, place, kind, match, words)
        for place, sentence in sentences(folded.text)
        for kind, match, words in _promises(sentence, policy, price)
    ]
    return in_order(findings)


def _promises(sentence: str, policy: ShopPolicy, price: float | None) -> Iterator[tuple[str, Match, Words]]:
    """The kind of each promise that is broken, where it stands, and the words of its reason; asking is no promise."""
    if _QUESTION.search(sentence):
        return
    yield from _times(sentence, policy)
    yield from _prices(sentence, policy, price)
    yield from _freight(sentence, policy)


def _times(sentence: str, policy: ShopPolicy) -> Iterator[tuple[str, Match, Words]]:
    for match in _found("dispatch", sentence):
        if _number(match) * (24 if match["unit"] == "天" else 1) < policy.ship_within_hours:
            yield "dispatch", match, {"hours": str(policy.ship_within_hours)}
    limits = {"return_window": policy.return_days, "quality_window": policy.quality_days}
    for kind, days in {**limits, "price_protection": policy.price_protection_days}.items():
        for match in _found(kind, sentence):
            if _days(match) > days:
                yield kind, match, {"days": str(days)} if days else {}


def _prices(sentence: str, policy: ShopPolicy, price: float | None) -> Iterator[tuple[str, Match, Words]]:
    floor = 1 if policy.bargain_floor is None else policy.bargain_floor
    for match in _found("discount", sentence):
        if _tenths(match) < floor * 10:
            yield "discount", match, {}
    if price is None:
        return
    for match in _found("price", sentence):
        if price * 0.3 <= _number(match) < price * floor - 0.005:  # far less is a part or a fee, not the item's price
            yield "price", match, {"price": yuan(price)}
    for match in _found("price_cut", sentence):
        if price - _number(match) < price * floor - 0.005:
            yield "price_cut", match, {}


def _freight(sentence: str, policy: ShopPolicy) -> Iterator[tuple[str, Match, Words]]:
    unserved = _named(sentence, policy.unserved_regions)
    surcharged = _named(sentence, tuple(policy.region_surcharges))
    if unserved:
        yield from (("region_unserved", match, {"region": unserved}) for match in _found("region_unserved", sentence))
    elif surcharged:
        yield from (("region_freight", match, {"region": surcharged}) for match in _found("region_freight", sentence))
    if policy.remote_regions:
        words = {"regions": "、".join(policy.remote_regions)}
        yield from (("everywhere", match, words) for match in _found("everywhere", sentence))
    if policy.free_shipping_from != 0:
        threshold = policy.free_shipping_from
        rule = "运费以结算页为准" if threshold is None else f"满{yuan(threshold)}元包邮"
        yield from (("free_shipping", match, {"rule": rule}) for match in _found("free_shipping", sentence))
    if not policy.freight_insurance:
        yield from (("freight_insurance", match, {}) for match in _found("freight_insurance", sentence))


def _named(sentence: str, regions: tuple[str, ...]) -> str | None:
    """The region that the sentence names, when it is one of these."""
    area = area_in(sentence, regions)
    named = named_region(sentence)
    places = {place for region in regions for place in provinces_of(region)}
    return area.name if area else named.name if named and places & set(named.provinces) else None


def _found(kind: str, sentence: str) -> Iterator[Match]:
    pattern, unless = _patterns(kind)
    return iter(()) if unless.search(sentence) else pattern.finditer(sentence)


def _finding(text: str, folded: Folded, offset: int, kind: str, match: Match, words: Words) -> Finding:
    row = _table()[kind]
    start, end = match.span("p") if match.start("p") >= 0 else match.span("p2")
    span = folded.span(offset + start, offset + end)
    told = words or "{" not in row["reason"]
    return Finding(
        category=CATEGORY,
        action="block",
        span=span,
        text=text[slice(*span)],
        reason=(row["reason"] if told else row["reason_none"]).format_map(words),
        replacement=row["replacement"].format_map(words) if told else None,
    )


def _number(match: Match) -> float:
    written = _group(match, "number")
    return float(written) if written[0].isascii() else han_number(written)


def _days(match: Match) -> float:
    unit = _group(match, "unit")
    return _HALF.get(unit, 1) if _group(match, "number") == "半" else _number(match) * _DAYS[unit]


def _group(match: Match, name: str) -> str:
    """A named group; a pattern with two ways to say it numbers the second."""
    return match[name] or match[f"{name}2"]


def _tenths(match: Match) -> float:
    """九折 → 9, 95折 and 九五折 → 9.5."""
    number = _number(match)
    return number / 10 if number >= 10 else number


@cache
def _patterns(kind: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    row = _table()[kind]
    return pattern_of(row["pattern"]), pattern_of(row["unless"])


@cache
def _table() -> Mapping[str, Words]:
    table: dict[str, Words] = read_data("knowledge", "policy_promises.yaml")
    return table
