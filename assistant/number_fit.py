"""A buyer's number against the attribute that it concerns: 宝宝8个月 against 适用年龄, 200斤 against 承重."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from assistant.slots import read_measurements
from knowledge.quantities import Quantity, allowed_span, read_quantities
from knowledge.suitability import Comparison, Verdict, comparisons, person_words
from models.text import normalise

AGE = "time"
HEIGHT = "length"
_CLAUSE = re.compile(r"[,。;?!]")


def number_fit(attributes: Mapping[str, str], text: str, *, ages_only: bool = False) -> Verdict | None:
    """Whether the quantity of a normalised text suits; None when none is compared or only a part of it suits."""
    for row, name, allowed in _spans(tuple(attributes.items())):
        if ages_only and row.dimension != AGE:
            continue
        told = _told(text, row)
        suits = told[-1].within(allowed) if told else None
        if suits is not None:
            return Verdict(suits, _as_buyers_read(told[-1].text), name)
    return None


def _told(text: str, row: Comparison) -> list[Quantity]:
    """The quantities to compare; a height needs no unit (身高120)."""
    asked = [each for each in read_quantities(text) if each.dimension == row.dimension]
    height = read_measurements(text).get("height_cm") if row.dimension == HEIGHT and not asked else None
    if height:
        return [Quantity(HEIGHT, height, height, f"{height:g}cm")]
    return [each for each in asked if _is_meant(text, each, row)]


def _as_buyers_read(written: str) -> str:
    """The units of a folded text as shops write them: 65w is 65W."""
    return re.sub("mah$", "mAh", re.sub("w$", "W", written.replace("°c", "℃")))


@lru_cache(maxsize=512)  # the same for every message about an item
def _spans(attributes: tuple[tuple[str, str], ...]) -> tuple[tuple[Comparison, str, Quantity], ...]:
    """Every comparison that can be made, with the first of its attributes that states a span, and that span."""
    values = {name: normalise(value) for name, value in attributes}
    stated = (
        next(((row, name, span) for name in row.attributes if (span := _span(values.get(name, ""), row))), None)
        for row in comparisons()
    )
    return tuple(filter(None, stated))


def _span(value: str, row: Comparison) -> Quantity | None:
    return allowed_span(value, row.dimension, alone_is_limit=row.limit)


def _is_meant(text: str, quantity: Quantity, row: Comparison) -> bool:
    """Whether a quantity is one to compare: not of something else (用了8个月), and months only of a person."""
    before, after = text[: quantity.start], text[quantity.start + len(quantity.text) :]
    if before.rstrip().endswith(row.others) or after.lstrip().startswith(row.others):
        return False
    if row.dimension != AGE or not re.search("[月天周年期]", quantity.text) or quantity.text.endswith(("周岁", "满月")):
        return True
    end = _CLAUSE.search(after)
    told = text[: len(text) - len(after) + (end.start() if end else len(after))]
    return any(word in told for word in person_words()) or not told.replace(quantity.text, "").strip(" 的了呢吗大")
