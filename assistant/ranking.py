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
    best_dense = max((each.dense for each in asked), default=0.0)
    ranked = [_rank_one(each, reply_signals(each, intent_of, best_dense), calibration) for each in asked]
    topics: dict[str, float] = {}
    for each in ranked:
        topics[each.entry.intent] = max(each.confidence, topics.get(each.entry.intent, 0.0))
    return sorted(ranked, key=lambda each: (-topics[each.entry.intent], -each.match, each.entry.id))


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
    confidence = 1.0 / (1.0 + math.exp(-linear(calibration.reply, signals)))
    match = linear(calibration.match, signals) + _preference(candidate.entry)
    return Ranked(candidate, confidence, match, signals)


def _preference(entry: Entry) -> float:
    dated = entry.effective_from is not None or entry.effective_until is not None
    own = _FOR_THIS_ITEM * bool(entry.items) + _DATED * dated + _OWN_SHOP * (entry.shop_id is not None)
    return own + _AUTHORITY[entry.authority]
