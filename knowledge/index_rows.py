"""What of an entry is indexed: which texts, in which form, and how each is recognised again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from hashlib import blake2b
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from knowledge.entries import EntryDraft
from knowledge.placeholders import PLACEHOLDER
from models.encoder import Encoder
from models.text import normalise

Side = Literal["phrasings", "answers"]
Progress = Callable[[int, int], None]
Prepared = Mapping[tuple[Side, int], NDArray[np.float32]]
SIDES: tuple[Side, ...] = ("phrasings", "answers")
BATCH = 256  # progress is told this often; large enough for an encoder to use every core


class TextRow(NamedTuple):
    """One text of an entry as it is matched; `position` counts title and questions, or the answers, from 0."""

    position: int
    digest: int
    text: str


def is_searchable(entry: EntryDraft) -> bool:
    """Whether the entry is found by a message: published, and a reply by itself."""
    return entry.status == "published" and entry.answers_messages


def text_rows(entry: EntryDraft, side: Side) -> list[TextRow]:
    """The entry's phrasings, or its answers without the braces of placeholders; normalised, each text once."""
    if side == "phrasings":
        return _once((entry.title, *entry.questions))
    return _once(PLACEHOLDER.sub(r"\1", answer.text) for answer in entry.answers)


def _once(texts: Iterable[str]) -> list[TextRow]:
    rows: dict[str, TextRow] = {}
    for position, text in enumerate(map(normalise, texts)):
        if text and text not in rows:
            rows[text] = TextRow(position, digest(text), text)
    return list(rows.values())


def digest(text: str) -> int:
    """64 bits that stand for a text; a vector is kept for as long as its text's digest stays."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")


def embed(
    encoder: Encoder, texts: Mapping[tuple[Side, int], str], on_progress: Progress | None = None
) -> dict[tuple[Side, int], NDArray[np.float32]]:
    """Vectors (dim,) of texts by side and digest, in batches; `on_progress` hears (done, total) after each."""
    vectors: dict[tuple[Side, int], NDArray[np.float32]] = {}
    for side, encode in zip(SIDES, (encoder.encode_queries, encoder.encode_documents), strict=True):
        # By length, so that a batch holds little padding.
        keys = sorted((key for key in texts if key[0] == side), key=lambda key: len(texts[key]))
        for start in range(0, len(keys), BATCH):
            batch = keys[start : start + BATCH]
            vectors.update(zip(batch, encode([texts[key] for key in batch]), strict=True))
            if on_progress:
                on_progress(len(vectors), len(texts))
    return vectors
