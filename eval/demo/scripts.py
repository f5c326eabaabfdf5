"""The made conversations: what buyers say, about what, and how the shop's agents work."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field

from knowledge.context import OrderState

Lines = Annotated[tuple[str, ...], Field(min_length=1)]


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Script(_Row):
    """One kind of conversation; see `scripts.yaml`."""

    weight: float
    turns: Annotated[tuple[Lines, ...], Field(min_length=1)]
    items: tuple[str, ...] = ()
    order: OrderState | None = None
    rising: float = 0.0
    buys: float = 0.0


class Agent(_Row):
    """How one agent works."""

    name: str
    share: float
    takes: float
    edits: float
    pace: float
    habits: Lines


class Scripts(_Row):
    """The whole file."""

    scripts: tuple[Script, ...]
    agents: tuple[Agent, ...]


@cache
def scripts() -> Scripts:
    """All of it."""
    return Scripts.model_validate(yaml.safe_load(files("eval").joinpath("demo/scripts.yaml").read_text("utf-8")))
