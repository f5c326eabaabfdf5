"""A buyer's number against the attribute that it concerns: 宝宝8个月 against 适用年龄, 200斤 against 承重."""

from __future__ import annotations

import re
from collections.abc import Mapping

from knowledge.quantities import Quantity, allowed_span, read_quantities
from knowledge.suitability import Comparison, Verdict, comparisons, person_words
from models.text import normalise

AGE = "time"
_CLAUSE = re.compile(r"[,。;?!]")


def number_fit(attributes: Mapping[str, str], text: str, *, ages_only: bool = False) -> Verdict | None:
    """Whether the quantity of a normalised text suits; None when none is compared or only a part of it suits."""
    asked = read_quantities(text)
    for row in comparisons():
        told = [each for each in asked if each.dimension == row.dimension and _is_meant(text, each, row)]
        if not told or (ages_only and row.dimension != AGE):
            continue
        name, allowed = _allowed(attributes, row)
        suits = told[-1].within(allowed) if allowed else None
        if suits is not None:
            return Verdict(suits, _as_buyers_read(told[-1].text), name)
    return None


def _as_buyers_read(written: str) -> str:
    """The units of a folded text as shops write them: 65w is 65W."""
    return re.sub("mah$", "mAh", re.sub("w$", "W", written.replace("°c", "℃")))


def _allowed(attributes: Mapping[str, str], row: Comparison) -> tuple[str, Quantity | None]:
    """The first of the row's attributes that states a span, with that span."""
    for name in row.attributes:
        value = normalise(attributes.get(name, ""))
        if value and (span := allowed_span(value, row.dimension, alone_is_limit=row.limit)):
            return name, span
    return "", None


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
