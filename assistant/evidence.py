"""Evidence: everything that speaks for one intent or another, before any weight is given to it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from knowledge.retriever import Candidate, Query
from models.cues import Cues, read_cues
from models.heads import LogProbabilities, Opinion
from models.intents import intents

# The alternative that no candidate's intent is meant: with little knowledge the nearest phrasing may be far away.
NONE = "none"
LEAST = -9.0  # log-probabilities below this say no more than this
EXACT = 0.995  # cosine of a phrasing that is the message word for word
SHORT = 8  # characters; a turn as short leans on the one before

Signals = dict[str, float]
LogOdds = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a turn resembles, its words, and what the heads make of it and of the turn before.

    `before` is empty where the buyer said nothing before. `state` says how much likelier the order's state makes each
    intent (log of the ratio); it is empty where the state is not known.
    """

    candidates: Sequence[Candidate]
    cues: Cues
    said: Opinion = field(default_factory=Opinion)
    before: Opinion = field(default_factory=Opinion)
    state: LogOdds = field(default_factory=dict)
    short: bool = False


def read_evidence(
    query: Query,
    candidates: Sequence[Candidate],
    said: Opinion,
    before: Opinion,
    state: LogOdds,
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
        before = _of(evidence.before.intent, code)
        best["exact"] = float(best["dense"] >= EXACT)
        best["head"] = _of(evidence.said.intent, code)
        best["before"] = before
        best["before_short"] = before * evidence.short
        best["risk_words"] = float(code in evidence.cues.risks)
        best["order_state"] = evidence.state.get(code, 0.0)
    return signals


def no_intent(evidence: Evidence, known: Iterable[str]) -> Signals:
    """The signals of the alternative that none of the `known` intents is meant: what the head leaves for others."""
    left = 1.0 - sum(math.exp(evidence.said.intent[code]) for code in known if code in evidence.said.intent)
    return {"none": 1.0, "head": math.log(max(left, math.exp(LEAST))) if evidence.said.intent else 0.0}


def _of(said: LogProbabilities, code: str) -> float:
    """What a head says of a code; nothing for all of them when there is no head or nothing to look at."""
    return max(said.get(code, LEAST), LEAST) if said else 0.0
