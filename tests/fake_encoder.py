"""A deterministic encoder for tests: bags of characters, so that texts with the same characters are alike."""

from __future__ import annotations

from collections.abc import Sequence
from zlib import crc32

import numpy as np
from numpy.typing import NDArray


class FakeEncoder:
    """Keeps the `Encoder` protocol; `encoded` lists every text it was given."""

    def __init__(self, encoder_id: str = "fake", dim: int = 32) -> None:
        self.id, self.dim = encoder_id, dim
        self.encoded: list[str] = []

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit rows (len(texts), dim)."""
        self.encoded += texts
        vectors = np.zeros((len(texts), self.dim), np.float32)
        for row, text in enumerate(texts):
            vectors[row, 0] = 0.1  # so that no text is without direction
            for character in text:
                vectors[row] += np.random.default_rng(crc32(character.encode())).normal(size=self.dim)
        unit: NDArray[np.float32] = vectors / np.linalg.norm(vectors, axis=1, keepdims=True).clip(1e-9)
        return unit

    encode_documents = encode_queries
