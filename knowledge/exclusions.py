"""Which items are excluded from 七天无理由, by the words of a shop's settings: 定制, 食品(拆封后)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from knowledge.catalogue import ItemFacts
from knowledge.policy_facts import full_width

_RULE = re.compile(r"(?P<kind>[^(（]+)(?:[(（](?P<condition>[^)）]+)[)）])?")
_PARTS = re.compile(r"[/>\s、，,;；|]+")
_DENIED = ("否", "不", "无", "非", "没")

Attributes = tuple[tuple[str, str], ...]
"""Names and values of an item's attributes."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`allowed`: yes, no, or unless (not under a condition, such as 拆封后); `rule` says what excludes the item."""

    allowed: Literal["yes", "unless", "no"]
    rule: str | None = None


def no_reason_verdict(item: ItemFacts, excluded: Iterable[str]) -> Verdict | None:
    """Whether an item may be returned without reason; what its own attributes say of 无理由 comes first.

    None for an item whose category is not known, when nothing else excludes it.
    """
    return _judged(item.category or "", tuple(item.attributes.items()), tuple(excluded))


@lru_cache(maxsize=1024)  # the same for every message about an item
def _judged(category: str, attributes: Attributes, excluded: tuple[str, ...]) -> Verdict | None:
    said = next((_said(value) for name, value in attributes if "无理由" in name), None)
    if said:
        return said
    found = [_verdict(rule) for rule in excluded if _matches(category, attributes, rule)]
    if not found:
        return Verdict("yes") if category else None
    return next((verdict for verdict in found if verdict.allowed == "no"), found[0])


def _said(value: str) -> Verdict:
    return Verdict("no", "商品页面注明不支持") if value.strip().startswith(_DENIED) else Verdict("yes")


def _verdict(rule: str) -> Verdict:
    return Verdict("unless" if _split(rule)[1] else "no", full_width(rule))


def _matches(category: str, attributes: Attributes, rule: str) -> bool:
    kind = _split(rule)[0]
    return kind in category or any(_says(name, value.strip(), kind) for name, value in attributes)


def _says(name: str, value: str, kind: str) -> bool:
    """是否定制: 是, or 类型: 贴身、定制. What merely can be made to order (可定制: 是) is not excluded by it."""
    return (name.removeprefix("是否") == kind and value.startswith("是")) or kind in _PARTS.split(value)


def _split(rule: str) -> tuple[str, str | None]:
    match = _RULE.match(rule)
    return (match["kind"].strip(), match["condition"]) if match else (rule, None)
