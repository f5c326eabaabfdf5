"""A collection as a snapshot of knowledge, so that the product's own retriever searches it.

A document is an entry whose answers are its text: found by its words and by its vector as a text that answers, with
the encoder's verb for documents. It has no phrasings of a question, because a collection gives none.
"""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import accumulate, pairwise

import numpy as np

from eval.encoding import encoded
from eval.runs import Heard
from knowledge.entries import Answer, Entry
from knowledge.entry_groups import EntryGroups
from knowledge.index_rows import digest
from knowledge.lexical_index import LexicalIndex
from knowledge.retriever import Scope
from knowledge.roster import Roster
from knowledge.snapshot import Snapshot
from knowledge.vector_index import VectorIndex
from knowledge.vector_segment import Rows
from models.encoder import Encoder
from models.text import normalise, tokens

PIECE = 500  # characters; what is longer than the encoder reads is cut into several answers
EVERYBODY = Scope(None, datetime(2026, 6, 1, tzinfo=UTC))


def document_snapshot(documents: dict[str, str], encoder: Encoder, heard: Heard) -> Snapshot:
    """All documents, an entry each, in slots of their order; `heard` hears (done, total) pieces encoded."""
    pieces = [_pieces(normalise(text)) for text in documents.values()]
    flat = [piece for document in pieces for piece in document]
    owners = [slot for slot, document in enumerate(pieces) for _ in document]
    starts = accumulate((len(document) for document in pieces), initial=0)
    positions = [place for first, end in pairwise(starts) for place in range(end - first)]
    rows = [(slot, place, digest(text)) for slot, place, text in zip(owners, positions, flat, strict=True)]
    vectors = encoded(encoder.encode_documents, flat, heard)
    entries = [_entry(slot) for slot in range(len(documents))]
    return Snapshot(
        revision=1,
        encoder_id=encoder.id,
        roster=Roster().updated(entries, ()),
        phrasings=VectorIndex.empty(encoder.dim),
        answers=VectorIndex.build(encoder.dim, Rows.of(rows), np.ascontiguousarray(vectors)),
        lexical=LexicalIndex.build({slot: [tokens("".join(document))] for slot, document in enumerate(pieces)}),
        entries={entry.id: entry for entry in entries},
        groups=EntryGroups().replaced((), entries),
    )


def _pieces(text: str) -> list[str]:
    return [text[start : start + PIECE] for start in range(0, len(text), PIECE)] or [" "]


def _entry(slot: int) -> Entry:
    """What stands for a document in results: its number; its texts are in the indexes."""
    return Entry(
        id=str(slot), version=1, kind="policy", intent="other.unclear", title="文档", answers=(Answer(text="见索引"),)
    )
