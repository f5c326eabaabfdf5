"""A shop's size chart and the one question asked of it: which sizes fit these measurements?"""

from __future__ import annotations

import math
import re
from itertools import pairwise
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

# Keys that shops use for a measurement, and what one unit of it is in our unit (cm, kg).
_KEYS: dict[str, tuple[str, float]] = {
    "height_cm": ("height_cm", 1.0), "height": ("height_cm", 1.0), "身高": ("height_cm", 1.0),
    "weight_kg": ("weight_kg", 1.0), "weight": ("weight_kg", 1.0), "体重": ("weight_kg", 1.0),
    "weight_jin": ("weight_kg", 0.5), "体重斤": ("weight_kg", 0.5),
    "bust_cm": ("bust_cm", 1.0), "胸围": ("bust_cm", 1.0),
    "waist_cm": ("waist_cm", 1.0), "腰围": ("waist_cm", 1.0),
    "foot_cm": ("foot_cm", 1.0), "脚长": ("foot_cm", 1.0),
}  # fmt: skip

Span = tuple[float, float]


# A unit written with the figures counts before the key's: 90-100斤, 1.55-1.60米.
_UNITS = ((re.compile("斤(?<!公斤)"), 0.5), (re.compile("米(?<![厘毫]米)"), 100.0))


def _span(value: Any, unit: float) -> Span:
    """A span from [155, 160], "155-160" or 155; the ends belong to it."""
    numbers = value
    if isinstance(value, str):
        numbers = re.findall(r"\d+(?:\.\d+)?", value)
        unit = next((factor for written, factor in _UNITS if written.search(value)), unit)
    try:
        ends = [float(n) * unit for n in (numbers if isinstance(numbers, list | tuple) else [numbers])]
    except TypeError:
        ends = []
    if len(ends) not in (1, 2) or not all(map(math.isfinite, ends)):
        raise ValueError(f"尺码表的范围应写成 155-160 或 [155, 160]，收到的是 {value!r}")
    return min(ends), max(ends)


def _is_given(value: object) -> bool:
    """Shops leave the cells that do not matter empty, or write a dash."""
    return value is not None and str(value).strip(" -—/") != ""


class SizeRow(BaseModel):
    """One size and the body it fits: measurement → inclusive span in cm or kg."""

    model_config = ConfigDict(frozen=True, coerce_numbers_to_str=True)

    size: str
    spans: dict[str, Span] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _read_measurements(cls, row: Any) -> Any:
        if not isinstance(row, dict) or "spans" in row:
            return row
        known = {key: _KEYS[key] for key, value in row.items() if key in _KEYS and _is_given(value)}
        size = row.get("size", row.get("尺码"))
        return {"size": size, "spans": {name: _span(row[key], unit) for key, (name, unit) in known.items()}}

    def holds(self, name: str, value: float) -> bool:
        """Whether this row says that the measurement fits it."""
        return name in self.spans and self.spans[name][0] <= value <= self.spans[name][1]

    def holds_with(self, other: SizeRow, name: str, value: float) -> bool:
        """Whether a measurement lies in one of two rows or in the gap between them."""
        spans = [row.spans[name] for row in (self, other) if name in row.spans]
        return bool(spans) and min(low for low, _ in spans) <= value <= max(high for _, high in spans)

    def fits(self, measurements: dict[str, float]) -> bool:
        """Whether every measurement that this row knows lies in its span."""
        return all(self.holds(name, value) for name, value in measurements.items() if name in self.spans)


class SizeChart(BaseModel):
    """Rows from the smallest size to the largest."""

    model_config = ConfigDict(frozen=True)

    rows: tuple[SizeRow, ...]

    def measured(self) -> set[str]:
        """The measurements this chart asks for."""
        return {name for row in self.rows for name in row.spans}

    def fitting(self, measurements: dict[str, float]) -> list[str]:
        """The sizes whose every span holds the measurements; none when outside the chart or nothing shared."""
        if not self.measured() & measurements.keys():
            return []
        return [row.size for row in self.rows if row.fits(measurements)]

    def between(self, measurements: dict[str, float]) -> list[str]:
        """Two neighbouring sizes that fit all measurements between them (height says M, weight says L); else none.

        A value in the gap that the chart leaves between the two (23.05 of 22.6-23.0 and 23.1-23.5) is between them.
        """
        known = {name: value for name, value in measurements.items() if name in self.measured()}
        for one, other in pairwise(self.rows):
            if known and all(one.holds_with(other, name, value) for name, value in known.items()):
                return [one.size, other.size]
        return []
