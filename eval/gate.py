"""Levels that a result must hold: read from a file, and judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, Strict, ValidationError

from eval.errors import InputUnreadable
from eval.metric_names import metric_names

AT_MOST = "at_most"
_REMEDY = "每行应当是“指标: 数值”，不得超过的写在 at_most 下面。"
Bound = Literal["at_least", "at_most"]


class Levels(BaseModel):
    """Metric → the least, or the most, that it may come to."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    at_least: dict[str, Annotated[float, Strict()]] = Field(default_factory=dict)
    at_most: dict[str, Annotated[float, Strict()]] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Held:
    """A level against what was reached; None is what could not be measured, and holds no level."""

    name: str
    bound: Bound
    level: float
    reached: float | None

    @property
    def ok(self) -> bool:
        """Whether the level is held; a value exactly at it is."""
        if self.reached is None:
            return False
        return self.reached >= self.level if self.bound == "at_least" else self.reached <= self.level


def shipped_levels() -> Path:
    """The levels of our own dialogs."""
    return Path(str(files("eval").joinpath("dialogs/levels.yaml")))


def read_levels(path: Path) -> Levels:
    """Metric: least value, a line each, and under `at_most` metric: largest value.

    InputUnreadable names what is wrong, and every metric that does not exist.
    """
    rows = _rows(path)
    most = rows.pop(AT_MOST, None) or {}
    try:
        levels = Levels(at_least=rows, at_most=most)
    except ValidationError as error:
        place = error.errors()[0]["loc"][-1]
        raise InputUnreadable(f"{path}：{place} 不是数字，{_REMEDY}") from error
    if unknown := [name for name in (*levels.at_least, *levels.at_most) if name not in metric_names()]:
        raise InputUnreadable(f"{path}：没有指标 {'、'.join(unknown)}，可用的有 {'、'.join(metric_names())}。")
    if not levels.at_least and not levels.at_most:
        raise InputUnreadable(f"{path}：没有写任何底线，{_REMEDY}")
    return levels


def _rows(path: Path) -> dict[str, Any]:
    try:
        rows = yaml.safe_load(path.read_text("utf-8"))
    except OSError as error:
        raise InputUnreadable(f"{path}：读不出来（{error.strerror}），请检查文件路径和权限。") from error
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        raise InputUnreadable(f"{path}：不是 UTF-8 的 YAML，{_REMEDY}") from error
    if not isinstance(rows, dict):
        raise InputUnreadable(f"{path}：没有写任何底线，{_REMEDY}")
    return {str(name): level for name, level in rows.items()}


def judge(metrics: Mapping[str, float | None], levels: Levels) -> list[Held]:
    """Every level against the metrics, in the order of tables."""
    order = list(metric_names())
    held = [Held(name, "at_least", level, metrics.get(name)) for name, level in levels.at_least.items()]
    held += [Held(name, "at_most", level, metrics.get(name)) for name, level in levels.at_most.items()]
    return sorted(held, key=lambda each: order.index(each.name))
