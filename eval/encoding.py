"""Many texts through an encoder, in batches of like length, with progress."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from eval.runs import Heard

BATCH = 256


def encoded(
    encode: Callable[[Sequence[str]], NDArray[np.float32]], texts: Sequence[str], heard: Heard
) -> NDArray[np.float32]:
    """One unit row for every text, in their order; `encode` is one of an encoder's two verbs."""
    order = sorted(range(len(texts)), key=lambda place: len(texts[place]))  # so that a batch holds little padding
    parts = []
    for start in range(0, len(order), BATCH):
        parts.append(encode([texts[place] for place in order[start : start + BATCH]]))
        heard(min(start + BATCH, len(order)), len(order))
    vectors = np.concatenate(parts) if parts else encode([])
    back = np.empty(len(order), np.int64)
    back[order] = np.arange(len(order))
    found: NDArray[np.float32] = vectors[back]
    return found
