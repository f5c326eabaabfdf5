"""Examples: our utterances as the suggester reads them, with all that is known of them."""

from __future__ import annotations

import pytest

from assistant.conversation import read_conversation
from assistant.examples import Example, messages_of, own_examples
from assistant.request import Message
from models.cues import EMOTIONS
from models.intents import intents
from models.training.utterances import Utterance, utterances


def utterance(text: str, *context: str) -> Utterance:
    return Utterance("pre.size", context, text, 0, "neutral")


def spoken(one: Utterance) -> list[tuple[str, str]]:
    return [(message.role, message.text) for message in messages_of(one)]


def example(complaint: bool | None, emotion: str | None) -> Example:
    return Example(read_conversation([Message(role="buyer", text="在吗")]), ("flow.greeting",), complaint, emotion)


def test_the_lines_before_are_said_by_whom_they_name() -> None:
    assert spoken(utterance("那黑色呢", "买家: 白色有货吗", "客服: 有的: 亲", "买家:好")) == [
        ("buyer", "白色有货吗"),
        ("agent", "有的: 亲"),
        ("buyer", "好"),
        ("buyer", "那黑色呢"),
    ]


def test_messages_sent_in_a_row_are_parted() -> None:
    assert spoken(utterance("在吗 / 160穿啥码 / 急")) == [("buyer", "在吗"), ("buyer", "160穿啥码"), ("buyer", "急")]
    assert spoken(utterance("s/m都行")) == [("buyer", "s/m都行")]


def test_every_utterance_is_an_example_in_its_place() -> None:
    assert len(own_examples()) == len(utterances())
    for one, source in zip(own_examples()[::97], utterances()[::97], strict=True):
        assert one.intents == (source.intent, *source.also)
        assert one.complaint == (None if source.complaint is None else bool(source.complaint))
        assert (one.emotion, one.state, one.kept_back) == (source.emotion, source.order, source.kept_back)
        assert one.conversation == read_conversation(messages_of(source))
        assert not one.from_dialog


def test_examples_are_read_once() -> None:
    assert own_examples() is own_examples()


def test_every_example_has_something_to_search_with() -> None:
    assert [each.intents for each in own_examples() if not each.text] == []
    assert {code for each in own_examples() for code in each.intents} <= intents().keys()


def test_what_is_read_with_the_lines_before_is_there_where_there_are_lines() -> None:
    pairs = zip(own_examples(), utterances(), strict=True)
    wrong = [source for one, source in pairs if (one.conversation.in_context != one.text) != bool(source.context)]
    # A line before that is the buyer's own belongs to the turn.
    assert [source for source in wrong if any(line.startswith("客服") for line in source.context)] == []


@pytest.mark.parametrize("emotion", EMOTIONS)
def test_feelings_are_known_where_complaint_and_emotion_both_are(emotion: str) -> None:
    known = [example(True, emotion), example(False, emotion)]
    unknown = [example(None, emotion), example(True, None), example(True, "bored")]
    assert [each for each in (*known, *unknown) if each.tells_feelings] == known
