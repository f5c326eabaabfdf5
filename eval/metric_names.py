"""The metrics as people read them: names, which way is better, and how a value is written."""

from __future__ import annotations

from functools import cache
from typing import Literal

from pydantic import BaseModel, ConfigDict

from models.data_files import read_data

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
    rows = read_data("eval", "metrics.yaml")
    return {name: MetricName.model_validate(row) for name, row in rows.items()}
