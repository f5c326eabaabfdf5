"""Clauses: the pieces of a turn, each of which may hold the whole grievance."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.clauses import MAX_CLAUSES, SHORTEST, clauses_of


@pytest.mark.parametrize(
    ("lines", "clauses"),
    [
        (["打了三次电话都不接", "就那台烤箱"], ("打了三次电话都不接", "就那台烤箱")),
        (["请快点发货 我等了好久了,谢谢"], ("请快点发货", "我等了好久了")),
        (["真是服了...一共几天能到?"], ("真是服了", "一共几天能到")),
        (["桌子高1.2米的还有吗,之前那张腿断了"], ("桌子高1.2米的还有吗", "之前那张腿断了")),
    ],
)
def test_a_turn_is_cut_at_its_commas_stops_and_lines(lines: list[str], clauses: tuple[str, ...]) -> None:
    assert clauses_of(lines) == clauses


@pytest.mark.parametrize("lines", [["什么时候发货"], ["好的,谢谢"], ["你好,什么时候发货"], ["...", "?"], [""], []])
def test_a_turn_of_one_clause_is_not_cut(lines: list[str]) -> None:
    assert clauses_of(lines) == ()


def test_of_very_many_clauses_the_last_are_kept() -> None:
    lines = [f"第{number}件也坏了" for number in range(10, 40)]
    assert clauses_of(lines) == tuple(lines[-MAX_CLAUSES:])


@given(st.lists(st.text("坏了三天没发,。 .1?!…"), max_size=6))
def test_clauses_are_pieces_of_the_turn_in_order(lines: list[str]) -> None:
    rest = "\n".join(lines)
    for clause in clauses_of(lines):
        assert len(clause) >= SHORTEST
        before, found, rest = rest.partition(clause)
        assert found == clause, (clause, before)
