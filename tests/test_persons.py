"""Whose measurements a turn gives, where it speaks of more than one person."""

from __future__ import annotations

import pytest

from assistant.persons import SELF, Share, bought_for, is_same, shares, turned_to


def test_a_turn_is_cut_at_every_person() -> None:
    assert shares("给我妈买 她158 130斤,我165") == [
        Share(None, "给"), Share("妈", "买 ,158 130斤,"), Share(SELF, "我165"),
    ]  # fmt: skip


def test_a_turn_about_nobody_stays_whole() -> None:
    assert shares("160高100斤穿多大") == [Share(None, "160高100斤穿多大")]


@pytest.mark.parametrize("text", ["我想买一件 158 130斤", "我要165的"])
def test_the_buyer_speaking_is_not_the_buyer_measured(text: str) -> None:
    assert [share.person for share in shares(text)] == [None]


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("给我妈买的", "妈"),
        ("帮闺蜜问一下", "闺蜜"),
        ("我老公穿", "老公"),
        ("我自己穿", SELF),
        ("给女儿买,她自己选", "女儿"),
        ("160高100斤", None),
        ("我妈说好看", None),
    ],
)
def test_for_whom_it_is_bought_is_known_when_the_turn_says_so(text: str, person: str | None) -> None:
    assert bought_for(text) == person


@pytest.mark.parametrize(
    ("text", "person"), [("那我妈呢", "妈"), ("再给我老公买一件", "老公"), ("给我妈买的", None), ("那黑色呢", None)]
)
def test_a_turn_goes_over_to_another_person_only_in_so_many_words(text: str, person: str | None) -> None:
    assert turned_to(text) == person


def test_a_pronoun_is_the_relative_named_before_and_never_the_buyer() -> None:
    assert is_same("她", "妈")
    assert is_same("妈", "妈")
    assert not is_same("她", SELF)
    assert not is_same("老公", "妈")
