"""Complaints by their cause, and messages without a suitable reply: rates over all turns and within each intent."""

from __future__ import annotations

from assistant.insight.by_intent import IntentRate, Trait, overall, rates_by_intent, trend_of
from assistant.insight.figures import Rate, Section, told
from assistant.insight.scope import Scope


class RatesByIntent(Section):
    """A rate over all turns with its trend, and within every intent that has any."""

    rate: Rate
    trend: list[float | None]
    rows: list[IntentRate]


def complaints(scope: Scope) -> RatesByIntent:
    """How much buyers complain, and about what."""
    return _rates("complaints", scope, lambda turn: turn.complaint)


def abstentions(scope: Scope) -> RatesByIntent:
    """What Xiaoer has no reply for."""
    return _rates("abstentions", scope, lambda turn: turn.abstained)


def _rates(name: str, scope: Scope, trait: Trait) -> RatesByIntent:
    rows = rates_by_intent(scope, trait)
    section = told(name, filled=bool(rows), asked=bool(scope.turns))
    return RatesByIntent(**section, rate=overall(scope, trait), trend=trend_of(scope, trait), rows=rows)
