"""Differences inside texts: both texts can be read off them, and what stayed is shown as having stayed."""

from __future__ import annotations

from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.text_diff import Segment, text_diff

texts = st.text("亲48小时内发货 a,", max_size=40)


@given(texts, texts)
def test_both_texts_are_read_off_the_pieces(before: str, after: str) -> None:
    segments = text_diff(before, after)
    assert "".join(each.text for each in segments if each.op != "insert") == before
    assert "".join(each.text for each in segments if each.op != "delete") == after
    assert all(each.text for each in segments)


@given(texts)
def test_the_same_text_is_one_piece(text: str) -> None:
    assert text_diff(text, text) == ((Segment("equal", text),) if text else ())


@pytest.mark.parametrize(
    ("before", "after", "pieces"),
    [
        ("明天发货", "今天发货", ["-明", "+今", "=天发货"]),
        ("亲，今天发", "亲，今天下午发哦", ["=亲，今天", "+下午", "=发", "+哦"]),
        ("", "新的话", ["+新的话"]),
        ("旧的话", "", ["-旧的话"]),
    ],
)
def test_what_changed_is_told_apart_from_what_stayed(before: str, after: str, pieces: list[str]) -> None:
    signs = {"equal": "=", "insert": "+", "delete": "-"}
    assert [signs[each.op] + each.text for each in text_diff(before, after)] == pieces


def test_the_longest_texts_are_compared_in_no_time() -> None:
    start = perf_counter()
    segments = text_diff("啊呀" * 1000, "呀啊" * 999)
    assert perf_counter() - start < 1
    assert {each.op for each in segments} >= {"delete", "insert"}
