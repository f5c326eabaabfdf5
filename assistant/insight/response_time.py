"""How long buyers wait for the first answer to what they said."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.insight.figures import Document, Rate, Section, middle, percentile, told
from assistant.insight.scope import Scope
from assistant.insight.turns import Turn

LATE = 0.9


class Waiting(Document):
    """Seconds until the first answer: the middle one, what one in ten exceeds, and how many are within the target."""

    answered: int
    median_s: float | None
    p90_s: float | None
    within: Rate


class ResponseTime(Section):
    """Over all turns, with the median in every part of the period."""

    target_s: int
    waiting: Waiting
    before_median_s: float | None
    trend: list[float | None]


def response_time(scope: Scope, target_s: int) -> ResponseTime:
    """The first response, against the shop's target."""
    waits: list[list[float]] = [[] for _ in scope.period.buckets]
    for turn in scope.turns:
        if turn.waited_s is not None:
            waits[scope.bucket(turn)].append(turn.waited_s)
    found = waiting(scope.turns, scope.before, target_s)
    return ResponseTime(
        **told("response", filled=bool(found.answered)),
        target_s=target_s,
        waiting=found,
        before_median_s=middle(_waits(scope.before)),
        trend=[middle(each) for each in waits],
    )


def waiting(turns: Sequence[Turn], before: Sequence[Turn], target_s: int) -> Waiting:
    """The waiting times of some turns."""
    now, then = _waits(turns), _waits(before)
    within = [(sum(wait <= target_s for wait in each), len(each)) for each in (now, then)]
    return Waiting(
        answered=len(now), median_s=middle(now), p90_s=percentile(now, LATE), within=Rate.over(within[0], within[1])
    )


def _waits(turns: Sequence[Turn]) -> list[float]:
    return [turn.waited_s for turn in turns if turn.waited_s is not None]
