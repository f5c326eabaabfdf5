"""Why: everything that spoke for the entries and intents of a turn, and how much each signal counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import BaseModel, ConfigDict

from assistant.evidence import NONE, Evidence, intent_signals, no_intent
from assistant.ranking import Ranked
from assistant.understanding import (
    Probabilities,
    complaint_probability,
    complaint_signals,
    emotion_probabilities,
    emotion_signals,
)
from models.calibration import Calibration, Weights
from models.cues import EMOTIONS


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class EntryReason(_Frozen):
    """A candidate as it was ranked; the contributions are signal times weight, `reply` to confidence's log-odds."""

    entry_id: str
    title: str
    intent: str
    phrasing: str
    confidence: float
    match: float
    signals: dict[str, float]
    contributions: dict[str, float]


class Reason(_Frozen):
    """An intent, an emotion, or `complaint`; the contributions (and the bias) add up to its score before the softmax
    or the logistic function. The intent `none` stands for what the knowledge does not have."""

    code: str
    probability: float
    signals: dict[str, float]
    contributions: dict[str, float]


class Explained(_Frozen):
    """All candidates and all their intents, best first, and what the feelings were read from.

    Empty for what the shop opens and for an empty turn.
    """

    query: str = ""
    intents: tuple[Reason, ...] = ()
    entries: tuple[EntryReason, ...] = ()
    complaint: Reason | None = None
    emotions: tuple[Reason, ...] = ()

    def only(self, codes: Sequence[str]) -> Explained:
        """What is said of these intents, and of the best entry of each: enough to compare winner and loser."""
        best: dict[str, EntryReason] = {}
        for each in self.entries:
            best.setdefault(each.intent, each)
        intents = tuple(each for each in self.intents if each.code in codes)
        entries = tuple(best[code] for code in dict.fromkeys(codes) if code in best)
        return Explained(query=self.query, intents=intents, entries=entries)


def explained(
    query: str, evidence: Evidence, intent_of: Probabilities, ranked: Sequence[Ranked], calibration: Calibration
) -> Explained:
    """The reasons behind a ranking and the probabilities that it stands on."""
    return Explained(
        query=query,
        intents=_intents(evidence, intent_of, calibration),
        entries=tuple(_entry(each, calibration) for each in ranked),
        complaint=_reason(
            "complaint",
            complaint_probability(intent_of, evidence, calibration),
            complaint_signals(intent_of, evidence, calibration),
            calibration.complaint,
        ),
        emotions=_emotions(evidence, calibration),
    )


def _intents(evidence: Evidence, intent_of: Probabilities, calibration: Calibration) -> tuple[Reason, ...]:
    signals = intent_signals(evidence)
    signals[NONE] = no_intent(evidence, signals)
    probabilities = {**intent_of, NONE: max(0.0, 1.0 - sum(intent_of.values()))}
    reasons = [
        _reason(code, probabilities.get(code, 0.0), found, calibration.intent) for code, found in signals.items()
    ]
    return tuple(sorted(reasons, key=lambda each: (-each.probability, each.code)))


def _emotions(evidence: Evidence, calibration: Calibration) -> tuple[Reason, ...]:
    probabilities = emotion_probabilities(evidence, calibration)
    signals = emotion_signals(evidence)
    reasons = [_reason(label, probabilities[label], signals, calibration.emotion[label]) for label in EMOTIONS]
    return tuple(sorted(reasons, key=lambda each: (-each.probability, each.code)))


def _reason(code: str, probability: float, signals: Mapping[str, float], weights: Weights) -> Reason:
    return Reason(
        code=code,
        probability=round(probability, 6),
        signals=_rounded(signals),
        contributions=_weighed(signals, weights),
    )


def _entry(ranked: Ranked, calibration: Calibration) -> EntryReason:
    return EntryReason(
        entry_id=ranked.entry.id,
        title=ranked.entry.title,
        intent=ranked.entry.intent,
        phrasing=ranked.candidate.phrasing,
        confidence=round(ranked.confidence, 6),
        match=round(ranked.match, 6),
        signals=_rounded(ranked.signals),
        contributions=_weighed(ranked.signals, calibration.reply),
    )


def _weighed(signals: Mapping[str, float], weights: Weights) -> dict[str, float]:
    """Each signal times its weight; one without a weight counts nothing."""
    return _rounded({name: value * weights.get(name, 0.0) for name, value in signals.items()})


def _rounded(values: Mapping[str, float]) -> dict[str, float]:
    return {name: round(float(value), 6) for name, value in values.items()}
