"""Understanding: what a turn means (intents, complaint, emotion, risks), from all the evidence there is.

Nearest phrasings vote for their intents; heads on the vector, the turn before and word lists add what they know; the
calibration turns all of it into probabilities.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from statistics import fmean

from assistant.evidence import LEAST, NONE, Evidence, intent_signals, no_intent, weighed_anew
from assistant.response import Complaint, Emotion, IntentGuess, Understanding
from models.calibration import Calibration, Weights, linear
from models.cues import EMOTIONS, Cues
from models.heads import LogProbabilities
from models.intents import intents

Probabilities = dict[str, float]
MAX_INTENTS, WORTH_NAMING = 5, 0.01
UNCLEAR, CHITCHAT = "other.unclear", "other.chitchat"
COMPLAINS, CALM = "1", "0"  # labels of the complaint head


def understand(
    evidence: Evidence, calibration: Calibration, slots: Mapping[str, float]
) -> tuple[Understanding, Probabilities]:
    """The understanding of the turn, and the probability of every intent that any candidate has."""
    probabilities = probabilities_of(evidence, calibration)
    ordered = sorted(probabilities.items(), key=lambda pair: -pair[1])[:MAX_INTENTS]
    best = ordered[:1] + [(code, p) for code, p in ordered[1:] if p >= WORTH_NAMING]
    complaint = complaint_probability(probabilities, evidence, calibration)
    complains = complaint >= calibration.complaint_from
    emotions = emotion_probabilities(evidence, calibration)
    label = max(EMOTIONS, key=lambda each: emotions[each])
    understanding = Understanding(
        intents=tuple(IntentGuess(code=code, confidence=round(p, 4)) for code, p in best),
        complaint=Complaint(value=complains, confidence=round(complaint if complains else 1 - complaint, 4)),
        emotion=Emotion(label=label, confidence=round(emotions[label], 4)),
        risks=_risks(probabilities, evidence.cues),
        phase=intents()[best[0][0] if best else UNCLEAR].phase,
        answerable=round(answerable(probabilities), 4),
        slots=dict(slots),
    )
    return understanding, probabilities


def probabilities_of(evidence: Evidence, calibration: Calibration) -> Probabilities:
    """The probability of each buyer-voiced intent among the candidates; what they lack of 1 is that of none of them."""
    signals = intent_signals(evidence)
    signals[NONE] = no_intent(evidence, signals)
    probabilities = softmax({code: linear(calibration.intent, values) for code, values in signals.items()})
    del probabilities[NONE]
    return probabilities


def answerable(probabilities: Probabilities) -> float:
    """The probability that the turn is something that the knowledge answers: none of its intents, and no small talk."""
    return max(0.0, min(1.0, sum(probabilities.values()) - probabilities.get(CHITCHAT, 0.0)))


def complaint_signals(probabilities: Probabilities, evidence: Evidence, calibration: Calibration) -> dict[str, float]:
    """How often such messages complain (log-odds), what the heads make of it, and the words of a mood.

    A panel speaks for the clause that complains most, if that is more than the whole does: who asks three things and
    sighs once complains. The panels speak with one voice: weighed one by one, they were trusted for how well each
    knew our own writers. In the middle of a conversation each signal may count otherwise: there a defect is often only
    talked about.
    """
    prior, cues = _expected(probabilities, calibration.complaint_rate), evidence.cues
    views = evidence.said.views
    signals = {
        "prior": _odds(prior),
        "heads": fmean(max(_complains(each.complaint) for each in view) for view in views),
        "displeased": fmean(max(_displeased(each.emotion) for each in view) for view in views),
        "neighbours": _complains(evidence.said.neighbours.complaint),
    }
    return {
        **weighed_anew(signals, begun=evidence.begun),
        "begun": float(evidence.begun),
        "calm_words": min(cues.calm, 2),
        "risk_words": float(bool(cues.risks)),
        **_emotion_words(cues),
    }


def _odds(probability: float) -> float:
    return math.log((probability + 0.01) / (1.01 - probability))


def _complains(said: LogProbabilities) -> float:
    """The log-odds of a complaint, by the head alone; 0 without an opinion."""
    return max(said.get(COMPLAINS, 0.0), LEAST) - max(said.get(CALM, 0.0), LEAST)


def _displeased(said: LogProbabilities) -> float:
    """The log-odds of a buyer who is upset or angry, by the head alone."""
    return _odds(sum(math.exp(said[label]) for label in ("upset", "angry") if label in said))


def complaint_probability(probabilities: Probabilities, evidence: Evidence, calibration: Calibration) -> float:
    """The probability that the buyer complains."""
    signals = complaint_signals(probabilities, evidence, calibration)
    return 1.0 / (1.0 + math.exp(-linear(calibration.complaint, signals)))


def emotion_signals(evidence: Evidence) -> dict[str, float]:
    """What the heads make of it, and the words of each emotion.

    Not how people usually feel about the intent: the heads know that, and on real chats it only dulled them.
    """
    signals = _emotion_words(evidence.cues)
    for label in EMOTIONS:
        signals[f"head_{label}"] = max(evidence.said.message.emotion.get(label, 0.0), LEAST)
        signals[f"head_in_context_{label}"] = max(evidence.said.conversation.emotion.get(label, 0.0), LEAST)
        signals[f"head_on_words_{label}"] = max(evidence.said.words.emotion.get(label, 0.0), LEAST)
        signals[f"neighbours_{label}"] = max(evidence.said.neighbours.emotion.get(label, 0.0), LEAST)
    return signals


def emotion_probabilities(evidence: Evidence, calibration: Calibration) -> Probabilities:
    """The probability of each emotion."""
    signals = emotion_signals(evidence)
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
