"""Paired bootstrap: how surely a metric differs between two results of the same cases.

The cases are drawn with replacement 10,000 times, and each time both results are measured on the same draw (Koehn 2004,
"Statistical significance tests for machine translation evaluation").
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict

from eval.case_measures import Array, Measure, described

RESAMPLES, SEED = 10_000, 20_040_725
SIGNIFICANT = 0.05
_CHUNK = 1_000  # resamples at a time: 1,000 × 5,000 cases are 40 MB
_PERCENTILES = (2.5, 97.5)
_TIE = 1e-12  # sums of floats in another order

Verdict = Literal["better", "worse", "higher", "lower", "no_difference"]
VERDICTS: dict[Verdict, str] = {
    "better": "变好", "worse": "变差", "higher": "变高", "lower": "变低", "no_difference": "看不出差别",
}  # fmt: skip


class Compared(BaseModel):
    """A metric on the paired cases: `difference` is second − first, [low, high] its 95 % interval, `p` two-sided."""

    model_config = ConfigDict(frozen=True)

    name: str
    first: float
    second: float
    difference: float
    low: float
    high: float
    p: float
    verdict: Verdict


def compared(
    first: Mapping[str, Measure], second: Mapping[str, Measure], cases: int, resamples: int = RESAMPLES
) -> list[Compared]:
    """Each metric of both on the cases as they are, with interval and p over resamples; unmeasured ones left out."""
    whole = np.ones((1, cases))
    names = [name for name in first if not np.isnan([first[name](whole)[0], second[name](whole)[0]]).any()]
    gaps: dict[str, list[Array]] = {name: [] for name in names}
    for weights in _draws(cases, resamples):
        for name in names:
            gaps[name].append(second[name](weights) - first[name](weights))
    return [
        _judged(name, float(first[name](whole)[0]), float(second[name](whole)[0]), np.concatenate(gaps[name]))
        for name in names
    ]


def _draws(cases: int, resamples: int) -> Iterator[Array]:
    """How often each case is drawn (resamples × cases), in chunks; the same for the same number of cases."""
    chance = np.random.default_rng(SEED)
    for start in range(0, resamples, _CHUNK):
        size = min(_CHUNK, resamples - start)
        drawn = chance.integers(cases, size=(size, cases)) + cases * np.arange(size)[:, None]
        yield np.bincount(drawn.ravel(), minlength=size * cases).reshape(size, cases).astype(np.float64)


def _judged(name: str, first: float, second: float, gaps: Array) -> Compared:
    told = gaps[~np.isnan(gaps)]
    low, high = np.percentile(told, _PERCENTILES) if len(told) else (np.nan, np.nan)
    p = _p_value(told)
    return Compared(
        name=name,
        first=round(first, 6),
        second=round(second, 6),
        difference=round(second - first, 6),
        low=round(float(low), 6),
        high=round(float(high), 6),
        p=round(p, 4),
        verdict=_verdict(name, second - first, p),
    )


def _p_value(gaps: Array) -> float:
    """Two-sided: twice the share of resamples on the rarer side of no difference, counted with the result itself."""
    rarer = min(int((gaps <= _TIE).sum()), int((gaps >= -_TIE).sum()))
    return min(1.0, 2 * (rarer + 1) / (len(gaps) + 1))


def _verdict(name: str, difference: float, p: float) -> Verdict:
    if p >= SIGNIFICANT or difference == 0:
        return "no_difference"
    better = described(name).better
    if better == "none":
        return "higher" if difference > 0 else "lower"
    return "better" if (difference > 0) == (better == "up") else "worse"
