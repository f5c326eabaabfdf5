"""The material of an appeal: the order's own dates and what the agent has offered."""

from __future__ import annotations

from datetime import datetime

from assistant.appeal import NOTHING_OFFERED, offered, timeline
from assistant.request import Message
from assistant.step_table import step_table
from knowledge.context import Order

NOW = datetime.fromisoformat("2026-11-21T10:01:00+08:00")


def test_the_timeline_holds_the_orders_dates_by_the_shops_clock() -> None:
    order = Order.model_validate(
        {
            "delivered_at": "2026-11-21T01:30:00Z",
            "paid_at": "2026-11-18T09:12:00+08:00",
            "shipped_at": "2026-11-18T17:00:00+08:00",
            "carrier": "中通",
            "tracking_no": "7310",
        }
    )
    assert timeline(order, NOW) == (
        "11-18 09:12 付款；11-18 17:00 发货（中通 7310）；11-21 09:30 签收；11-21 10:01 买家留言"
    )


def test_without_an_order_only_the_message_is_dated() -> None:
    assert timeline(None, NOW) == "11-21 10:01 买家留言"


def test_the_agents_remedies_are_quoted() -> None:
    messages = [
        Message(role="buyer", text="给我退款"),
        Message(role="agent", text="非常抱歉。这边可以为您换新，运费由我们承担。"),
    ]
    assert offered(messages, step_table().solutions) == "这边可以为您换新，运费由我们承担"
    assert offered(messages[:1], step_table().solutions) == NOTHING_OFFERED
