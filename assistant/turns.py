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
    """A conversation and the vectors of its texts.

    `vector` (dim,) is that of the query, `in_context` (dim,) that of the query with the lines before it; `before` (n,
    dim) are those of earlier turns of the buyer, `clauses` (n, dim) those of the turn's clauses.
    """

    conversation: Conversation
    vector: Vectors
    in_context: Vectors
    before: Vectors
    questions: tuple[Query, ...]
    clauses: Vectors

    @property
    def query(self) -> Query:
        """What to search with."""
        return Query(self.conversation.query, self.vector)


def encode_turns(conversations: Sequence[Conversation], encoder: Encoder) -> list[Turn]:
    """The conversations with their vectors, in order."""
    texts = [(each.query, *_framed(each), *each.before, *each.questions, *each.clauses) for each in conversations]
    vectors = encoder.encode_queries(list(chain.from_iterable(texts)))
    bounds = pairwise(accumulate(map(len, texts), initial=0))
    return [_turn(one, vectors[start:end]) for one, (start, end) in zip(conversations, bounds, strict=True)]


def _turn(conversation: Conversation, vectors: Vectors) -> Turn:
    framed = len(_framed(conversation))
    first = 1 + framed + len(conversation.before)
    asked = first + len(conversation.questions)
    questions = zip(conversation.questions, vectors[first:asked], strict=True)
    return Turn(
        conversation,
        vectors[0],
        vectors[framed],
        vectors[1 + framed : first],
        tuple(Query(text, vector) for text, vector in questions),
        vectors[asked:],
    )


def _framed(conversation: Conversation) -> tuple[str, ...]:
    """The query with the lines before it, where there are any: without them it would be encoded twice."""
    return () if conversation.in_context == conversation.query else (conversation.in_context,)
