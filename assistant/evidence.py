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
        best |= weighed_anew({name: _of(said, code) for name, said in _heard(evidence.said)}, begun=evidence.begun)
        best["risk_words"] = float(code in evidence.cues.risks)
        best["order_state"] = evidence.state.get(code, 0.0)
    return signals


def no_intent(evidence: Evidence, known: Iterable[str]) -> Signals:
    """The signals of the alternative that none of the `known` intents is meant: what the heads leave for others."""
    codes = list(known)
    left = {name: _left(said, codes) for name, said in _heard(evidence.said)}
    return {"none": 1.0, **weighed_anew(left, begun=evidence.begun)}


def _heard(said: Opinions) -> Iterable[tuple[str, LogProbabilities]]:
    """What each head and the neighbours say of the intents, by the name of its signal."""
    yield "head", said.message.intent
    yield "head_in_context", said.conversation.intent
    yield "head_on_words", said.words.intent
    yield "neighbours", said.neighbours.intent


def weighed_anew(signals: Signals, *, begun: bool) -> Signals:
    """The signals, and once more for the middle of a conversation: whom to trust is another question there."""
    return signals | {f"{name}_begun": value if begun else 0.0 for name, value in signals.items()}


def _left(said: LogProbabilities, codes: Iterable[str]) -> float:
    """Log of what a head leaves for other intents than these."""
    left = 1.0 - sum(math.exp(said[code]) for code in codes if code in said)
    return math.log(max(left, math.exp(LEAST))) if said else 0.0


def _of(said: LogProbabilities, code: str) -> float:
    """What a head says of a code; nothing for all of them when there is no head or nothing to look at."""
    return max(said.get(code, LEAST), LEAST) if said else 0.0
