"""The knowledge base of the bench: the starter knowledge and made entries, in a data folder that a server can open.

To encode every made text would take minutes, so the encoder reads some thousands of them (each asking and answer of
each product) and the rest are composed: what a modifier or a frame adds is a direction, measured on a few products,
and every text gets a little noise of its own. The vectors of queries are always real.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.service.settings import Settings
from eval.bench.made_entries import MadeEntry, Wording, made_entries
from knowledge.base import KnowledgeBase
from knowledge.changes import Changes
from knowledge.index_rows import Prepared, Side, text_rows
from knowledge.starter import starter_changes
from knowledge.starter.vectors import starter_vectors
from knowledge.store import Store
from models.encoder import Encoder
from models.text import normalise

Vectors = NDArray[np.float32]
Encode = Callable[[Sequence[str]], Vectors]
OnEncoded = Callable[[int, int], None]
NOISE = 0.15  # length of a made text's own part; the titles of one topic are then 0.9 alike, as real ones are
SAMPLED, BATCH = 4, 256


@dataclass(frozen=True)
class Corpus:
    """What was built: entries and phrasings in all, how many of the entries were made, texts that were encoded."""

    entries: int
    made: int
    phrasings: int
    encoded: int


def build_corpus(folder: Path, encoder: Encoder, entries: int, on_encoded: OnEncoded) -> Corpus:
    """Fill an empty data folder with `entries` entries, at most half of them from the starter knowledge."""
    settings = Settings(data_dir=folder)
    starter = starter_changes()
    kept = starter.drafts[: entries // 2]
    made = list(made_entries(entries - len(kept)))
    vectors, encoded = _vectors(made, encoder, on_encoded)
    base = KnowledgeBase.open(Store(settings.store_url), encoder, settings.index_dir)
    try:
        changes: Changes = replace(starter, drafts=[*kept, *(each.draft for each in made)])
        base.write(changes, known={**starter_vectors(encoder.id), **vectors})
        return Corpus(entries, len(made), sum(1 + len(draft.questions) for draft in changes.drafts), encoded)
    finally:
        base.close()


def _vectors(made: Sequence[MadeEntry], encoder: Encoder, on_encoded: OnEncoded) -> tuple[Prepared, int]:
    """Vectors by side and digest, and how many texts were encoded for them."""
    sides: tuple[tuple[Side, Encode, list[Wording]], ...] = (
        ("phrasings", encoder.encode_queries, [way for each in made for way in each.phrasings]),
        ("answers", encoder.encode_documents, [each.answer for each in made]),
    )
    vectors: dict[tuple[Side, int], Vectors] = {}
    encoded = 0
    for side, encode, wordings in sides:
        composer = Composer(encode, encoder.dim)
        composed = iter(composer.compose(wordings, on_encoded))
        encoded += composer.encoded
        for each in made:
            count = len(each.phrasings) if side == "phrasings" else 1
            own = [next(composed) for _ in range(count)]
            vectors |= {(side, row.digest): own[row.position] for row in text_rows(each.draft, side)}
    return vectors, encoded


class Composer:
    """Unit vectors of wordings, most of them put together from those of their parts. Deterministic."""

    def __init__(self, encode: Encode, dim: int) -> None:
        self._encode, self._dim = encode, dim
        self._noise = np.random.default_rng(2)
        self.encoded = 0

    def compose(self, wordings: Sequence[Wording], on_encoded: OnEncoded) -> Vectors:
        """A row for each wording (n, dim)."""
        plain = {(way.pattern, way.noun): Wording(way.pattern, way.noun, "") for way in wordings}
        anchors = dict(zip(plain, self._encoded(list(plain.values()), on_encoded), strict=True))
        sample = list(plain.values())[:: max(1, len(plain) // SAMPLED)]
        modified = self._shifts(sample, {way.modifier for way in wordings}, lambda way, m: replace(way, modifier=m))
        framed = self._shifts(sample, {way.frame for way in wordings}, lambda way, f: replace(way, frame=f))
        rows = np.array([anchors[w.pattern, w.noun] + modified[w.modifier] + framed[w.frame] for w in wordings])
        rows += self._noise.normal(0, NOISE / np.sqrt(self._dim), rows.shape)
        unit: Vectors = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
        return unit

    def _shifts(
        self, sample: Sequence[Wording], values: set[str], changed: Callable[[Wording, str], Wording]
    ) -> dict[str, Vectors]:
        """What each value adds to a text, on average over the sample."""
        before = self._encoded(sample)
        return {v: (self._encoded([changed(w, v) for w in sample]) - before).mean(axis=0) for v in sorted(values)}

    def _encoded(self, wordings: Sequence[Wording], on_encoded: OnEncoded | None = None) -> Vectors:
        texts = [normalise(way.text) for way in wordings]
        self.encoded += len(texts)
        found = []
        for start in range(0, len(texts), BATCH):
            found.append(self._encode(texts[start : start + BATCH]))
            if on_encoded:
                on_encoded(min(start + BATCH, len(texts)), len(texts))
        return np.concatenate(found)
