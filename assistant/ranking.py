"""Ranking: the probability that an entry's reply suits the turn, and the order in which replies are offered."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from assistant.understanding import Probabilities
from knowledge.entries import EMERGENCY_TAG, Entry
from knowledge.retriever import Candidate
from models.calibration import Calibration, Weights
from models.intents import intents

SIGNALS = ("intent", "dense", "dense_gap", "lexical", "answer", "begun")

# Of two replies on one topic that match alike, the first is the more particular and the more binding one.
# In the unit of the match score, where a hundredth of cosine is worth about 1.
_FOR_THIS_ITEM, _DATED, _OWN_SHOP = 1.0, 0.5, 0.3
_AUTHORITY = {"platform": 0.2, "shop": 0.1, "phrase": 0.0}
FEEDBACK = 0.5  # at the most, either way: half a hundredth of cosine
NO_FEEDBACK: Mapping[str, float] = {}
_EMERGENCY = 1000.0  # more than any likeness: it goes before every other entry of its topic


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


def rank(
    candidates: Sequence[Candidate],
    intent_of: Probabilities,
    calibration: Calibration,
    feedback: Mapping[str, float] = NO_FEEDBACK,
    *,
    begun: bool = False,
) -> list[Ranked]:
    """Candidates that a buyer's message can be answered with: the likeliest topic first, in it the closest entry.

    Which topic is meant and which of its entries says it best are two questions: words that decide the second
    (can I have an invoice, where do I see it) say little about the first.

    `feedback`, from -1 to 1 by entry, decides between entries of one topic that match alike, and is shown among the
    signals. It touches neither the order of topics nor a confidence, which stays a calibrated probability.
    """
    asked = [each for each in candidates if intents()[each.entry.intent].voice == "buyer"]
    signals = reply_signals(asked, intent_of, begun=begun)
    confidences = 1.0 / (1.0 + np.exp(-_weighed(signals, calibration.reply)))
    matches = _weighed(signals, calibration.match)
    ranked = [
        Ranked(each, confidence, match + _preference(each.entry), dict(zip(SIGNALS, row, strict=True)))
        for each, confidence, match, row in zip(asked, confidences.tolist(), matches.tolist(), signals, strict=True)
    ]
    ranked = [_judged(each, feedback[each.entry.id]) if each.entry.id in feedback else each for each in ranked]
    topics: dict[str, float] = {}
    for each in ranked:
        topics[each.entry.intent] = max(each.confidence, topics.get(each.entry.intent, 0.0))
    ranked = [_urgent(each, topics[each.entry.intent]) if each.entry.is_emergency else each for each in ranked]
    return sorted(ranked, key=lambda each: (-topics[each.entry.intent], each.entry.intent, -each.match, each.entry.id))


def reply_signals(
    candidates: Sequence[Candidate], intent_of: Mapping[str, float], *, begun: bool = False
) -> list[list[float]]:
    """What speaks for each candidate, a row of `SIGNALS` each: its intent's log-odds, likeness of phrasing, of words
    and of the answer; `dense_gap` is how far its phrasing is behind the closest of all. In the middle of a conversation
    (`begun`) everything is a little less sure."""
    best = max((each.dense for each in candidates), default=0.0)
    return [
        [_log_odds(intent_of.get(c.entry.intent, 0.0)), c.dense, c.dense - best, c.lexical, c.answer, float(begun)]
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


def _judged(ranked: Ranked, value: float) -> Ranked:
    """An entry with what agents made of it."""
    value = min(max(value, -1.0), 1.0)
    signals = {**ranked.signals, "feedback": value}
    return replace(ranked, match=ranked.match + FEEDBACK * value, signals=signals)


def _urgent(ranked: Ranked, topic: float) -> Ranked:
    """An emergency entry before the everyday ones that it stands in for, and as sure as the surest of them."""
    signals = {**ranked.signals, EMERGENCY_TAG: 1.0}
    return replace(ranked, confidence=topic, match=ranked.match + _EMERGENCY, signals=signals)


def _preference(entry: Entry) -> float:
    dated = entry.effective_from is not None or entry.effective_until is not None
    own = _FOR_THIS_ITEM * bool(entry.items) + _DATED * dated + _OWN_SHOP * (entry.shop_id is not None)
    return own + _AUTHORITY[entry.authority]
