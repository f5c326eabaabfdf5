"""The shipped encoder, noting every text that it is given."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from models.encoder import Encoder, load_encoder


@cache
def shipped() -> Encoder:
    """The shipped encoder, loaded once."""
    return load_encoder("shipped")


class CountingEncoder:
    """Keeps the `Encoder` protocol; `encoded` lists every text it was given.

    With an id of its own it passes for another encoder, with fewer dimensions it gives the first of each vector.
    """

    def __init__(self, encoder_id: str | None = None, dim: int | None = None) -> None:
        self.id, self.dim = encoder_id or shipped().id, dim or shipped().dim
        self.encoded: list[str] = []

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit rows (len(texts), dim)."""
        self.encoded += texts
        return self._cut(shipped().encode_queries(texts))

    def encode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit rows (len(texts), dim)."""
        self.encoded += texts
        return self._cut(shipped().encode_documents(texts))

    def _cut(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        cut = vectors[:, : self.dim]
        unit: NDArray[np.float32] = cut / np.linalg.norm(cut, axis=1, keepdims=True)
        return unit
