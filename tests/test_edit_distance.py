"""The edit distance: as the textbook's table gives it, and quick on the longest texts."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.records.edit_distance import edit_distance

texts = st.text(alphabet="亲在的ab", max_size=12)


def by_table(one: str, other: str) -> int:
    row = list(range(len(other) + 1))
    for number, left in enumerate(one, start=1):
        above, row = row, [number]
        for place, right in enumerate(other, start=1):
            row.append(min(above[place] + 1, row[-1] + 1, above[place - 1] + (left != right)))
    return row[-1]


@given(texts, texts)
def test_it_is_the_distance_of_the_table(one: str, other: str) -> None:
    assert edit_distance(one, other) == by_table(one, other)


@given(st.text(max_size=100), st.text(max_size=100))
def test_it_is_symmetric_and_none_only_for_equal_texts(one: str, other: str) -> None:
    assert edit_distance(one, other) == edit_distance(other, one)
    assert (edit_distance(one, other) == 0) == (one == other)


@pytest.mark.parametrize(
    ("one", "other", "distance"), [("", "", 0), ("", "亲", 1), ("亲在的", "亲，在的", 1), ("今天发", "明天发", 1)]
)
def test_examples(one: str, other: str, distance: int) -> None:
    assert edit_distance(one, other) == distance


def test_long_texts_take_milliseconds() -> None:
    started = time.thread_time()
    assert edit_distance("亲在的" * 700, "在的亲" * 700) == 2
    assert time.thread_time() - started < 0.2
