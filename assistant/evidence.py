"""Evidence: everything that speaks for one intent or another, before any weight is given to it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from knowledge.context import OrderState
from knowledge.retriever import Candidate, Query
from models.cues import Cues, read_cues
from models.heads import LogProbabilities, Opinion
from models.intents import intents

_BEFORE_DISPATCH = frozenset({"order.urge_ship", "order.change_item", "order.add_item", "order.confirm"})
_AFTER_DISPATCH = frozenset({"order.stuck", "order.not_received", "after.lost", "after.reject"})
# The alternative that no candidate's intent is meant: with little knowledge the nearest phrasing may be far away.
NONE = "none"
LEAST = -9.0  # log-probabilities below this say no more than this
SHORT = 8  # characters; a turn as short leans on the one before

Signals = dict[str, float]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a turn resembles, its words, the order's state, and what the heads make of it and of the turn before.

    `before` holds log-probabilities of intents; it is empty where the buyer said nothing before.
    """

    candidates: Sequence[Candidate]
    cues: Cues
    said: Opinion = field(default_factory=Opinion)
    before: LogProbabilities = field(default_factory=dict)
    state: OrderState | None = None
    short: bool = False


def read_evidence(
    query: Query,
    candidates: Sequence[Candidate],
    said: Opinion,
    before: LogProbabilities,
    state: OrderState | None,
) -> Evidence:
    """The evidence of a turn from all that was found out about it."""
    return Evidence(candidates, read_cues(query.text), said, before, state, len(query.text) <= SHORT)


def intent_signals(evidence: Evidence) -> dict[str, Signals]:
    """For each intent, the best signals among its candidates, and what the heads and the context say of it."""
    signals: dict[str, Signals] = {}
    for candidate in evidence.candidates:
        code = candidate.entry.intent
        if intents()[code].voice == "agent":
            continue
        best = signals.setdefault(code, {"dense": 0.0, "lexical": 0.0, "answer": 0.0})
        for name, value in (("dense", candidate.dense), ("lexical", candidate.lexical), ("answer", candidate.answer)):
            best[name] = max(best[name], value)
    for code, best in signals.items():
        before = _of(evidence.before, code)
        best["head"] = _of(evidence.said.intent, code)
        best["before"] = before
        best["before_short"] = before * evidence.short
        best["risk_words"] = float(code in evidence.cues.risks)
        best["order_fit"] = order_fit(code, evidence.state)
    return signals


def no_intent(evidence: Evidence, known: Iterable[str]) -> Signals:
    """The signals of the alternative that none of the `known` intents is meant: what the head leaves for others."""
    left = 1.0 - sum(math.exp(evidence.said.intent[code]) for code in known if code in evidence.said.intent)
    return {"none": 1.0, "head": math.log(max(left, math.exp(LEAST))) if evidence.said.intent else 0.0}


def _of(said: LogProbabilities, code: str) -> float:
    """What a head says of a code; nothing for all of them when there is no head or nothing to look at."""
    return max(said.get(code, LEAST), LEAST) if said else 0.0


def order_fit(code: str, state: OrderState | None) -> float:
    """1 when the order's state makes an intent likelier (a delivered order: after-sale), -1 when unlikelier, else 0."""
    phase = intents()[code].phase
    if state in ("delivered", "after_sale"):
        return -1.0 if code in _BEFORE_DISPATCH else {"after_sale": 1.0, "pre_sale": -1.0}.get(phase, 0.0)
    if state in ("unpaid", "paid"):
        return -1.0 if code in _AFTER_DISPATCH else float(state == "paid" and phase == "in_sale")
    return float(state in ("shipped", "collected") and phase == "in_sale" and code not in _BEFORE_DISPATCH)
