"""Fitting the heads on our utterances and the knowledge's phrasings, and their opinion of what they did not see."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from knowledge.snapshot import Snapshot
from models.heads import Heads, Opinion
from models.intents import intents
from models.training.fits import fit_head
from models.training.utterances import Utterance

Vectors = NDArray[np.float32]
MOST_PHRASINGS = 20_000  # of a large shop; more would cost minutes


def fit_heads(
    snapshot: Snapshot, samples: Sequence[Utterance], vectors: Vectors, kept_back: NDArray[np.bool_]
) -> tuple[Heads, list[Opinion]]:
    """The heads on all samples (`vectors`: one row each), and what heads without those kept back say of these."""
    more, more_labels = _phrasings(snapshot)
    columns = {
        "intent": ([sample.intent for sample in samples], more, more_labels),
        "complaint": ([str(sample.complaint or 0) for sample in samples], vectors[:0], []),
        "emotion": ([sample.emotion or "neutral" for sample in samples], vectors[:0], []),
    }
    final, before = {}, {}
    for name, (labels, extra, extra_labels) in columns.items():
        seen = [label for label, kept in zip(labels, kept_back, strict=True) if not kept]
        final[name] = fit_head(np.vstack([vectors, extra]), [*labels, *extra_labels])
        before[name] = fit_head(np.vstack([vectors[~kept_back], extra]), [*seen, *extra_labels])
    without = Heads(**before)
    return Heads(**final), [without.read(vector) for vector in vectors[kept_back]]


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
