"""The intent codes of the contract: what a message can be about, and who says it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import yaml

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
    table: dict[str, Any] = yaml.safe_load(files("models").joinpath("data/intents.yaml").read_text("utf-8"))
    return table
