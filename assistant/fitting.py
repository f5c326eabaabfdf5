"""Fitting: every weight of a calibration from labelled turns, run through the same steps as a request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from assistant.evidence import NONE, Evidence, intent_signals, no_intent, read_evidence
from assistant.examples import Example, own_examples
from assistant.fitting_heads import Encoded, fit_heads
from assistant.fitting_rates import complaint_rate, state_odds
from assistant.ranking import SIGNALS, rank, reply_signals
from assistant.understanding import (
    CHITCHAT,
    answerable,
    complaint_probability,
    complaint_signals,
    emotion_signals,
    probabilities_of,
)
from knowledge.changes import Delta
from knowledge.retriever import Query, Scope, retrieve
from knowledge.snapshot import Snapshot
from models.calibration import Calibration, Weights, linear
from models.cues import EMOTIONS
from models.encoder import Encoder
from models.heads import Opinions
from models.intents import intents
from models.text import normalise
from models.training.fits import (
    best_threshold,
    expected_calibration_error,
    fit_conditional,
    fit_logistic,
    fit_multinomial,
)

SHOWN = 3  # candidates of a turn whose confidence shall be right: those that an agent sees
# A labelled dialog counts as often as so many utterances: it has the context of real use, and it is what is judged.
DIALOG_COUNTS = 6
# What an editor wrote down word for word is meant, whatever the heads think of it. Set by hand: such utterances are
# left out of the fit. The log-odds of a head differ by at most 9 times a weight below 1.
WORD_FOR_WORD = 9.0
HELD_OUT = 5  # every fifth phrasing
OUTSIDE = 6  # every sixth example is taken for one that the knowledge does not cover, to learn what that looks like
# And where confidences are fitted: about as many as a shop meets. In the middle of a conversation buyers say many
# things that no entry was written for; a message that opens one mostly asks what others have asked.
UNCOVERED, UNCOVERED_BEGUN = 30, 10
ANY_DAY = datetime(2026, 6, 1, tzinfo=UTC)  # fixed, so that a fit does not depend on when it is made
# Of the examples that the knowledge can answer, this share shall be answered; the rest is where it may be silent.
COVERAGE = 0.995


@dataclass(frozen=True, slots=True)
class Sample:
    """An example and the evidence on it, by heads that have not seen it."""

    example: Example
    evidence: Evidence


def fit_calibration(
    snapshot: Snapshot, encoder: Encoder, dialogs: Sequence[Example] = (), own: Sequence[Example] | None = None
) -> Calibration:
    """Fit all weights for this knowledge and encoder on our utterances and labelled dialogs. Takes some minutes.

    `own` are the utterances as examples, by default all. Examples that stand in the knowledge word for word would be
    found too easily and are left out.
    """
    phrasings = {normalise(text) for entry in snapshot.entries.values() for text in entry.phrasings}
    examples = [each for each in (*(own_examples() if own is None else own), *dialogs) if each.text not in phrasings]
    encoded = Encoded.by(encoder, examples)
    heads, opinions = fit_heads(snapshot, encoded)
    odds = state_odds(examples)
    kept = encoded.only([row for row, each in enumerate(examples) if each.kept_back])
    once = collect_samples(snapshot, kept, opinions, odds)
    samples = [each for each in once for _ in range(DIALOG_COUNTS if each.example.from_dialog else 1)]
    calibration = Calibration(
        encoder_id=encoder.id,
        intent=_fit_intent(samples),
        reply={},
        match=_fit_match(snapshot, encoder),
        complaint={},
        emotion={label: {} for label in EMOTIONS},
        complaint_rate=complaint_rate(examples),
        state_odds=odds,
        complaint_from=0.5,
        abstain_below=0.0,
        fitted_on={},
        heads=heads,
    )
    calibration = calibration.model_copy(update={"reply": _fit_reply(samples, calibration)})
    calibration = calibration.model_copy(update=_fit_feelings(samples, calibration))
    return calibration.model_copy(update=_judge(samples, calibration))


def collect_samples(
    snapshot: Snapshot,
    encoded: Encoded,
    opinions: Sequence[Opinions],
    odds: dict[str, Weights],
    shop_id: str | None = None,
) -> list[Sample]:
    """The evidence on examples, as a request to the shop would gather it; without a shop, from what all shops share."""
    samples = []
    for example, vector, said in zip(encoded.examples, encoded.vectors, opinions, strict=True):
        query = Query(example.text, vector)
        scope = Scope(shop_id, ANY_DAY, example.item_id)
        candidates = retrieve(snapshot, query, scope, likely=said.likely())
        state, begun = odds.get(example.state or "", {}), example.conversation.begun
        samples.append(Sample(example, read_evidence(query, candidates, said, state, begun=begun)))
    return samples


def _fit_intent(samples: Sequence[Sample]) -> Weights:
    """What tells intents apart, from all samples; then how close is close enough to be meant at all.

    For the second, the right entries are taken away from some samples: a message outside the knowledge looks so.
    """
    choices = [intent_signals(sample.evidence) for sample in samples]
    weights = fit_conditional(choices, [sample.example.intents for sample in samples])
    scored, chosen = [], []
    for number, sample in enumerate(samples):
        evidence = _reduced(sample, number)
        signals = intent_signals(evidence)
        scores = {code: {"score": linear(weights, row), "none": 0.0} for code, row in signals.items()}
        nothing = no_intent(evidence, signals)
        scored.append({NONE: {"score": linear(weights, nothing), "none": 1.0}, **scores})
        meant = [code for code in sample.example.intents if code in signals]
        chosen.append(meant or [NONE])
    scale = fit_conditional(scored, chosen)
    return {name: scale["score"] * weight for name, weight in weights.items()} | {
        "none": scale["none"],
        "exact": WORD_FOR_WORD,
    }


def _reduced(sample: Sample, number: int, every: int = OUTSIDE) -> Evidence:
    if number % every:
        return sample.evidence
    others = [each for each in sample.evidence.candidates if each.entry.intent not in sample.example.intents]
    return replace(sample.evidence, candidates=others)


def _fit_reply(samples: Sequence[Sample], calibration: Calibration) -> Weights:
    """Dialogs count as much here as elsewhere: utterances are harder than what a shop meets, written to be so, and
    with every example counting once confidences came out too low by 4 to 6 points."""
    every = [UNCOVERED_BEGUN if s.evidence.begun else UNCOVERED for s in samples]
    mixed = [Sample(s.example, _reduced(s, number, every[number])) for number, s in enumerate(samples)]
    return fit_logistic(*reply_rows(mixed, calibration))


def reply_rows(samples: Sequence[Sample], calibration: Calibration) -> tuple[list[dict[str, float]], list[bool]]:
    """The signals of the likeliest candidates of every sample, and whether they are about what was asked."""
    rows, labels = [], []
    for sample in samples:
        p = probabilities_of(sample.evidence, calibration)
        asked = [each for each in sample.evidence.candidates if intents()[each.entry.intent].voice == "buyer"]
        signals = reply_signals(asked, p, begun=sample.evidence.begun)
        likely = sorted(zip(asked, signals, strict=True), key=lambda pair: -pair[1][0])[:SHOWN]
        rows += [dict(zip(SIGNALS, row, strict=True)) for _, row in likely]
        labels += [each.entry.intent in sample.example.intents for each, _ in likely]
    return rows, labels


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
        chosen.append([entry.id])
    return fit_conditional(choices, chosen)


def _fit_feelings(samples: Sequence[Sample], calibration: Calibration) -> dict[str, object]:
    known = [s for s in samples if s.example.tells_feelings]
    pairs = [(probabilities_of(sample.evidence, calibration), sample.evidence) for sample in known]
    complaint = fit_logistic(
        [complaint_signals(p, seen, calibration) for p, seen in pairs], [s.example.complaint is True for s in known]
    )
    emotion = fit_multinomial([emotion_signals(seen) for _, seen in pairs], [str(s.example.emotion) for s in known])
    fitted = calibration.model_copy(update={"complaint": complaint})
    odds = [complaint_probability(p, seen, fitted) for p, seen in pairs]
    threshold = best_threshold(odds, [s.example.complaint is True for s in known])
    return {"complaint": complaint, "emotion": emotion, "complaint_from": threshold}


def _judge(samples: Sequence[Sample], calibration: Calibration) -> dict[str, object]:
    """The threshold of silence, and what the calibration achieves on the examples it was fitted on."""
    known = {each.entry.intent for sample in samples for each in sample.evidence.candidates} - {CHITCHAT}
    probabilities = [probabilities_of(sample.evidence, calibration) for sample in samples]
    in_scope = sorted(
        answerable(p) for p, sample in zip(probabilities, samples, strict=True) if sample.example.intents[0] in known
    )
    ranked = [
        rank(s.evidence.candidates, p, calibration, begun=s.evidence.begun)
        for s, p in zip(samples, probabilities, strict=True)
    ]
    topics = [list(dict.fromkeys(each.entry.intent for each in found)) for found in ranked]
    wanted = [set(sample.example.intents) for sample in samples]
    first = [bool(codes & set(found[:1])) for codes, found in zip(wanted, topics, strict=True)]
    within = [bool(codes & set(found[:3])) for codes, found in zip(wanted, topics, strict=True)]
    confidence = [found[0].confidence if found else 0.0 for found in ranked]
    return {
        "abstain_below": round(in_scope[int(len(in_scope) * (1 - COVERAGE))], 4),
        "fitted_on": {
            "examples": len(samples),
            "intent_first": round(sum(first) / len(samples), 4),
            "intent_within_three": round(sum(within) / len(samples), 4),
            "calibration_error": round(expected_calibration_error(confidence, first), 4),
            "coverage": COVERAGE,
        },
    }
