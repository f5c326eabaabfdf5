"""Adapting: what a shop's own entries and labelled dialogs add to the calibration that is there, in half a minute.

The heads move towards the shop's messages, the weights of the signals towards what they were worth on these; both stay
close to the shipped ones, which have seen far more.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from assistant.conversation import read_conversation
from assistant.evidence import NONE, intent_signals, no_intent
from assistant.examples import Example
from assistant.fitting import Sample, collect_samples, reply_rows
from assistant.fitting_heads import Encoded, answers_of, read_all
from assistant.request import Message
from assistant.understanding import complaint_signals, probabilities_of
from knowledge.snapshot import Snapshot
from models.calibration import Calibration
from models.encoder import Encoder
from models.heads import Head, Heads, Opinions, Panel
from models.intents import intents
from models.training.adapting import adapted
from models.training.fits import Features, fit_conditional, refit_logistic
from models.words import matrix

FOLDS = 5
# How far the heads follow: on three halves of real messages, heads alone, 1 gained 2 points within three, 3 gained
# nothing, and 10 lost 1.
HEAD_C = 1.0
MOST_PHRASINGS = 2_000
RIDGE = 0.01  # on the weights of the signals, each in proportion to its size

Progress = Callable[[int, int], None]


def adapt_calibration(
    calibration: Calibration,
    snapshot: Snapshot,
    encoder: Encoder,
    shop_id: str,
    dialogs: Sequence[Example],
    on_step: Progress,
) -> Calibration:
    """The calibration after the shop's phrasings and its labelled turns (`dialogs`); `on_step` hears (done, steps).

    What the signals were worth is judged by heads that have not seen the turn: one fold of five at a time.
    """
    encoded = Encoded.by(encoder, [*dialogs, *_phrasings(snapshot, shop_id)])
    turns, phrasings = range(len(dialogs)), range(len(dialogs), len(encoded.examples))
    opinions = [Opinions()] * len(dialogs)
    for fold in range(FOLDS if dialogs else 0):
        inside = [row for row in turns if row % FOLDS == fold]
        others = [row for row in turns if row % FOLDS != fold]
        heads = adapt_heads(calibration.heads, encoded.only([*others, *phrasings]))
        for row, opinion in zip(inside, read_all(heads, encoded.only(inside)), strict=True):
            opinions[row] = opinion
        on_step(fold + 1, FOLDS + 2)
    if dialogs:
        seen = encoded.only(turns)
        calibration = _reweighed(
            calibration, collect_samples(snapshot, seen, opinions, calibration.state_odds, shop_id)
        )
    on_step(FOLDS + 1, FOLDS + 2)
    calibration = calibration.model_copy(
        update={
            "heads": adapt_heads(calibration.heads, encoded),
            "fitted_on": {**calibration.fitted_on, "shop_turns": len(dialogs)},
        }
    )
    on_step(FOLDS + 2, FOLDS + 2)
    return calibration


def _phrasings(snapshot: Snapshot, shop_id: str) -> list[Example]:
    """The ways to ask that the shop wrote itself; shared entries are known to the shipped heads."""
    own = [e for e in snapshot.entries.values() if e.shop_id == shop_id and intents()[e.intent].voice == "buyer"]
    texts = [(text, entry.intent) for entry in own for text in entry.phrasings][:MOST_PHRASINGS]
    return [Example(read_conversation([Message(role="buyer", text=text)]), (code,)) for text, code in texts]


def adapt_heads(heads: Heads, encoded: Encoded) -> Heads:
    """All heads after these examples; of labels that are not known a head learns nothing."""
    bags = matrix([each.conversation.worded for each in encoded.examples], heads.rarity)
    return replace(
        heads,
        message=_panel(heads.message, encoded.vectors, encoded.examples),
        conversation=_panel(heads.conversation, encoded.in_context, encoded.examples),
        words=_panel(heads.words, bags, encoded.examples),
        neighbours=heads.neighbours.and_those(encoded.in_context, answers_of(encoded.examples)),
    )


def _panel(panel: Panel, features: Features, examples: Sequence[Example]) -> Panel:
    def after(head: Head, labels: Sequence[str | None]) -> Head:
        known = [row for row, label in enumerate(labels) if label is not None]
        return adapted(head, features[known], [str(labels[row]) for row in known], HEAD_C) if known else head

    answers = answers_of(examples)
    return Panel(**{question: after(head, answers[question]) for question, head in panel.named()})


def _reweighed(calibration: Calibration, samples: Sequence[Sample]) -> Calibration:
    """The weights of the signals after these samples, drawn towards those that are there."""
    choices, chosen = [], []
    for sample in samples:
        signals = intent_signals(sample.evidence)
        nothing = no_intent(sample.evidence, signals)
        alternatives = {**signals, NONE: nothing}
        names = dict.fromkeys(name for row in alternatives.values() for name in row)
        choices.append({code: {name: row.get(name, 0.0) for name in names} for code, row in alternatives.items()})
        chosen.append([code for code in sample.example.intents if code in signals] or [NONE])
    intent = fit_conditional(choices, chosen, RIDGE, calibration.intent)
    # What an editor wrote down word for word is meant, however rarely these messages were.
    calibration = calibration.model_copy(update={"intent": {**intent, "exact": calibration.intent["exact"]}})
    rows, labels = reply_rows(samples, calibration)
    reply = refit_logistic(rows, labels, calibration.reply, RIDGE)
    calibration = calibration.model_copy(update={"reply": reply})
    known = [sample for sample in samples if sample.example.complaint is not None]
    if not known:
        return calibration
    felt = [complaint_signals(probabilities_of(s.evidence, calibration), s.evidence, calibration) for s in known]
    complaint = refit_logistic(felt, [s.example.complaint is True for s in known], calibration.complaint, RIDGE)
    return calibration.model_copy(update={"complaint": complaint})
