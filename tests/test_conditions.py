"""Conditions: an answer is used exactly when all of its conditions hold, the most specific one first."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.checks import check_entry
from knowledge.conditions import applicable, holds
from knowledge.entries import Answer, ConditionValue
from tests.entry_examples import draft

FIELDS = ("order.state", "policy.free_shipping", "policy.return_days")


def when(**conditions: ConditionValue | list[ConditionValue]) -> Answer:
    return Answer.model_validate({"text": "好", "when": {k.replace("__", "."): v for k, v in conditions.items()}})


def test_answer_without_conditions_always_holds() -> None:
    assert holds(when(), {})
    assert holds(when(), {"order.state": "paid"})


def test_value_must_be_one_of_those_permitted() -> None:
    answer = when(order__state=["paid", "shipped"])
    assert holds(answer, {"order.state": "paid"})
    assert holds(answer, {"order.state": "shipped"})
    assert not holds(answer, {"order.state": "unpaid"})
    assert not holds(answer, {})


def test_star_asks_for_any_known_value_and_null_for_none() -> None:
    assert holds(when(order__tracking_no="*"), {"order.tracking_no": "731"})
    assert not holds(when(order__tracking_no="*"), {})
    assert holds(when(order__tracking_no=None), {})
    assert not holds(when(order__tracking_no=None), {"order.tracking_no": "731"})
    either = when(order__state=["paid", None])
    assert [holds(either, facts) for facts in ({}, {"order.state": "paid"}, {"order.state": "closed"})] == [
        True,
        True,
        False,
    ]


def test_all_conditions_must_hold() -> None:
    answer = when(order__state="paid", order__overdue="true")
    assert holds(answer, {"order.state": "paid", "order.overdue": True})
    assert not holds(answer, {"order.state": "paid", "order.overdue": False})
    assert not holds(answer, {"order.state": "paid"})


@pytest.mark.parametrize("written", [True, "true", "True", "TRUE"])
def test_truth_may_be_written_as_tables_write_it(written: ConditionValue) -> None:
    answer = when(policy__free_shipping=written)
    assert list(check_entry(draft(answers=[answer.model_dump()]))) == []
    assert holds(answer, {"policy.free_shipping": True})
    assert not holds(answer, {"policy.free_shipping": False})


@pytest.mark.parametrize("written", [7, "7", 7.0])
def test_numbers_are_equal_however_they_are_written(written: ConditionValue) -> None:
    assert holds(when(policy__return_days=written), {"policy.return_days": 7})
    assert not holds(when(policy__return_days=written), {"policy.return_days": 15})


def test_zero_and_false_are_values() -> None:
    assert holds(when(order__days_since_delivery=0), {"order.days_since_delivery": 0})
    assert holds(when(order__days_since_delivery="*"), {"order.days_since_delivery": 0})
    assert holds(when(order__returnable="*"), {"order.returnable": False})
    assert not holds(when(order__days_since_delivery=None), {"order.days_since_delivery": 0})


def test_most_specific_answer_comes_first_and_equals_keep_the_editors_order() -> None:
    answers = (
        Answer(text="everyday"),
        Answer(text="paid", when={"order.state": ("paid",)}),
        Answer(text="paid, kind", when={"order.state": ("paid",)}, tone="亲切"),
        Answer(text="late", when={"order.state": ("paid",), "order.overdue": ("true",)}),
        Answer(text="shipped", when={"order.state": ("shipped",)}),
    )
    facts = {"order.state": "paid", "order.overdue": True}
    assert [answer.text for answer in applicable(answers, facts)] == ["late", "paid", "paid, kind", "everyday"]
    assert [answer.text for answer in applicable(answers, {})] == ["everyday"]
    assert applicable(answers[1:], {}) == []


VALUES = st.sampled_from(["paid", "shipped", "true", "7"])
ANSWERS = st.builds(
    Answer,
    text=st.just("好"),
    when=st.dictionaries(
        st.sampled_from(FIELDS), st.lists(VALUES | st.just("*") | st.none(), max_size=3).map(tuple), max_size=3
    ),
    tone=st.none() | st.sampled_from(["a", "b"]),
)
FACTS = st.dictionaries(st.sampled_from(FIELDS), VALUES)


@given(st.lists(ANSWERS, max_size=5).map(tuple), FACTS)
def test_applicable_agrees_with_the_rule_written_out(answers: tuple[Answer, ...], facts: dict[str, object]) -> None:
    def met(answer: Answer) -> bool:
        return all(
            (None in values) if field not in facts else ("*" in values or facts[field] in values)
            for field, values in answer.when.items()
        )

    found = applicable(answers, facts)
    expected = [
        answer
        for conditions in range(len(FIELDS), -1, -1)
        for answer in answers
        if len(answer.when) == conditions and met(answer)
    ]
    assert found == expected


@given(ANSWERS, FACTS)
def test_facts_that_no_condition_names_change_nothing(answer: Answer, facts: dict[str, object]) -> None:
    assert holds(answer, facts) == holds(answer, {**facts, "buyer.nick": "小鱼儿"})
