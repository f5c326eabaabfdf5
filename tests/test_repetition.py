"""Repetition: a reply sent before is known again, also with a word or two changed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.repetition import was_said, without_vocative

SENT = "亲，这款面料是棉68%，手感偏软，贴身穿不扎哦。"


@pytest.mark.parametrize(
    "text",
    [SENT, "这款面料是棉68%，手感偏软，贴身穿不扎哦。", "亲亲，这款的面料是棉68%，手感偏软，贴身穿不扎呢。"],
)
def test_the_same_reply_is_known_again(text: str) -> None:
    assert was_said(text, ["在的亲", SENT])


@pytest.mark.parametrize(
    "text", ["亲，这款面料是涤纶，手感偏硬，洗了不容易皱。", "", "亲，", "好的亲，有需要随时叫我。"]
)
def test_another_reply_is_not(text: str) -> None:
    assert not was_said(text, [SENT])


def test_nothing_was_said_in_a_new_conversation() -> None:
    assert not was_said(SENT, [])


@given(st.text("亲这款面料是棉的手感软硬", min_size=3), st.text("，。好的请稍等", max_size=10))
def test_what_stands_in_a_message_was_said(text: str, around: str) -> None:
    assert was_said(text, [around + text + around]) or not without_vocative(text)


def test_only_the_greeting_at_the_head_goes() -> None:
    assert without_vocative("亲，您好亲，在的") == "您好亲，在的"
