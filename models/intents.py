"""The intent codes of the contract: what a message can be about, and who says it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from models.data_files import read_data

Voice = Literal["buyer", "agent"]


@dataclass(frozen=True, slots=True)
class Intent:
    """One code of `data/intents.yaml`; `zh` is its name on pages, `phase` its step of the service flow."""

    code: str
    phase: str
    zh: str
    note: str = ""
    voice: Voice = "buyer"


@cache
def intents() -> dict[str, Intent]:
    """Every intent by its code, in the order of the contract."""
    return {row["code"]: Intent(**row) for row in _contract()["intents"]}


@cache
def phases() -> dict[str, str]:
    """The Chinese name of every phase by its code."""
    return dict(_contract()["phases"])


def _contract() -> dict[str, Any]:
    table: dict[str, Any] = read_data("models", "intents.yaml")
    return table
