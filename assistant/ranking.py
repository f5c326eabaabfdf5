"""Ranking: the probability that an entry's reply suits the turn, and the order in which replies are offered."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.understanding import Probabilities
from knowledge.entries import Entry
from knowledge.retriever import Candidate
from models.calibration import Calibration, Weights
from models.intents import intents

SIGNALS = ("intent", "dense", "dense_gap", "lexical", "answer")

# Of two replies on one topic that match alike, the first is the more particular and the more binding one.
# In the unit of the match score, where a hundredth of cosine is worth about 1.
_FOR_THIS_ITEM, _DATED, _OWN_SHOP = 1.0, 0.5, 0.3
_AUTHORITY = {"platform": 0.2, "shop": 0.1, "phrase": 0.0}


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate with its calibrated probability, how well it matches within its topic, and the signals of both."""

    candidate: Candidate
    confidence: float
    match: float
    signals: dict[str, float]

    @property
    def entry(self) -> Entry:
        """The entry that answers."""
        return self.candidate.entry


def rank(candidates: Sequence[Candidate], intent_of: Probabilities, calibration: Calibration) -> list[Ranked]:
    """Candidates that a buyer's message can be answered with: the likeliest topic first, in it the closest entry.

    Which topic is meant and which of its entries says it best are two questions: words that decide the second
    (can I have an invoice, where do I see it) say little about the first.
    """
    asked = [each for each in candidates if intents()[each.entry.intent].voice == "buyer"]
    signals = reply_signals(asked, intent_of)
    confidences = 1.0 / (1.0 + np.exp(-_weighed(signals, calibration.reply)))
    matches = _weighed(signals, calibration.match)
    ranked = [
        Ranked(each, confidence, match + _preference(each.entry), dict(zip(SIGNALS, row, strict=True)))
        for each, confidence, match, row in zip(asked, confidences.tolist(), matches.tolist(), signals, strict=True)
    ]
    topics: dict[str, float] = {}
    for each in ranked:
        topics[each.entry.intent] = max(each.confidence, topics.get(each.entry.intent, 0.0))
    return sorted(ranked, key=lambda each: (-topics[each.entry.intent], each.entry.intent, -each.match, each.entry.id))


def reply_signals(candidates: Sequence[Candidate], intent_of: Mapping[str, float]) -> list[list[float]]:
    """What speaks for each candidate, a row of `SIGNALS` each: its intent's log-odds, likeness of phrasing, of words
    and of the answer; `dense_gap` is how far its phrasing is behind the closest of all."""
    best = max((each.dense for each in candidates), default=0.0)
    return [
        [_log_odds(intent_of.get(c.entry.intent, 0.0)), c.dense, c.dense - best, c.lexical, c.answer]
        for c in candidates
    ]


def _log_odds(probability: float) -> float:
    p = min(max(probability, 1e-4), 1 - 1e-4)
    return math.log(p / (1 - p))


def _weighed(rows: Sequence[Sequence[float]], weights: Weights) -> NDArray[np.float64]:
    vector = np.array([weights.get(name, 0.0) for name in SIGNALS])
    matrix = np.array(rows, dtype=np.float64).reshape(len(rows), len(SIGNALS))
    weighed: NDArray[np.float64] = matrix @ vector + weights.get("bias", 0.0)
    return weighed


def _preference(entry: Entry) -> float:
    dated = entry.effective_from is not None or entry.effective_until is not None
    own = _FOR_THIS_ITEM * bool(entry.items) + _DATED * dated + _OWN_SHOP * (entry.shop_id is not None)
    return own + _AUTHORITY[entry.authority]
