"""Fitting: every weight of a calibration from our own labelled utterances, run through the same steps as a request."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np

from assistant.conversation import read_conversation
from assistant.evidence import NONE, Evidence, intent_signals, no_intent, read_evidence
from assistant.fitting_heads import fit_heads
from assistant.ranking import SIGNALS, rank, reply_signals
from assistant.request import Message
from assistant.understanding import complaint_probability, complaint_signals, emotion_signals, probabilities_of
from knowledge.changes import Delta
from knowledge.retriever import Query, Scope, retrieve
from knowledge.snapshot import Snapshot
from models.calibration import Calibration, Weights, linear
from models.cues import EMOTIONS
from models.encoder import Encoder
from models.heads import Heads, Opinion
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

SHOWN = 8
# What an editor wrote down word for word is meant, whatever the heads think of it. Set by hand: such utterances are
# left out of the fit. The log-odds of a head differ by at most 9 times a weight below 1.
WORD_FOR_WORD = 9.0
HELD_OUT = 5  # every fifth phrasing
OUTSIDE = 6  # every sixth utterance is taken for one that the knowledge does not cover
ANY_DAY = datetime(2026, 6, 1, tzinfo=UTC)  # fixed, so that a fit does not depend on when it is made
# Of the utterances that the knowledge can answer, this share shall be answered; the rest is where it may be silent.
COVERAGE = 0.995
# Emotions named here are asked of no utterance in such numbers that a rate of zero could be believed.
_SMOOTHING, _STATE_SMOOTHING = 2.0, 4.0


@dataclass(frozen=True, slots=True)
class Sample:
    """An utterance and the evidence on it, by heads that have not seen it."""

    utterance: Utterance
    evidence: Evidence


def fit_calibration(snapshot: Snapshot, encoder: Encoder) -> Calibration:
    """Fit all weights for this knowledge and encoder. Takes less than a minute with the shipped encoder."""
    heads, samples = _samples(snapshot, encoder)
    calibration = Calibration(
        encoder_id=encoder.id,
        intent=_fit_intent(samples),
        reply={},
        match=_fit_match(snapshot, encoder),
        complaint={},
        emotion={label: {} for label in EMOTIONS},
        complaint_rate=_complaint_rate(),
        emotion_rate=_emotion_rate(),
        state_odds=state_odds(),
        complaint_from=0.5,
        abstain_below=0.0,
        fitted_on={},
        heads=heads,
    )
    calibration = calibration.model_copy(update={"reply": _fit_reply(samples, calibration)})
    calibration = calibration.model_copy(update=_fit_feelings(samples, calibration))
    return calibration.model_copy(update=_judge(samples, calibration))


def _samples(snapshot: Snapshot, encoder: Encoder) -> tuple[Heads, list[Sample]]:
    """The heads, and the evidence on the utterances kept back, which neither encoder nor heads have seen.

    Those that stand in the knowledge word for word would be found too easily and are left out.
    """
    read = [(utterance, read_conversation(messages_of(utterance))) for utterance in utterances()]
    phrasings = {normalise(text) for entry in snapshot.entries.values() for text in entry.phrasings}
    fresh = [(utterance, conversation) for utterance, conversation in read if conversation.query not in phrasings]
    queries = encoder.encode_queries([conversation.query for _, conversation in fresh])
    kept = np.array([utterance.kept_back for utterance, _ in fresh])
    heads, opinions = fit_heads(snapshot, [utterance for utterance, _ in fresh], queries, kept)
    known = [pair for pair in fresh if pair[0].kept_back]
    turns = [conversation.before[0] for _, conversation in known if conversation.before]
    before = dict(zip(turns, map(heads.read, encoder.encode_queries(turns)), strict=True))
    scope, odds = Scope(None, ANY_DAY), state_odds()
    samples = []
    for (utterance, conversation), vector, said in zip(known, queries[kept], opinions, strict=True):
        query = Query(conversation.query, vector)
        candidates = retrieve(snapshot, query, scope, likely=said.likely())
        previous = before[conversation.before[0]] if conversation.before else Opinion()
        state = odds.get(utterance.order or "", {})
        samples.append(Sample(utterance, read_evidence(query, candidates, said, previous, state)))
    return heads, samples


def messages_of(utterance: Utterance) -> list[Message]:
    """The conversation that an utterance stands for."""
    before = [
        Message(role="agent" if line.startswith("客服") else "buyer", text=line.partition(":")[2].strip() or line)
        for line in utterance.context
    ]
    return [*before, Message(role="buyer", text=utterance.text)]


def _fit_intent(samples: Sequence[Sample]) -> Weights:
    """What tells intents apart, from all samples; then how close is close enough to be meant at all.

    For the second, the right entries are taken away from some samples: a message outside the knowledge looks so.
    """
    choices = [intent_signals(sample.evidence) for sample in samples]
    weights = fit_conditional(choices, [sample.utterance.intent for sample in samples])
    scored, chosen = [], []
    for number, sample in enumerate(samples):
        evidence = _reduced(sample, number)
        signals = intent_signals(evidence)
        scores = {code: {"score": linear(weights, row), "none": 0.0} for code, row in signals.items()}
        nothing = no_intent(evidence, signals)
        scored.append({NONE: {"score": linear(weights, nothing), "none": 1.0}, **scores})
        chosen.append(sample.utterance.intent if sample.utterance.intent in signals else NONE)
    scale = fit_conditional(scored, chosen)
    return {name: scale["score"] * weight for name, weight in weights.items()} | {
        "none": scale["none"],
        "exact": WORD_FOR_WORD,
    }


def _reduced(sample: Sample, number: int) -> Evidence:
    if number % OUTSIDE:
        return sample.evidence
    others = [each for each in sample.evidence.candidates if each.entry.intent != sample.utterance.intent]
    return replace(sample.evidence, candidates=others)


def _fit_reply(samples: Sequence[Sample], calibration: Calibration) -> Weights:
    rows, labels = [], []
    for number, sample in enumerate(samples):
        evidence = _reduced(sample, number)
        p = probabilities_of(evidence, calibration)
        asked = [each for each in evidence.candidates if intents()[each.entry.intent].voice == "buyer"]
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
        rivals = [c for c in retrieve(without, Query(text, vector), scope) if c.entry.intent == entry.intent]
        choices.append({c.entry.id: {"dense": c.dense, "lexical": c.lexical, "answer": c.answer} for c in rivals})
        chosen.append(entry.id)
    return fit_conditional(choices, chosen)


def _fit_feelings(samples: Sequence[Sample], calibration: Calibration) -> dict[str, object]:
    known = [s for s in samples if s.utterance.complaint is not None and s.utterance.emotion in EMOTIONS]
    pairs = [(probabilities_of(sample.evidence, calibration), sample.evidence) for sample in known]
    complaint = fit_logistic(
        [complaint_signals(p, seen, calibration) for p, seen in pairs], [s.utterance.complaint == 1 for s in known]
    )
    emotion = fit_multinomial(
        [emotion_signals(p, seen, calibration) for p, seen in pairs], [str(s.utterance.emotion) for s in known]
    )
    fitted = calibration.model_copy(update={"complaint": complaint})
    odds = [complaint_probability(p, seen, fitted) for p, seen in pairs]
    threshold = best_threshold(odds, [s.utterance.complaint == 1 for s in known])
    return {"complaint": complaint, "emotion": emotion, "complaint_from": threshold}


def _complaint_rate() -> dict[str, float]:
    by_intent = defaultdict(list)
    for each in utterances():
        if each.complaint is not None:
            by_intent[each.intent].append(each.complaint)
    return {code: round((sum(seen) + 0.2) / (len(seen) + 1), 4) for code, seen in sorted(by_intent.items())}


def _emotion_rate() -> dict[str, Weights]:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    known = [each for each in utterances() if each.emotion in EMOTIONS]
    overall = Counter(str(each.emotion) for each in known)
    for each in known:
        counts[each.intent][str(each.emotion)] += 1
    return {code: _smoothed(seen, overall) for code, seen in sorted(counts.items())}


def state_odds() -> dict[str, Weights]:
    """For every state of an order, how much likelier it makes each intent: log P(state | intent) / P(state).

    From the utterances whose order is known, drawn towards no difference where an intent has few of them. A parcel
    that is sent is as good as one that is on its way: what buyers say of the two is counted together.
    """
    known = [
        ("shipped" if each.order == "collected" else each.order, each.intent) for each in utterances() if each.order
    ]
    states, of_intent, both = Counter(s for s, _ in known), Counter(i for _, i in known), Counter(known)
    share = {state: count / len(known) for state, count in sorted(states.items())}
    odds = {
        state: {
            code: round(math.log((both[state, code] / p + _STATE_SMOOTHING) / (of_intent[code] + _STATE_SMOOTHING)), 4)
            for code in sorted(of_intent)
        }
        for state, p in share.items()
    }
    return odds | ({"collected": odds["shipped"]} if "shipped" in odds else {})


def _smoothed(seen: Counter[str], overall: Counter[str]) -> Weights:
    """Rates of an intent, drawn a little towards those of all, so that nothing is impossible."""
    everyone = overall.total()
    drawn = {label: seen[label] + _SMOOTHING * overall[label] / everyone for label in EMOTIONS}
    return {label: round(count / (seen.total() + _SMOOTHING), 4) for label, count in drawn.items()}


def _judge(samples: Sequence[Sample], calibration: Calibration) -> dict[str, object]:
    """The threshold of silence, and what the calibration achieves on the utterances it was fitted on."""
    known = {each.entry.intent for sample in samples for each in sample.evidence.candidates}
    answered = [_answered(sample.evidence, calibration) for sample in samples]
    mixed = [_answered(_reduced(sample, number), calibration) for number, sample in enumerate(samples)]
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


def _answered(evidence: Evidence, calibration: Calibration) -> tuple[float, list[str]]:
    """The first reply's confidence, and the topics in order."""
    ranked = rank(evidence.candidates, probabilities_of(evidence, calibration), calibration)
    return (ranked[0].confidence if ranked else 0.0), list(dict.fromkeys(each.entry.intent for each in ranked))
