"""The words of the report, from `eval/data/report.yaml`."""

from __future__ import annotations

from functools import cache

from pydantic import BaseModel, ConfigDict

from models.data_files import read_data


class Tile(BaseModel):
    """A headline number and what it means."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    metric: str
    means: str


class Words(BaseModel):
    """Codes of a result and what people call them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    tiles: tuple[Tile, ...]
    stages: dict[str, str]
    leaks: dict[str, str]
    emotions: dict[str, str]
    kinds: dict[str, str]
    signals: dict[str, str]


@cache
def words() -> Words:
    """All of them."""
    return Words.model_validate(read_data("eval", "report.yaml"))
