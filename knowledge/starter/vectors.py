"""Vectors of the starter texts, kept with them so that a first start takes seconds; made by the shipped encoder.

Derived data, no truth of its own: a text that is not in the file, or an encoder that did not make it, is embedded as
ever. `python -m knowledge.starter.vectors` makes the file anew after the starter knowledge changed much.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import numpy as np
from rich.progress import Progress

from knowledge.index_rows import SIDES, Prepared, embed
from knowledge.snapshot import Snapshot
from knowledge.starter import starter_changes
from models.encoder import load_encoder

FILE = "vectors.npz"


def starter_vectors(encoder_id: str) -> Prepared:
    """Unit vectors (dim,) by side and digest of the text; none when another encoder made the file.

    They are stored as 8-bit integers, which moves a cosine by less than 0.001.
    """
    path = files("knowledge.starter").joinpath(FILE)
    if not path.is_file():
        return {}
    with path.open("rb") as stream, np.load(stream) as stored:
        if str(stored["encoder_id"]) != encoder_id:
            return {}
        vectors = stored["vectors"].astype(np.float32)
        sides, digests = stored["sides"].tolist(), stored["digests"].tolist()
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    keys = zip((SIDES[side] for side in sides), digests, strict=True)
    return dict(zip(keys, vectors, strict=True))


def write_starter_vectors(path: Path) -> int:
    """Embed every starter text with the shipped encoder; returns how many."""
    encoder = load_encoder()
    texts = Snapshot.empty(encoder).unembedded(starter_changes().drafts)
    with Progress() as progress:
        task = progress.add_task("embedding", total=len(texts))
        found = embed(encoder, texts, lambda done, _: progress.update(task, completed=done))
    keys, vectors = list(found), np.array(list(found.values()))
    np.savez_compressed(
        path,
        encoder_id=encoder.id,
        sides=np.array([SIDES.index(side) for side, _ in keys], np.uint8),
        digests=np.array([digest for _, digest in keys], np.uint64),
        vectors=np.round(vectors / np.abs(vectors).max(axis=1, keepdims=True) * 127).astype(np.int8),
    )
    return len(keys)


if __name__ == "__main__":
    write_starter_vectors(Path(__file__).parent / FILE)
