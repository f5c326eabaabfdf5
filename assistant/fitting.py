"""Fitting: every weight of a calibration from our own labelled utterances, run through the same steps as a request."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from assistant.conversation import Conversation, read_conversation
from assistant.ranking import SIGNALS, rank, reply_signals
from assistant.request import Message
from assistant.understanding import (
    NONE,
    complaint_probability,
    complaint_signals,
    emotion_signals,
    intent_signals,
    probabilities_of,
)
from knowledge.changes import Delta
from knowledge.retriever import Candidate, Query, Scope, retrieve
from knowledge.snapshot import Snapshot
from models.calibration import Calibration, Weights, linear
from models.cues import EMOTIONS, read_cues
from models.encoder import Encoder
from models.intents import intents
from models.text import normalise
from models.training.fits import (
    best_threshold,
    expected_calibration_error,
    fit_conditional,
    fit_logistic,
    fit_multinomial,
)
from models.training.utterances import Utterance, utterances

CANDIDATES, SHOWN = 50, 8
HELD_OUT = 5  # every fifth phrasing
OUTSIDE = 6  # every sixth utterance is taken for one that the knowledge does not cover
ANY_DAY = datetime(2026, 6, 1, tzinfo=UTC)  # fixed, so that a fit does not depend on when it is made
# Of the utterances that the knowledge can answer, this share shall be answered; the rest is where it may be silent.
COVERAGE = 0.97
# Emotions named here are asked of no utterance in such numbers that a rate of zero could be believed.
_SMOOTHING = 2.0


@dataclass(frozen=True, slots=True)
class Sample:
    """An utterance and what retrieval found for it."""

    utterance: Utterance
    conversation: Conversation
    candidates: list[Candidate]


def fit_calibration(snapshot: Snapshot, encoder: Encoder) -> Calibration:
    """Fit all weights for this knowledge and encoder. Takes seconds with the shipped encoder."""
    samples = _samples(snapshot, encoder)
    calibration = Calibration(
        encoder_id=encoder.id,
        intent=_fit_intent(samples),
        reply={},
        match=_fit_match(snapshot, encoder),
        complaint={},
        emotion={label: {} for label in EMOTIONS},
        complaint_rate=_complaint_rate(samples),
        emotion_rate=_emotion_rate(samples),
        complaint_from=0.5,
        abstain_below=0.0,
        fitted_on={},
    )
    calibration = calibration.model_copy(update={"reply": _fit_reply(samples, calibration)})
    calibration = calibration.model_copy(update=_fit_feelings(samples, calibration))
    return calibration.model_copy(update=_judge(samples, calibration))


def _samples(snapshot: Snapshot, encoder: Encoder) -> list[Sample]:
    """What is found for each utterance; those that stand in the knowledge word for word would be found too easily."""
    read = [(utterance, read_conversation(_messages(utterance))) for utterance in utterances()]
    phrasings = {normalise(text) for entry in snapshot.entries.values() for text in entry.phrasings}
    fresh = [(utterance, conversation) for utterance, conversation in read if conversation.query not in phrasings]
    vectors = encoder.encode_queries([conversation.query for _, conversation in fresh])
    scope = Scope(None, ANY_DAY)
    return [
        Sample(utterance, conversation, retrieve(snapshot, Query(conversation.query, vector), scope, CANDIDATES))
        for (utterance, conversation), vector in zip(fresh, vectors, strict=True)
    ]


def _messages(utterance: Utterance) -> list[Message]:
    before = [
        Message(role="agent" if line.startswith("客服") else "buyer", text=line.partition(":")[2].strip() or line)
        for line in utterance.context
    ]
    return [*before, Message(role="buyer", text=utterance.text)]


def _fit_intent(samples: Sequence[Sample]) -> Weights:
    """What tells intents apart, from all samples; then how close is close enough to be meant at all.

    For the second, the right entries are taken away from some samples: a message outside the knowledge looks so.
    """
    cues = [read_cues(sample.conversation.query) for sample in samples]
    choices = [intent_signals(s.candidates, c, None) for s, c in zip(samples, cues, strict=True)]
    weights = fit_conditional(choices, [sample.utterance.intent for sample in samples])
    scored, chosen = [], []
    for number, (sample, cue) in enumerate(zip(samples, cues, strict=True)):
        signals = intent_signals(_reduced(sample, number), cue, None)
        scores = {code: {"score": linear(weights, row), "none": 0.0} for code, row in signals.items()}
        scored.append({NONE: {"score": 0.0, "none": 1.0}, **scores})
        chosen.append(sample.utterance.intent if sample.utterance.intent in signals else NONE)
    scale = fit_conditional(scored, chosen)
    return {name: scale["score"] * weight for name, weight in weights.items()} | {
        "none": scale["none"],
        "order_fit": 0.7,
    }


def _reduced(sample: Sample, number: int) -> list[Candidate]:
    if number % OUTSIDE:
        return sample.candidates
    return [each for each in sample.candidates if each.entry.intent != sample.utterance.intent]


def _fit_reply(samples: Sequence[Sample], calibration: Calibration) -> Weights:
    rows, labels = [], []
    for number, sample in enumerate(samples):
        found = _reduced(sample, number)
        p = probabilities_of(found, read_cues(sample.conversation.query), None, calibration)
        asked = [each for each in found if intents()[each.entry.intent].voice == "buyer"]
        likely = sorted(zip(asked, reply_signals(asked, p), strict=True), key=lambda pair: -pair[1][0])[:SHOWN]
        rows += [dict(zip(SIGNALS, row, strict=True)) for _, row in likely]
        labels += [each.entry.intent == sample.utterance.intent for each, _ in likely]
    return fit_logistic(rows, labels)


def _fit_match(snapshot: Snapshot, encoder: Encoder) -> Weights:
    """What tells entries of one intent apart: phrasings held out of the knowledge must find their own entry."""
    published = [entry for entry in snapshot.entries.values() if entry.questions]
    kept = [
        e.model_copy(update={"questions": [q for i, q in enumerate(e.questions) if i % HELD_OUT]}) for e in published
    ]
    without = Snapshot.empty(encoder).advanced(Delta(1, tuple(kept), frozenset(), (), {}), encoder)
    held = [(entry, normalise(question)) for entry in published for question in entry.questions[::HELD_OUT]]
    vectors = encoder.encode_queries([text for _, text in held])
    choices, chosen = [], []
    for (entry, text), vector in zip(held, vectors, strict=True):
        scope = Scope(entry.shop_id, entry.effective_from or ANY_DAY, next(iter(entry.items), None))
        rivals = [
            c for c in retrieve(without, Query(text, vector), scope, CANDIDATES) if c.entry.intent == entry.intent
        ]
        choices.append({c.entry.id: {"dense": c.dense, "lexical": c.lexical, "answer": c.answer} for c in rivals})
        chosen.append(entry.id)
    return fit_conditional(choices, chosen)


def _fit_feelings(samples: Sequence[Sample], calibration: Calibration) -> dict[str, object]:
    known = [s for s in samples if s.utterance.complaint is not None and s.utterance.emotion in EMOTIONS]
    cues = [read_cues(s.conversation.query) for s in known]
    p = [probabilities_of(s.candidates, c, None, calibration) for s, c in zip(known, cues, strict=True)]
    pairs = list(zip(p, cues, strict=True))
    complaint = fit_logistic(
        [complaint_signals(each, c, calibration) for each, c in pairs], [s.utterance.complaint == 1 for s in known]
    )
    emotion = fit_multinomial(
        [emotion_signals(each, c, calibration) for each, c in pairs], [str(s.utterance.emotion) for s in known]
    )
    fitted = calibration.model_copy(update={"complaint": complaint})
    odds = [complaint_probability(each, c, fitted) for each, c in pairs]
    threshold = best_threshold(odds, [s.utterance.complaint == 1 for s in known])
    return {"complaint": complaint, "emotion": emotion, "complaint_from": threshold}


def _complaint_rate(samples: Sequence[Sample]) -> dict[str, float]:
    by_intent = defaultdict(list)
    for sample in samples:
        if sample.utterance.complaint is not None:
            by_intent[sample.utterance.intent].append(sample.utterance.complaint)
    return {code: round((sum(seen) + 0.2) / (len(seen) + 1), 4) for code, seen in sorted(by_intent.items())}


def _emotion_rate(samples: Sequence[Sample]) -> dict[str, Weights]:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    overall = Counter(str(s.utterance.emotion) for s in samples if s.utterance.emotion in EMOTIONS)
    for sample in samples:
        if sample.utterance.emotion in EMOTIONS:
            counts[sample.utterance.intent][str(sample.utterance.emotion)] += 1
    return {code: _smoothed(seen, overall) for code, seen in sorted(counts.items())}


def _smoothed(seen: Counter[str], overall: Counter[str]) -> Weights:
    """Rates of an intent, drawn a little towards those of all, so that nothing is impossible."""
    everyone = overall.total()
    drawn = {label: seen[label] + _SMOOTHING * overall[label] / everyone for label in EMOTIONS}
    return {label: round(count / (seen.total() + _SMOOTHING), 4) for label, count in drawn.items()}


def _judge(samples: Sequence[Sample], calibration: Calibration) -> dict[str, object]:
    """The threshold of silence, and what the calibration achieves on the utterances it was fitted on."""
    known = {each.entry.intent for sample in samples for each in sample.candidates}
    answered = [_answered(sample, sample.candidates, calibration) for sample in samples]
    mixed = [_answered(sample, _reduced(sample, number), calibration) for number, sample in enumerate(samples)]
    in_scope = sorted(
        confidence
        for (confidence, _), sample in zip(answered, samples, strict=True)
        if sample.utterance.intent in known and intents()[sample.utterance.intent].phase != "other"
    )
    wanted = [sample.utterance.intent for sample in samples]
    first = sum(topics[:1] == [intent] for (_, topics), intent in zip(answered, wanted, strict=True))
    within = sum(intent in topics[:3] for (_, topics), intent in zip(answered, wanted, strict=True))
    right = [topics[:1] == [intent] for (_, topics), intent in zip(mixed, wanted, strict=True)]
    return {
        "abstain_below": round(in_scope[int(len(in_scope) * (1 - COVERAGE))], 4),
        "fitted_on": {
            "utterances": len(samples),
            "intent_first": round(first / len(samples), 4),
            "intent_within_three": round(within / len(samples), 4),
            "calibration_error": round(expected_calibration_error([c for c, _ in mixed], right), 4),
            "coverage": COVERAGE,
        },
    }


def _answered(sample: Sample, candidates: list[Candidate], calibration: Calibration) -> tuple[float, list[str]]:
    """The first reply's confidence, and the topics in order."""
    p = probabilities_of(candidates, read_cues(sample.conversation.query), None, calibration)
    ranked = rank(candidates, p, calibration)
    return (ranked[0].confidence if ranked else 0.0), list(dict.fromkeys(each.entry.intent for each in ranked))
