"""What agents make of suggestions: taken as they are, edited, ignored; and how much is changed."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.insight.by_intent import trend_of
from assistant.insight.figures import Rate, Section, middle, told
from assistant.insight.scope import Scope
from assistant.insight.turns import Turn

FEW, SOME = 5, 20  # characters


class Adoption(Section):
    """`shown` turns are what the shares are of; taken and edited ones together are adopted."""

    shown: int
    as_is: Rate
    edited: Rate
    ignored: Rate
    adopted: Rate
    trend: list[float | None]


class Edits(Section):
    """Characters changed, over the replies whose text is known; `mean_share` is of the suggestion's length."""

    replies: int
    mean: float
    median: float
    mean_share: float
    unchanged: int
    few: int
    some: int
    many: int
    before_mean: float | None


def is_shown(turn: Turn) -> bool:
    """Whether an agent saw a suggestion for it."""
    return turn.outcome != "not_shown"


def is_adopted(turn: Turn) -> bool:
    """Whether a suggestion was taken, changed or not."""
    return turn.outcome in ("as_is", "edited")


def adoption(scope: Scope) -> Adoption:
    """What became of the suggestions that agents saw."""
    shown = sum(map(is_shown, scope.turns))
    rates = {name: outcome_rate(scope.turns, scope.before, [name]) for name in ("as_is", "edited", "ignored")}
    return Adoption(
        **told("adoption", filled=bool(shown)),
        shown=shown,
        **rates,
        adopted=outcome_rate(scope.turns, scope.before, ["as_is", "edited"]),
        trend=trend_of(scope, is_adopted, among=is_shown),
    )


def outcome_rate(turns: Sequence[Turn], before: Sequence[Turn], outcomes: Sequence[str]) -> Rate:
    """The share of turns with one of the outcomes among those shown."""
    now, then = ((sum(one.outcome in outcomes for one in each), sum(map(is_shown, each))) for each in (turns, before))
    return Rate.over(now, then)


def edits(scope: Scope) -> Edits:
    """How far replies are from the suggestions they came from."""
    known = _known(scope.turns)
    distances = [distance for distance, _ in known]
    return Edits(
        **told("edits", filled=bool(known)),
        replies=len(known),
        mean=_mean(distances),
        median=middle(distances) or 0.0,
        mean_share=_mean([min(distance / max(length, 1), 1.0) for distance, length in known], digits=4),
        unchanged=sum(distance == 0 for distance in distances),
        few=sum(0 < distance <= FEW for distance in distances),
        some=sum(FEW < distance <= SOME for distance in distances),
        many=sum(distance > SOME for distance in distances),
        before_mean=_mean([distance for distance, _ in before]) if (before := _known(scope.before)) else None,
    )


def mean_distance(turns: Sequence[Turn]) -> float | None:
    """The mean number of characters changed; None where no text is known."""
    known = _known(turns)
    return _mean([distance for distance, _ in known]) if known else None


def _known(turns: Sequence[Turn]) -> list[tuple[int, int]]:
    return [(turn.distance, turn.length or 0) for turn in turns if turn.distance is not None]


def _mean(values: Sequence[float], digits: int = 1) -> float:
    return round(sum(values) / len(values), digits) if values else 0.0
