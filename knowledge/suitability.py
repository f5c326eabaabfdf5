"""Which attribute a number or a device is compared with (`data/suitability.yaml`), and what a comparison gives."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from models.data_files import read_data


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether what was `asked` (as a buyer reads it) suits by the `attribute`."""

    suits: bool
    asked: str
    attribute: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Quantities of a dimension are compared with the first of the attributes that states a span.

    `limit`: a single value is the most (承重100kg); a quantity beside one of the words `others` is of another thing.
    """

    dimension: str
    attributes: tuple[str, ...]
    limit: bool
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Device:
    """A device by its words; `kind` is the device that it is one of (an iPhone is a 手机)."""

    name: str
    words: tuple[str, ...]
    kind: str | None


@cache
def comparisons() -> tuple[Comparison, ...]:
    """Every row, in the order in which they are tried."""
    return tuple(
        Comparison(row["dimension"], tuple(row["attributes"]), row["limit"], tuple(row["others"]))
        for row in _data()["numbers"]
    )


@cache
def devices() -> tuple[Device, ...]:
    """Every device, those meant by a longer word first."""
    rows = [Device(row["name"], tuple(row["words"]), row["kind"]) for row in _data()["devices"]]
    return tuple(sorted(rows, key=lambda device: -max(map(len, device.words))))


def person_words() -> tuple[str, ...]:
    """Words that make a number of months an age."""
    return tuple(_data()["persons"])


def device_attributes() -> tuple[str, ...]:
    """Attributes that say which devices suit."""
    return tuple(_data()["devices_in"])


@cache
def _data() -> dict[str, Any]:
    data: dict[str, Any] = read_data("knowledge", "suitability.yaml")
    return data
