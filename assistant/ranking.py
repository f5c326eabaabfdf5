"""Ranking: the probability that an entry's reply suits the turn, and the order in which replies are offered."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.understanding import Probabilities
from knowledge.entries import Entry
from knowledge.retriever import Candidate
from models.calibration import Calibration, linear
from models.intents import intents

# Of two replies that fit alike the first should be the more particular and the more binding one. In log-odds,
# small beside what a better match is worth; they order the replies and leave the confidence alone.
_FOR_THIS_ITEM, _DATED, _OWN_SHOP = 0.8, 0.4, 0.2
_AUTHORITY = {"platform": 0.2, "shop": 0.1, "phrase": 0.0}


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate with its calibrated probability, the score it is ordered by, and the signals behind them."""

    candidate: Candidate
    confidence: float
    score: float
    signals: dict[str, float]

    @property
    def entry(self) -> Entry:
        """The entry that answers."""
        return self.candidate.entry


def rank(candidates: Sequence[Candidate], intent_of: Probabilities, calibration: Calibration) -> list[Ranked]:
    """Candidates that a buyer's message can be answered with, best first."""
    asked = [each for each in candidates if intents()[each.entry.intent].voice == "buyer"]
    best_dense = max((each.dense for each in asked), default=0.0)
    ranked = [_rank_one(each, reply_signals(each, intent_of, best_dense), calibration) for each in asked]
    return sorted(ranked, key=lambda each: (-each.score, each.entry.id))


def reply_signals(candidate: Candidate, intent_of: Mapping[str, float], best_dense: float) -> dict[str, float]:
    """What speaks for a candidate: its intent's log-odds, the likeness of phrasing, words and answer."""
    p = min(max(intent_of.get(candidate.entry.intent, 0.0), 1e-4), 1 - 1e-4)
    return {
        "intent": math.log(p / (1 - p)),
        "dense": candidate.dense,
        "dense_gap": candidate.dense - best_dense,
        "lexical": candidate.lexical,
        "answer": candidate.answer,
    }


def _rank_one(candidate: Candidate, signals: dict[str, float], calibration: Calibration) -> Ranked:
    odds = linear(calibration.reply, signals)
    confidence = 1.0 / (1.0 + math.exp(-odds))
    return Ranked(candidate, confidence, odds + _preference(candidate.entry), signals)


def _preference(entry: Entry) -> float:
    dated = entry.effective_from is not None or entry.effective_until is not None
    own = _FOR_THIS_ITEM * bool(entry.items) + _DATED * dated + _OWN_SHOP * (entry.shop_id is not None)
    return own + _AUTHORITY[entry.authority]
