"""Turns with some trait, by intent: the rate of each, and each one's part in all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from assistant.insight.figures import Document, Rate, counted, share, shares
from assistant.insight.scope import Scope
from assistant.insight.turns import Turn
from assistant.insight.words import intent_name

Trait = Callable[[Turn], bool]


class IntentRate(Document):
    """The rate within one intent; `part` is its part in all turns with the trait."""

    intent: str
    zh: str
    rate: Rate
    part: float


def overall(scope: Scope, trait: Trait) -> Rate:
    """The rate over all turns."""
    now, before = (sum(map(trait, turns)) for turns in (scope.turns, scope.before))
    return Rate.over((now, len(scope.turns)), (before, len(scope.before)))


def trend_of(scope: Scope, trait: Trait, among: Trait = lambda _: True) -> list[float | None]:
    """The rate in every part of the period."""
    size = len(scope.period.buckets)
    chosen = [turn for turn in scope.turns if among(turn)]
    with_trait = counted((scope.bucket(turn) for turn in chosen if trait(turn)), size)
    return shares(with_trait, counted(map(scope.bucket, chosen), size))


def rates_by_intent(scope: Scope, trait: Trait) -> list[IntentRate]:
    """The intents that have any, the one with the most first."""
    now, all_now = _counts(scope.turns, trait)
    before, all_before = _counts(scope.before, trait)
    return [
        IntentRate(
            intent=code,
            zh=intent_name(code),
            rate=Rate.over((n, all_now[code]), (before[code], all_before[code])),
            part=share(n, now.total()),
        )
        for code, n in sorted(now.items(), key=lambda pair: (-pair[1], pair[0]))
    ]


def _counts(turns: Sequence[Turn], trait: Trait) -> tuple[Counter[str], Counter[str]]:
    return Counter(turn.intent for turn in turns if trait(turn)), Counter(turn.intent for turn in turns)
