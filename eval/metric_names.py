"""The metrics as people read them: names, which way is better, and how a value is written."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict

NOTHING = "—"


class MetricName(BaseModel):
    """One metric of `eval/data/metrics.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    zh: str
    better: Literal["up", "down", "none"]
    format: Literal["share", "number", "count"]

    def written(self, value: float | None) -> str:
        """The value for people; a dash where nothing was measured."""
        if value is None:
            return NOTHING
        return {"share": f"{value:.1%}", "number": f"{value:.3f}", "count": f"{value:.0f}"}[self.format]


@cache
def metric_names() -> dict[str, MetricName]:
    """Every metric by its name in a result, in the order of tables."""
    rows = yaml.safe_load(files("eval").joinpath("data/metrics.yaml").read_text("utf-8"))
    return {name: MetricName.model_validate(row) for name, row in rows.items()}
