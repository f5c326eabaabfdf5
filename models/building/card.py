"""The two files that describe a weights folder: `config.json` for programs, `README.md` (model card) for people."""

import json
from dataclasses import asdict, dataclass
from typing import Any

from models.building.sources import TOKENIZER, WEIGHTS


@dataclass(frozen=True)
class Measured:
    """What the build measured against full precision on the reference sentences."""

    sentences: int
    mean_cosine: float
    least_cosine: float
    pieces: int
    megabytes: float


def config_json(identity: str, dim: int, max_length: int, sha256: dict[str, str], measured: Measured) -> str:
    """What `OnnxEncoder` reads, and where the weights come from."""
    config: dict[str, Any] = {
        "id": identity,
        "dim": dim,
        "max_length": max_length,
        "pad_id": 1,
        "query_prefix": "query: ",
        "document_prefix": "passage: ",
        "sha256": sha256,
        "origin": {"model": "intfloat/multilingual-e5-small", "license": "MIT"},
        "sources": [asdict(WEIGHTS), asdict(TOKENIZER)],
        "measured": asdict(measured),
    }
    return json.dumps(config, ensure_ascii=False, indent=2) + "\n"


UNTUNED = "Nothing was trained here."


def model_card(identity: str, sha256: dict[str, str], measured: Measured, trained_on: str = "") -> str:
    """The model card, in Markdown; `trained_on` says what the weights were tuned on."""
    rebuild = "python -m assistant.train_encoder" if trained_on else "python -m models.build_encoder --output FOLDER"
    checksums = "\n".join(f"| `{name}` | `{digest}` |" for name, digest in sha256.items())
    return f"""---
license: mit
language: [zh, en]
base_model: intfloat/multilingual-e5-small
---
# {identity}

The sentence encoder that Xiaoer ships: multilingual-e5-small
(Wang et al., *Multilingual E5 Text Embeddings: A Technical Report*, 2024), reduced for Chinese shops.

**Use.** Queries are prefixed with `query: `, documents with `passage: `; the graph pools and normalises, so the inner
product of two outputs is their cosine. At most 512 pieces of a text are read.

**Licence.** MIT, as the original: Copyright (c) 2023 intfloat contributors.

**Origin.** The weights are those of `{WEIGHTS.distribution}=={WEIGHTS.version}` (4-bit blocks, Q4_0), the tokenizer is
that of `{TOKENIZER.distribution}=={TOKENIZER.version}`. Both are pinned by checksum in `models/building/sources.py`.

**Data.** Trained by its authors on about a billion weakly supervised multilingual text pairs and fine-tuned on labelled
ones; their report lists them. {trained_on or UNTUNED}

**What was changed.**
- Vocabulary: {measured.pieces:,} of 250,002 pieces. Every piece of Han characters, bopomofo, digits, punctuation and
  emoji was kept, so the vectors of such text are unchanged; of the Latin pieces the frequent ones; of all other scripts
  the single characters. Other languages than Chinese and English are therefore encoded less well than by the original.
- Matrices: signed integers of 7 bits, one scale an output channel, right on processors with and without VNNI.
  Activations: 8 bits, one scale a token, so that a text's vector depends on neither its batch nor the padding.
- Embedding table: the 4-bit blocks of the source as they are.

**Measured** against full precision (the same source in float32 with the whole vocabulary) on {measured.sentences}
sentences (`models/building/reference_sentences.txt`; vectors in `reference.npy`): mean cosine
{measured.mean_cosine:.4f}, least {measured.least_cosine:.4f}. Size of the graph: {measured.megabytes:.1f} MB.

| file | SHA-256 |
|---|---|
{checksums}

**Rebuild.** `pip install 'xiaoer[train]'`, then `{rebuild}`. The graph is the same byte for byte for the same weights;
tuned weights and `reference.npy` may differ in the last bits between processors.
"""
