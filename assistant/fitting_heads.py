"""Fitting the heads on our utterances and the knowledge's phrasings, and their opinion of what they did not see."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from knowledge.snapshot import Snapshot
from models.heads import Heads, Opinion
from models.intents import intents
from models.training.fits import fit_head, held_out_head
from models.training.utterances import Utterance

Vectors = NDArray[np.float32]
MOST_PHRASINGS = 20_000  # of a large shop; more would cost minutes


def fit_heads(snapshot: Snapshot, samples: Sequence[Utterance], vectors: Vectors) -> tuple[Heads, list[Opinion]]:
    """The heads on all samples (`vectors`: one row each), and for each sample what heads without it say of it."""
    more, more_labels = _phrasings(snapshot)
    wanted = [sample.intent for sample in samples]
    complaint = [str(sample.complaint or 0) for sample in samples]
    emotion = [sample.emotion or "neutral" for sample in samples]
    nothing = vectors[:0]
    heads = Heads(
        intent=fit_head(np.vstack([vectors, more]), [*wanted, *more_labels]),
        complaint=fit_head(vectors, complaint),
        emotion=fit_head(vectors, emotion),
    )
    columns = (
        held_out_head(vectors, wanted, more, more_labels),
        held_out_head(vectors, complaint, nothing, []),
        held_out_head(vectors, emotion, nothing, []),
    )
    return heads, [Opinion(*opinions) for opinions in zip(*columns, strict=True)]


def _phrasings(snapshot: Snapshot) -> tuple[Vectors, list[str]]:
    """Vectors and intents of what buyers may ask, as it stands in the index; every n-th of very many."""
    rows: list[Vectors] = []
    labels: list[str] = []
    for entry_id, slot in sorted(snapshot.roster.slots.items()):
        intent = snapshot.entries[entry_id].intent
        if intents()[intent].voice == "buyer":
            found = snapshot.phrasings.vectors(slot)
            rows.append(found)
            labels += [intent] * len(found)
    step = 1 + len(labels) // MOST_PHRASINGS
    return np.vstack(rows)[::step] if rows else np.zeros((0, snapshot.phrasings.dim), np.float32), labels[::step]
