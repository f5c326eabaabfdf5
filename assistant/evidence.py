"""Evidence: everything that speaks for one intent or another, before any weight is given to it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from knowledge.context import Context
from knowledge.retriever import Candidate, Query
from models.cues import Cues, read_cues
from models.heads import LogProbabilities, Opinions
from models.intents import intents

# The alternative that no candidate's intent is meant: with little knowledge the nearest phrasing may be far away.
NONE = "none"
LEAST = -9.0  # log-probabilities below this say no more than this
BROWSING = "browsing"  # a buyer who looks at an item and has no order of it
EXACT = 0.995  # cosine of a phrasing that is the message word for word

Signals = dict[str, float]
LogOdds = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a turn resembles, its words, and what the heads make of it.

    `state` says how much likelier the order's state makes each intent (log of the ratio); it is empty where the state
    is not known. `begun` says whether anything was said before the turn.
    """

    candidates: Sequence[Candidate]
    cues: Cues
    said: Opinions = field(default_factory=Opinions)
    state: LogOdds = field(default_factory=dict)
    begun: bool = False


def read_evidence(
    query: Query, candidates: Sequence[Candidate], said: Opinions, state: LogOdds, *, begun: bool = False
) -> Evidence:
    """The evidence of a turn from all that was found out about it."""
    return Evidence(candidates, read_cues(query.text), said, state, begun)


def state_of(context: Context) -> str | None:
    """The state of the order, `BROWSING` where only an item is known, None where neither is."""
    if context.order and context.order.state:
        return context.order.state
    return BROWSING if context.item else None


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
        best["exact"] = float(best["dense"] >= EXACT)
        best["head"] = _of(evidence.said.message.intent, code)
        best["head_in_context"] = _of(evidence.said.conversation.intent, code)
        best["head_on_words"] = _of(evidence.said.words.intent, code)
        best["neighbours"] = _of(evidence.said.neighbours.intent, code)
        best["risk_words"] = float(code in evidence.cues.risks)
        best["order_state"] = evidence.state.get(code, 0.0)
    return signals


def no_intent(evidence: Evidence, known: Iterable[str]) -> Signals:
    """The signals of the alternative that none of the `known` intents is meant: what the heads leave for others."""
    said, codes = evidence.said, list(known)
    return {
        "none": 1.0,
        "head": _left(said.message.intent, codes),
        "head_in_context": _left(said.conversation.intent, codes),
        "head_on_words": _left(said.words.intent, codes),
        "neighbours": _left(said.neighbours.intent, codes),
    }


def _left(said: LogProbabilities, codes: Iterable[str]) -> float:
    """Log of what a head leaves for other intents than these."""
    left = 1.0 - sum(math.exp(said[code]) for code in codes if code in said)
    return math.log(max(left, math.exp(LEAST))) if said else 0.0


def _of(said: LogProbabilities, code: str) -> float:
    """What a head says of a code; nothing for all of them when there is no head or nothing to look at."""
    return max(said.get(code, LEAST), LEAST) if said else 0.0
