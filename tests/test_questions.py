"""Several questions in one turn: where each begins and ends."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.questions import MAX_QUESTIONS, questions_of


@pytest.mark.parametrize(
    ("lines", "questions"),
    [
        (["160 100斤 穿什么码 发什么快递"], ("160,100斤,穿什么码", "发什么快递")),
        (["黑色l码还有吗", "今天能发吗"], ("黑色l码还有吗", "今天能发吗")),
        (["是正品吗?包邮吗?几天到"], ("是正品吗?", "包邮吗?", "几天到")),
        (["这个多少钱,有券吗,我等你"], ("这个多少钱", "有券吗,我等你")),
    ],
)
def test_each_question_takes_what_is_said_before_it(lines: list[str], questions: tuple[str, ...]) -> None:
    assert questions_of(lines) == questions


@pytest.mark.parametrize("lines", [["在吗"], ["刚收到的裙子", "腋下破了个洞!"], ["穿什么码"], [], [""], ["...", "?"]])
def test_a_turn_with_one_question_or_none_is_not_cut(lines: list[str]) -> None:
    assert questions_of(lines) == ()


@given(st.lists(st.text("吗多少你好，,。?! 啥几abc123"), max_size=6))
def test_questions_lose_nothing_but_marks_and_keep_the_order(lines: list[str]) -> None:
    def letters(text: str) -> str:
        return "".join(each for each in text if each.isalnum())

    questions = questions_of(lines)
    assert len(questions) in (0, *range(2, MAX_QUESTIONS + 1))
    assert letters("".join(lines)).endswith(letters("".join(questions)))
