"""Turns with their vectors: one pass of the encoder over all the texts of a batch of conversations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, pairwise

import numpy as np
from numpy.typing import NDArray

from assistant.conversation import Conversation
from knowledge.retriever import Query
from models.encoder import Encoder

Vectors = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Turn:
    """A conversation and the vectors of its texts: the query (dim,), earlier turns and single questions (n, dim)."""

    conversation: Conversation
    vector: Vectors
    before: Vectors
    questions: tuple[Query, ...]

    @property
    def query(self) -> Query:
        """What to search with."""
        return Query(self.conversation.query, self.vector)

    @property
    def previous(self) -> Vectors | None:
        """The vector of the buyer's turn before this one."""
        return self.before[0] if len(self.before) else None


def encode_turns(conversations: Sequence[Conversation], encoder: Encoder) -> list[Turn]:
    """The conversations with their vectors, in order."""
    texts = [(each.query, *each.before, *each.questions) for each in conversations]
    vectors = encoder.encode_queries(list(chain.from_iterable(texts)))
    bounds = pairwise(accumulate(map(len, texts), initial=0))
    return [_turn(one, vectors[start:end]) for one, (start, end) in zip(conversations, bounds, strict=True)]


def _turn(conversation: Conversation, vectors: Vectors) -> Turn:
    first = 1 + len(conversation.before)
    questions = zip(conversation.questions, vectors[first:], strict=True)
    return Turn(conversation, vectors[0], vectors[1:first], tuple(Query(text, vector) for text, vector in questions))
