"""The context takes what plug-ins really send: parts missing, blanks, numbers as ids, fields of their own."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from knowledge.context import ORDER_STATE_ZH, Context, Order, OrderState
from knowledge.placeholders import fields

STATES = get_args(OrderState)
WHOLE = {
    "now": "2026-11-21T10:01:00+08:00",
    "channel": "wangwang",
    "agent": {"id": "a07", "name": "小美"},
    "buyer": {"nick": "小鱼儿", "member_tier": "gold", "is_returning": True},
    "item": {"item_id": "dress-001", "sku_id": "dress-001-m-blue"},
    "order": {
        "order_id": "202611180001",
        "state": "delivered",
        "amount": 159.0,
        "paid_at": "2026-11-18T09:12:00+08:00",
        "receiver": {"name": "李**", "phone": "138****0000", "address": "杭州市****"},
    },
}


def read(**parts: Any) -> Context:
    return Context.model_validate(parts)


def test_whole_context_is_read() -> None:
    context = Context.model_validate(WHOLE)
    assert context.order is not None
    assert context.order.receiver is not None
    assert (context.order.state, context.order.receiver.name) == ("delivered", "李**")
    assert context.now == datetime(2026, 11, 21, 2, 1, tzinfo=UTC)


@pytest.mark.parametrize("part", ["now", "channel", "agent", "buyer", "item", "order"])
@pytest.mark.parametrize("blank", [None, ""])
def test_every_part_may_be_absent_or_blank(part: str, blank: object) -> None:
    assert getattr(read(**{**WHOLE, part: blank}), part) is None
    assert read() == Context()


@pytest.mark.parametrize("blank", [None, "", "   "])
@pytest.mark.parametrize("field", sorted(Order.model_fields))
def test_blank_order_field_is_absent(field: str, blank: object) -> None:
    order = read(order={"order_id": "1", "state": "paid", field: blank}).order
    assert order is not None
    assert getattr(order, field) is None


def test_blank_flag_of_the_buyer_is_absent() -> None:
    buyer = read(buyer={"nick": " ", "is_returning": ""}).buyer
    assert buyer is not None
    assert (buyer.nick, buyer.is_returning) == (None, None)


def test_numbers_sent_as_ids_are_kept_digit_by_digit() -> None:
    order = read(order={"order_id": 202611180001234567, "tracking_no": 73100000000001}).order
    assert order is not None
    assert (order.order_id, order.tracking_no) == ("202611180001234567", "73100000000001")


def test_fields_of_the_plug_ins_own_are_ignored() -> None:
    assert read(order={"state": "paid", "seller_memo": "x"}, weather="rain") == read(order={"state": "paid"})


@pytest.mark.parametrize(
    "wrong",
    [
        {"order": {"state": "payed"}},
        {"order": {"amount": "一百"}},
        {"order": {"paid_at": "2026-11-18T09:12:00"}},
        {"now": "2026-11-21 10:00"},
        {"now": "yesterday"},
        {"order": []},
        {"buyer": {"is_returning": "maybe"}},
    ],
)
def test_value_that_could_be_misread_is_refused(wrong: dict[str, object]) -> None:
    """A time without its zone is refused as well: a deadline eight hours off would be told to the buyer."""
    with pytest.raises(ValidationError):
        Context.model_validate(wrong)


def test_states_are_those_that_conditions_may_test_and_each_has_its_name() -> None:
    assert fields()["order.state"].values == STATES
    assert tuple(ORDER_STATE_ZH) == STATES
    assert len(set(ORDER_STATE_ZH.values())) == len(STATES)


@given(
    st.builds(
        Order,
        order_id=st.none() | st.text("0123456789", min_size=1),
        state=st.none() | st.sampled_from(STATES),
        amount=st.none() | st.floats(0, 1e6),
        paid_at=st.none() | st.datetimes(datetime(1990, 1, 2), datetime(2100, 1, 1), timezones=st.just(UTC)),
    )
)
def test_context_survives_json(order: Order) -> None:
    context = Context(order=order)
    assert Context.model_validate_json(context.model_dump_json()) == context
