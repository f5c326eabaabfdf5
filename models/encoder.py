"""What an encoder is, and the choice between the shipped one and any other."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

SHIPPED = "shipped"
SHIPPED_FOLDER = Path(__file__).parent / "weights" / "e5-small-zh-q8"


class Encoder(Protocol):
    """Turns text into unit vectors, so that an inner product is a cosine.

    Buyers' messages and knowledge phrasings have a verb each, because retrieval models mark the two sides differently.
    """

    @property
    def id(self) -> str:
        """Identity of model and revision; vectors of encoders with different ids must not be compared."""

    @property
    def dim(self) -> int:
        """Length of a vector."""

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Encode what is searched for: unit rows, shape (len(texts), dim)."""

    def encode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Encode what is searched in: unit rows, shape (len(texts), dim)."""


def load_encoder(name: str = SHIPPED) -> Encoder:
    """Load the shipped encoder, or any sentence-transformers model by its name or folder. Never downloads.

    :raises WeightsDamaged: the shipped files are missing or altered.
    :raises EncoderUnavailable: the named model is not on this machine, or the extra `hub` is not installed.
    """
    # Imported here so that the choice of one encoder never loads the libraries of the other.
    if name == SHIPPED:
        from models.onnx_encoder import OnnxEncoder

        return OnnxEncoder(SHIPPED_FOLDER)
    from models.hub_encoder import SentenceTransformerEncoder

    return SentenceTransformerEncoder(name)
