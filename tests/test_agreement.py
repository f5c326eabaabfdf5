"""Two answers to one question: the same in other words, or one against the other."""

from __future__ import annotations

import re
from typing import Any

import pytest

from knowledge.agreement import Said, disagreement
from knowledge.conditions import compatible, holds
from knowledge.entries import Answer
from tests.counting_encoder import shipped

STATES: tuple[object, ...] = ("paid", "unpaid", "shipped", 7, True)


def said(text: str, **when: Any) -> Said:
    answer = Answer(text=text, when={key.replace("_", ".", 1): value for key, value in when.items()})
    return Said(answer, shipped().encode_documents([text])[0])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("亲，我们会在48小时内为您发出哦。", "亲，付款后48小时内就给您发货啦，请放心~"),
        ("亲，可以开电子发票的，订单完成后在订单页申请即可。", "亲，支持开票，收货后在订单里申请电子发票就行。"),
        ("亲，两天内发货。", "亲，2天内发货。"),
        ("亲，四十八小时内发货。", "亲，48小时内发货。"),
        ("亲，满一百二十元包邮。", "亲，满120元包邮。"),
        ("亲，这款是纯棉的，柔软透气。", "亲，这款成分为100%棉，穿着透气舒服。"),
        ("亲，没有问题，可以开发票的。", "亲，可以开发票的，没有问题。"),
        ("單號是{运单号}", "单号是{运单号}"),
    ],
)
def test_other_words_for_the_same_are_no_contradiction(one: str, other: str) -> None:
    assert disagreement([said(one)], [said(other)]) is None


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        ("亲，我们会在48小时内为您发出哦。", "亲，我们会在72小时内为您发出哦。", "48.*72"),
        ("亲，三天内发货。", "亲，五天内发货。", "3.*5"),
        ("亲，可以开发票。", "亲，不能开发票哦。", "否定"),
        ("亲，这款是纯棉的，柔软透气。", "亲，面料是聚酯纤维的哦。", "不是一回事"),
    ],
)
def test_another_number_a_denial_or_another_matter_is_one(one: str, other: str, reason: str) -> None:
    assert disagreement([said(one)], [said(other)]) == disagreement([said(one)], [said(other), said(other)])
    found = disagreement([said(one)], [said(other)])
    assert found is not None
    assert re.search(reason, found)


def test_answers_for_different_cases_do_not_contradict_each_other() -> None:
    ours, theirs = said("亲，48小时内发货。", order_state=["paid"]), said("亲，已经发货啦。", order_state=["shipped"])
    assert disagreement([ours], [theirs]) is None
    assert disagreement([ours], [theirs, said("亲，72小时内发货。")]) is not None


def test_one_of_their_answers_that_agrees_is_enough() -> None:
    theirs = [said("亲，72小时内发货。"), said("亲，48小时内发货。")]
    assert disagreement([said("亲，48小时内为您发货哦。")], theirs) is None


@pytest.mark.parametrize(
    ("some", "others", "together"),
    [
        (["paid"], ["paid", "unpaid"], True),
        (["paid"], ["shipped"], False),
        (["*"], ["shipped"], True),
        (["*"], ["*"], True),
        (["*"], [None], False),
        ([None], [None, "paid"], True),
        ([7], [7.0], True),
        ([True], ["true"], True),
        ([], ["paid"], False),
    ],
)
def test_conditions_go_together_when_a_value_meets_both(some: list[Any], others: list[Any], together: bool) -> None:
    one, other = (Answer(text="好", when={"order.state": tuple(each)}) for each in (some, others))
    assert compatible(one, other) is compatible(other, one) is together
    values: list[dict[str, object]] = [{}, *({"order.state": value} for value in STATES)]
    assert together is any(holds(one, facts) and holds(other, facts) for facts in values)
    assert compatible(one, Answer(text="好", when={"item.title": ("a",)})) is True
