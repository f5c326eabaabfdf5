"""Understanding: what a turn means (intents, complaint, emotion, risks), from phrasings it resembles and its words.

Nearest phrasings vote for their intents; word lists add what they know; the calibration turns both into probabilities.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from assistant.facts import Situation
from assistant.response import Complaint, Emotion, IntentGuess, Understanding
from knowledge.context import OrderState
from knowledge.retriever import Candidate
from models.calibration import Calibration, Weights, linear
from models.cues import EMOTIONS, Cues, read_cues
from models.intents import intents

Probabilities = dict[str, float]
_BEFORE_DISPATCH = frozenset({"order.urge_ship", "order.change_item", "order.add_item", "order.confirm"})
_AFTER_DISPATCH = frozenset({"order.stuck", "order.not_received", "after.lost", "after.reject"})
MAX_INTENTS, WORTH_NAMING = 5, 0.01
UNCLEAR = "other.unclear"
# The alternative that no candidate's intent is meant: with little knowledge the nearest phrasing may be far away.
NONE = "none"
NO_INTENT: Weights = {"none": 1.0}


def understand(
    situation: Situation, candidates: Sequence[Candidate], calibration: Calibration
) -> tuple[Understanding, Probabilities]:
    """The understanding of the turn, and the probability of every intent that any candidate has."""
    cues = read_cues(situation.text)
    probabilities = probabilities_of(candidates, cues, situation.order_state, calibration)
    ordered = sorted(probabilities.items(), key=lambda pair: -pair[1])[:MAX_INTENTS]
    best = ordered[:1] + [(code, p) for code, p in ordered[1:] if p >= WORTH_NAMING]
    complaint = complaint_probability(probabilities, cues, calibration)
    complains = complaint >= calibration.complaint_from
    emotions = emotion_probabilities(probabilities, cues, calibration)
    label = max(EMOTIONS, key=lambda each: emotions[each])
    understanding = Understanding(
        intents=tuple(IntentGuess(code=code, confidence=round(p, 4)) for code, p in best),
        complaint=Complaint(value=complains, confidence=round(complaint if complains else 1 - complaint, 4)),
        emotion=Emotion(label=label, confidence=round(emotions[label], 4)),
        risks=_risks(probabilities, cues),
        phase=intents()[best[0][0] if best else UNCLEAR].phase,
        slots=dict(situation.measurements),
    )
    return understanding, probabilities


def probabilities_of(
    candidates: Iterable[Candidate], cues: Cues, order_state: OrderState | None, calibration: Calibration
) -> Probabilities:
    """The probability of each buyer-voiced intent among the candidates; what they lack of 1 is that of none of them."""
    signals = intent_signals(candidates, cues, order_state) | {NONE: NO_INTENT}
    probabilities = softmax({code: linear(calibration.intent, values) for code, values in signals.items()})
    del probabilities[NONE]
    return probabilities


def intent_signals(
    candidates: Iterable[Candidate], cues: Cues, order_state: OrderState | None
) -> dict[str, dict[str, float]]:
    """For each intent, the best signals among its candidates."""
    signals: dict[str, dict[str, float]] = {}
    for candidate in candidates:
        code = candidate.entry.intent
        if intents()[code].voice == "agent":
            continue
        best = signals.setdefault(code, {"dense": 0.0, "lexical": 0.0, "answer": 0.0})
        for name, value in (("dense", candidate.dense), ("lexical", candidate.lexical), ("answer", candidate.answer)):
            best[name] = max(best[name], value)
    for code, best in signals.items():
        best["risk_words"] = float(code in cues.risks)
        best["order_fit"] = order_fit(code, order_state)
    return signals


def order_fit(code: str, state: OrderState | None) -> float:
    """1 when the order's state makes an intent likelier (a delivered order: after-sale), -1 when unlikelier, else 0."""
    phase = intents()[code].phase
    if state in ("delivered", "after_sale"):
        return -1.0 if code in _BEFORE_DISPATCH else {"after_sale": 1.0, "pre_sale": -1.0}.get(phase, 0.0)
    if state in ("unpaid", "paid"):
        return -1.0 if code in _AFTER_DISPATCH else float(state == "paid" and phase == "in_sale")
    return float(state in ("shipped", "collected") and phase == "in_sale" and code not in _BEFORE_DISPATCH)


def complaint_signals(probabilities: Probabilities, cues: Cues, calibration: Calibration) -> dict[str, float]:
    """How often such messages complain (log-odds), and the words that say so."""
    prior = _expected(probabilities, calibration.complaint_rate)
    return {
        "prior": math.log((prior + 0.01) / (1.01 - prior)),
        "complaint_words": min(cues.complaint, 3),
        "calm_words": min(cues.calm, 2),
        "risk_words": float(bool(cues.risks)),
        **_emotion_words(cues),
    }


def complaint_probability(probabilities: Probabilities, cues: Cues, calibration: Calibration) -> float:
    """The probability that the buyer complains."""
    return 1.0 / (1.0 + math.exp(-linear(calibration.complaint, complaint_signals(probabilities, cues, calibration))))


def emotion_signals(probabilities: Probabilities, cues: Cues, calibration: Calibration) -> dict[str, float]:
    """How often such messages feel so (log), and the words of each emotion."""
    signals = _emotion_words(cues)
    for label in EMOTIONS:
        rate = _expected(probabilities, {code: rates[label] for code, rates in calibration.emotion_rate.items()})
        signals[f"prior_{label}"] = math.log(rate + 0.01)
    return signals


def emotion_probabilities(probabilities: Probabilities, cues: Cues, calibration: Calibration) -> Probabilities:
    """The probability of each emotion."""
    signals = emotion_signals(probabilities, cues, calibration)
    return softmax({label: linear(calibration.emotion[label], signals) for label in EMOTIONS})


def softmax(scores: Weights) -> Probabilities:
    """Scores to probabilities that sum to 1; empty in, empty out."""
    top = max(scores.values(), default=0.0)
    powers = {name: math.exp(score - top) for name, score in scores.items()}
    total = sum(powers.values())
    return {name: power / total for name, power in powers.items()}


def _expected(probabilities: Probabilities, rates: Mapping[str, float]) -> float:
    """The rate to expect when the intent is known by its probabilities; for none of the intents, the mean of all."""
    usual = sum(rates.values()) / max(len(rates), 1)
    known = sum(p * rates.get(code, usual) for code, p in probabilities.items())
    return known + (1.0 - sum(probabilities.values())) * usual


def _emotion_words(cues: Cues) -> dict[str, float]:
    return {f"{label}_words": float(min(count, 3)) for label, count in cues.emotions.items()}


def _risks(probabilities: Probabilities, cues: Cues) -> tuple[str, ...]:
    """Named by words, or more likely than not by resemblance."""
    resembling = [code for code, p in probabilities.items() if p >= 0.5 and intents()[code].phase == "risk"]
    return tuple(dict.fromkeys((*cues.risks, *resembling)))
