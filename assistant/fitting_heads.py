"""Fitting the heads on examples and the knowledge's phrasings, and their opinion of what they did not see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.examples import Example
from knowledge.snapshot import Snapshot
from models.cues import EMOTIONS
from models.encoder import Encoder
from models.heads import Head, Heads, Opinions, Panel
from models.intents import intents
from models.neighbours import Neighbours
from models.text import normalise
from models.training.fits import HEAD_C, HEAD_ROUNDS, Features, fit_head
from models.words import matrix, rarity

Vectors = NDArray[np.float32]
MOST_PHRASINGS = 20_000  # of a large shop; more would cost minutes
# Of the heads on words: the penalty is weighed against longer rows than a vector, and fewer rounds are enough.
WORDS_C, WORDS_ROUNDS = 10.0, 50


@dataclass(frozen=True, eq=False)
class Encoded:
    """Examples with the vectors (n, dim) of their turns, and of these with what came before.

    `clauses` (n arrays) are the vectors of the clauses of those kept back: heads learn from whole turns, and only what
    they have not seen is read by them.
    """

    examples: Sequence[Example]
    vectors: Vectors
    in_context: Vectors
    clauses: Sequence[Vectors]

    @classmethod
    def by(cls, encoder: Encoder, examples: Sequence[Example]) -> Encoded:
        """Encode the examples; what is said twice is encoded once."""
        turns = [(each.conversation.query, each.conversation.in_context) for each in examples]
        clauses = [each.conversation.clauses if each.kept_back else () for each in examples]
        every = dict.fromkeys(text for each in (*turns, *clauses) for text in each)
        texts = {text: row for row, text in enumerate(every)}
        vectors = encoder.encode_queries(list(texts))
        return cls(
            examples,
            vectors[[texts[t] for t, _ in turns]],
            vectors[[texts[c] for _, c in turns]],
            [vectors[[texts[text] for text in each]] for each in clauses],
        )

    def only(self, rows: Sequence[int]) -> Encoded:
        """Some of the rows."""
        rows = list(rows)
        examples, clauses = [self.examples[row] for row in rows], [self.clauses[row] for row in rows]
        return Encoded(examples, self.vectors[rows], self.in_context[rows], clauses)


def fit_heads(snapshot: Snapshot, encoded: Encoded) -> tuple[Heads, list[Opinions]]:
    """The heads on all examples, and what heads without those kept back say of these."""
    kept = [row for row, each in enumerate(encoded.examples) if each.kept_back]
    others = [row for row, each in enumerate(encoded.examples) if not each.kept_back]
    phrasings = _phrasings(snapshot)
    without = _heads(encoded.only(others), phrasings)
    return _heads(encoded, phrasings), read_all(without, encoded.only(kept))


def read_all(heads: Heads, encoded: Encoded) -> list[Opinions]:
    """What the heads say of every example; all must be kept back."""
    return [_read(heads, encoded, row) for row in range(len(encoded.examples))]


def _read(heads: Heads, encoded: Encoded, row: int) -> Opinions:
    said = encoded.examples[row].conversation
    clauses = list(zip(encoded.clauses[row], said.clauses, strict=True))
    return heads.read(encoded.vectors[row], encoded.in_context[row], said.worded, clauses)


def _heads(encoded: Encoded, phrasings: tuple[Vectors, list[str], list[str]]) -> Heads:
    vectors, texts, labels = phrasings
    known = [each.conversation.worded for each in encoded.examples]
    rare = rarity([*known, *texts])
    return Heads(
        message=_panel(encoded.examples, encoded.vectors, np.vstack([encoded.vectors, vectors]), labels),
        conversation=_panel(encoded.examples, encoded.in_context, np.vstack([encoded.in_context, vectors]), labels),
        words=_panel(encoded.examples, matrix(known, rare), matrix([*known, *texts], rare), labels, on_words=True),
        neighbours=Neighbours.of(encoded.in_context, answers_of(encoded.examples)),
        rarity=rare,
    )


def answers_of(examples: Sequence[Example]) -> dict[str, list[str | None]]:
    """The labels of the examples for each question that heads and neighbours are asked; None what is not known."""
    return {
        "intent": [each.intents[0] for each in examples],
        "complaint": [None if each.complaint is None else str(int(each.complaint)) for each in examples],
        "emotion": [each.emotion if each.emotion in EMOTIONS else None for each in examples],
    }


def _panel(
    examples: Sequence[Example], features: Features, with_phrasings: Features, labels: list[str], on_words: bool = False
) -> Panel:
    """Heads on rows of examples; for the intents also on those of the phrasings, whose `labels` follow."""
    c, rounds = (WORDS_C, WORDS_ROUNDS) if on_words else (HEAD_C, HEAD_ROUNDS)

    def fit(rows: Features, wanted: Sequence[str]) -> Head:
        return fit_head(rows, wanted, c, rounds)

    return Panel(
        intent=fit(with_phrasings, [*(each.intents[0] for each in examples), *labels]),
        complaint=fit(features, ["1" if each.complaint else "0" for each in examples]),
        emotion=fit(features, [each.emotion or "neutral" for each in examples]),
    )


def _phrasings(snapshot: Snapshot) -> tuple[Vectors, list[str], list[str]]:
    """Vectors, texts and intents of what buyers may ask, as it stands in the index; every n-th of very many."""
    rows: list[Vectors] = []
    texts: list[str] = []
    labels: list[str] = []
    for entry_id, slot in sorted(snapshot.roster.slots.items()):
        entry = snapshot.entries[entry_id]
        if intents()[entry.intent].voice == "buyer":
            found = snapshot.phrasings.vectors(slot)
            rows.append(found)
            texts += entry.phrasings[: len(found)]
            labels += [entry.intent] * len(found)
    step = 1 + len(labels) // MOST_PHRASINGS
    stacked = np.vstack(rows)[::step] if rows else np.zeros((0, snapshot.phrasings.dim), np.float32)
    return stacked, [normalise(text) for text in texts[::step]], labels[::step]
