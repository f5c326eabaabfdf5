"""The promises of the product that the bench checks, and what was measured of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from eval.bench.editing import ASKERS
from eval.bench.load import Sample
from eval.bench.starts import ASKED_BEFORE_MEMORY, Starts

P50_LIMIT, START_LIMIT_S, MEMORY_LIMIT_MB = 2.0, 3.0, 450.0
EDIT_LIMIT_MS, LIST_LIMIT_MS = 150.0, 200.0


@dataclass(frozen=True, slots=True)
class Promise:
    """Kept when `value` is at most `limit`; a value of None could not be measured on this machine."""

    name: str
    value: float | None
    limit: float
    unit: str

    @property
    def kept(self) -> bool | None:
        """Whether it holds."""
        return None if self.value is None else self.value <= self.limit


def promises(suggester_p50: float, starts: Starts, edits: Sample, lists: Mapping[str, Sample]) -> list[Promise]:
    """`suggester_p50` as a ratio to the encoder alone, for one client; of the lists the slowest counts."""
    memory = starts.memory.now_mb if starts.memory else None
    return [
        Promise("suggester p50, one client", suggester_p50, P50_LIMIT, "× the encoder"),
        Promise("start to ready, starter knowledge", starts.warm_s, START_LIMIT_S, "s"),
        Promise(f"server memory after {ASKED_BEFORE_MEMORY} requests", memory, MEMORY_LIMIT_MB, "MB"),
        Promise(f"edit to visible p95, {ASKERS} clients asking", edits.waited_ms(95), EDIT_LIMIT_MS, "ms"),
        Promise("slowest list p95", max(each.waited_ms(95) for each in lists.values()), LIST_LIMIT_MS, "ms"),
    ]
