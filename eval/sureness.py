"""How far the system's own confidence can be trusted: calibration error, and what silence would gain.

The answering score of a turn says how sure the system is that there is something to answer: `answerable` of the
understanding, on which it decides to be silent.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from eval.result import Bin, CoveragePoint, OutOfScope
from eval.runs import Outcome
from eval.topics import is_judged, is_outside, is_right

BINS = 10
MOST_POINTS = 200
COVERAGE = 0.95  # of the messages in scope: the point at which out-of-scope messages are counted


def answering_score(outcome: Outcome) -> float:
    """How sure the system is that the knowledge has an answer at all, 0 to 1, whether or not it then answered."""
    return outcome.response.understanding.answerable


def first_confidence(outcome: Outcome) -> float:
    """The first suggestion's confidence; 0 for silence, because a holding phrase answers nothing."""
    return next((each.confidence for each in outcome.response.suggestions if not each.fallback), 0.0)


def reliability(outcomes: Sequence[Outcome]) -> list[Bin]:
    """Ten bins of equal width over the first suggestion's confidence: how many turns, how sure, how often right."""
    answered = [each for each in outcomes if is_judged(each) and each.topics and not each.response.abstained]
    sure = np.array([first_confidence(each) for each in answered])
    right = np.array([is_right(each, 1) for each in answered], np.float64)
    places = np.minimum((sure * BINS).astype(int), BINS - 1)
    return [_bin(number, sure[places == number], right[places == number]) for number in range(BINS)]


def _bin(number: int, sure: NDArray[np.float64], right: NDArray[np.float64]) -> Bin:
    n = len(sure)
    return Bin(
        low=number / BINS,
        high=(number + 1) / BINS,
        n=n,
        confidence=round(float(sure.mean()), 6) if n else None,
        accuracy=round(float(right.mean()), 6) if n else None,
    )


def calibration_error(bins: Sequence[Bin]) -> float | None:
    """Expected calibration error: the mean gap between confidence and accuracy, weighted by turns (Naeini 2015)."""
    filled = [each for each in bins if each.confidence is not None and each.accuracy is not None]
    total = sum(each.n for each in filled)
    gaps = sum(each.n * abs((each.confidence or 0.0) - (each.accuracy or 0.0)) for each in filled)
    return gaps / total if total else None


def risk_coverage(outcomes: Sequence[Outcome]) -> list[CoveragePoint]:
    """If only turns of at least some score were answered: the share answered, and the share wrong among these.

    One point for every score that occurs, surest first, thinned to 200. What stays silent anyway is never covered.
    """
    judged = [each for each in outcomes if is_judged(each)]
    scored = sorted(
        ((first_confidence(each), not is_right(each, 1)) for each in judged if not each.response.abstained),
        key=lambda pair: -pair[0],
    )
    wrong = np.cumsum([missed for _, missed in scored])
    last = [
        place for place, (score, _) in enumerate(scored) if place + 1 == len(scored) or scored[place + 1][0] < score
    ]
    points = [
        CoveragePoint(
            coverage=round((place + 1) / len(judged), 6),
            risk=round(float(wrong[place]) / (place + 1), 6),
            threshold=round(scored[place][0], 6),
        )
        for place in last
    ]
    return _thinned(points)


def _thinned(points: Sequence[CoveragePoint]) -> list[CoveragePoint]:
    if len(points) <= MOST_POINTS:
        return list(points)
    places = np.linspace(0, len(points) - 1, MOST_POINTS).round().astype(int)
    return [points[place] for place in places]


def area(points: Sequence[CoveragePoint]) -> float | None:
    """The mean risk over the coverage that is reached (AURC, Geifman & El-Yaniv 2017); lower is better."""
    if not points:
        return None
    starts = [0.0, *(each.coverage for each in points[:-1])]
    widths = [each.coverage - start for each, start in zip(points, starts, strict=True)]
    return sum(width * each.risk for width, each in zip(widths, points, strict=True)) / points[-1].coverage


def out_of_scope(outcomes: Sequence[Outcome]) -> OutOfScope:
    """How well the answering score tells messages outside the job from those inside it."""
    known = [
        (answering_score(each), each, outside) for each in outcomes if (outside := is_outside(each.case)) is not None
    ]
    inside = sorted((score for score, _, outside in known if not outside), reverse=True)
    beyond = [(score, each) for score, each, outside in known if outside]
    threshold = inside[math.ceil(COVERAGE * len(inside)) - 1] if inside else None
    return OutOfScope(
        inside=len(inside),
        outside=len(beyond),
        auroc=_auroc(inside, [score for score, _ in beyond]),
        answered=_share([not each.response.abstained for _, each in beyond]),
        threshold_at_95=threshold,
        answered_at_95=_share([score >= threshold for score, _ in beyond]) if threshold is not None else None,
    )


def _auroc(inside: Sequence[float], beyond: Sequence[float]) -> float | None:
    if not inside or not beyond:
        return None
    truth = [True] * len(inside) + [False] * len(beyond)
    return round(float(roc_auc_score(truth, [*inside, *beyond])), 6)


def _share(values: Sequence[bool]) -> float | None:
    return round(sum(values) / len(values), 6) if values else None
