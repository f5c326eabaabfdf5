"""Latency: one request after the other, timed as a whole and by stage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from time import perf_counter

import numpy as np

from assistant.stages import STAGES, Stopwatch
from assistant.suggester import Suggester
from eval.datasets import Case
from eval.result import Latency, Percentiles
from eval.runs import Heard, spread

MOST, WARM_UP = 200, 10


def time_requests(suggester: Suggester, cases: Sequence[Case], on_progress: Heard | None = None) -> Latency:
    """Percentiles over at most 200 of the cases, spread evenly, after ten requests that do not count."""
    chosen = spread(cases, MOST)
    watch = Stopwatch()
    timed = replace(suggester, stages=watch)
    for case in chosen[:WARM_UP]:
        timed.suggest(case.request)
    totals: list[float] = []
    stages: dict[str, list[float]] = {stage: [] for stage in STAGES}
    for number, case in enumerate(chosen, start=1):
        started = perf_counter()
        timed.suggest(case.request)
        totals.append(perf_counter() - started)
        for stage in STAGES:
            stages[stage].append(watch.seconds[stage])
        if on_progress:
            on_progress(number, len(chosen))
    return Latency(
        requests=len(chosen),
        total=percentiles(totals),
        stages={stage: percentiles(seconds) for stage, seconds in stages.items()},
    )


def percentiles(seconds: Sequence[float]) -> Percentiles:
    """Milliseconds, interpolated; zeros of nothing."""
    found = np.percentile(seconds, (50, 95, 99)) if seconds else np.zeros(3)
    p50, p95, p99 = (round(float(value) * 1000, 3) for value in found)
    return Percentiles(p50=p50, p95=p95, p99=p99)
