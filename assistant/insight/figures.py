"""The few figures that every part of the report is made of. Of nothing, counts and shares are 0."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import median
from typing import Any, Self

from pydantic import BaseModel, ConfigDict

from assistant.insight.words import words


class Document(BaseModel):
    """A part of the report as it goes over the wire."""

    model_config = ConfigDict(frozen=True)


class Rate(Document):
    """`n` of `of`; `before` is the share in the period before, None where there was nothing to take a share of."""

    n: int
    of: int
    share: float
    before: float | None

    @classmethod
    def over(cls, now: tuple[int, int], before: tuple[int, int]) -> Self:
        """From (n, of) now and before."""
        return cls(n=now[0], of=now[1], share=share(*now), before=share(*before) if before[1] else None)


class Section(Document):
    """A part with its heading, what its figures are shares of, and why it is empty if it is."""

    title: str
    note: str
    empty: str | None


def told(name: str, *, filled: bool, asked: bool = True) -> dict[str, Any]:
    """The fields of a `Section`; not `asked`: it is empty because there were no messages, which praises nobody."""
    section = words().sections[name]
    empty = section.empty if asked else words().no_messages
    return {"title": section.title, "note": section.note, "empty": None if filled else empty}


def share(n: int, of: int) -> float:
    """A share with four digits; 0 of nothing."""
    return round(n / of, 4) if of else 0.0


def shares(numbers: Sequence[int], of: Sequence[int]) -> list[float | None]:
    """The share in each part of a trend; None where there is nothing to take a share of."""
    return [share(n, whole) if whole else None for n, whole in zip(numbers, of, strict=True)]


def middle(values: Sequence[float]) -> float | None:
    """The median with one digit."""
    return round(median(values), 1) if values else None


def percentile(values: Sequence[float], part: float) -> float | None:
    """The value below which that part of them lies, interpolated, with one digit."""
    if not values:
        return None
    ordered = sorted(values)
    place = (len(ordered) - 1) * part
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return round(ordered[low] + (ordered[high] - ordered[low]) * (place - low), 1)


def counted(parts: Iterable[int], length: int) -> list[int]:
    """How often each number below `length` occurs."""
    counts = [0] * length
    for part in parts:
        counts[part] += 1
    return counts
