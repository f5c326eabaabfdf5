"""Turns with their vectors: every text of a batch is encoded once, and each vector is that of its own text."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from assistant.conversation import Conversation, read_conversation
from assistant.request import Message
from assistant.turns import encode_turns
from models.encoder import Encoder
from tests.counting_encoder import CountingEncoder

TALK = [
    ("buyer", "穿什么码合适"),
    ("agent", "亲，身高体重发我看看"),
    ("buyer", "我160高100斤"),
    ("agent", "建议M码"),
    ("buyer", "是什么料子的，发什么快递"),
]


def conversation(*spoken: tuple[str, str], remembered: int = 1) -> Conversation:
    messages = [Message.model_validate({"role": role, "text": text}) for role, text in spoken]
    return read_conversation(messages, remembered)


def test_each_vector_is_that_of_its_own_text(encoder: Encoder) -> None:
    batch = [conversation(("buyer", "在吗")), conversation(*TALK, remembered=2), conversation(*TALK[:3])]
    assert len(batch[1].questions) == len(batch[1].before) == len(batch[1].clauses) == 2

    def check(found: np.ndarray[tuple[int, ...], np.dtype[np.float32]], texts: Sequence[str]) -> None:
        assert found == pytest.approx(encoder.encode_queries(list(texts)), abs=1e-5)

    for turn, read in zip(encode_turns(batch, encoder), batch, strict=True):
        assert turn.conversation is read
        check(turn.vector[None], [read.query])
        check(turn.in_context[None], [read.in_context])
        assert [each.text for each in turn.questions] == list(read.questions)
        if read.before:
            check(turn.before, read.before)
        if turn.conversation.clauses:
            check(turn.clauses, read.clauses)
        if turn.questions:
            check(np.array([each.vector for each in turn.questions]), read.questions)


def test_what_came_before_changes_the_vector_in_context_alone(encoder: Encoder) -> None:
    alone, later = encode_turns(
        [conversation(("buyer", "多少钱")), conversation(*TALK[:4], ("buyer", "多少钱"))], encoder
    )
    assert alone.vector == pytest.approx(later.vector, abs=1e-5)
    assert np.abs(alone.in_context - later.in_context).max() > 0.01


def test_a_turn_with_nothing_before_it_is_encoded_once() -> None:
    counting = CountingEncoder()
    [turn] = encode_turns([conversation(("buyer", "在吗"))], counting)
    assert counting.encoded == ["在吗"]
    np.testing.assert_array_equal(turn.vector, turn.in_context)
    assert turn.before.shape == (0, counting.dim)
    assert (turn.query.text, turn.questions) == ("在吗", ())


def test_no_conversations_have_no_turns(encoder: Encoder) -> None:
    assert encode_turns([], encoder) == []
