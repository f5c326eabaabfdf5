"""An encoder that remembers: the same text is encoded once, however often it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from models.encoder import Encoder

Vectors = NDArray[np.float32]


class RememberedEncoder:
    """Keeps the `Encoder` protocol over another encoder; forgets the oldest texts beyond `most` of each kind."""

    def __init__(self, encoder: Encoder, most: int = 10_000) -> None:
        self._encoder, self._most = encoder, most
        self._queries: dict[str, Vectors] = {}
        self._documents: dict[str, Vectors] = {}

    @property
    def id(self) -> str:
        """The id of the encoder beneath."""
        return self._encoder.id

    @property
    def dim(self) -> int:
        """Length of a vector."""
        return self._encoder.dim

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Unit rows (len(texts), dim)."""
        return self._encode(texts, self._queries, self._encoder.encode_queries)

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        """Unit rows (len(texts), dim)."""
        return self._encode(texts, self._documents, self._encoder.encode_documents)

    def _encode(
        self, texts: Sequence[str], known: dict[str, Vectors], encode: Callable[[Sequence[str]], Vectors]
    ) -> Vectors:
        # Asked once: between a look and a fetch another thread may have forgotten the text.
        vectors = {text: kept for text in dict.fromkeys(texts) if (kept := known.get(text)) is not None}
        new = [text for text in dict.fromkeys(texts) if text not in vectors]
        if new:
            vectors |= dict(zip(new, encode(new), strict=True))
            known.update((text, vectors[text]) for text in new)
            for text in list(known)[: max(0, len(known) - self._most)]:
                known.pop(text, None)  # another thread may have been faster
        return np.stack([vectors[text] for text in texts]) if texts else np.empty((0, self.dim), np.float32)
