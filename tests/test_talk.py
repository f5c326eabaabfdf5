"""Where a conversation stands: the topic before, the stage of the sale, and what may follow."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from assistant.conversation import read_conversation
from assistant.request import Message
from assistant.service.wiring import Parts
from assistant.talk import stage_of, topic_before
from assistant.turns import encode_turns
from knowledge.context import Order
from tests.starter_fixtures import ask
from tests.starter_fixtures import starter_parts as starter_parts

NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)
Spoken = list[tuple[str, str]]


def order(state: str, **fields: object) -> Order:
    return Order.model_validate({"state": state, **fields})


@pytest.mark.parametrize(
    ("topic", "before", "state", "stage"),
    [
        ("flow.greeting", None, None, "welcome"),
        ("flow.greeting", "pre.size", None, None),
        ("pre.size", None, None, "introduce"),
        ("pre.bargain", None, None, "bargain"),
        ("pre.coupon", "pre.size", None, "bargain"),
        ("flow.ack", "pre.size", None, "order"),
        ("flow.ack", None, None, "farewell"),
        ("flow.closing", "after.return", "delivered", "farewell"),
        ("pre.payment", None, "unpaid", "pay"),
        ("order.confirm", None, "paid", "check"),
        ("after.return", None, "delivered", None),
        ("order.track", None, "collected", None),
        (None, None, None, None),
    ],
)
def test_the_stage_follows_from_topic_and_order(
    topic: str | None, before: str | None, state: str | None, stage: str | None
) -> None:
    assert stage_of(topic, before, order(state) if state else None, NOW) == stage


def test_an_order_paid_days_ago_is_not_checked_again() -> None:
    fresh, old = order("paid", paid_at=NOW - timedelta(hours=2)), order("paid", paid_at=NOW - timedelta(days=3))
    assert stage_of("order.urge_ship", None, fresh, NOW) == "check"
    assert stage_of("order.urge_ship", None, old, NOW) is None


@pytest.mark.parametrize(
    ("spoken", "topic"),
    [
        ([("buyer", "能便宜点吗"), ("agent", "已经是活动价了亲"), ("buyer", "哦")], "pre.bargain"),
        (
            [("buyer", "穿什么码合适"), ("agent", "M码"), ("buyer", "好的"), ("agent", "嗯嗯"), ("buyer", "嗯")],
            "pre.size",
        ),
        ([("buyer", "在吗"), ("agent", "在的亲"), ("buyer", "有货吗")], None),
        ([("buyer", "有货吗")], None),
    ],
)
def test_the_newest_topic_of_earlier_turns_is_remembered(
    starter_parts: Parts, spoken: Spoken, topic: str | None
) -> None:
    messages = [Message.model_validate({"role": role, "text": text}) for role, text in spoken]
    [turn] = encode_turns([read_conversation(messages, remembered=3)], starter_parts.suggester.encoder)
    assert topic_before(turn, starter_parts.suggester.calibration.heads) == topic


def test_after_an_answer_a_guide_to_order_is_offered(starter_parts: Parts) -> None:
    phrase = ask(starter_parts, "这裙子是什么料子的", context={"item": {"item_id": "dress-001"}}).next_phrase
    assert phrase is not None
    assert phrase.entry_id in starter_parts.base.snapshot().entries
    assert not set("{}") & set(phrase.text)


def test_after_the_payment_the_address_is_checked(starter_parts: Parts) -> None:
    phrase = ask(starter_parts, "拍好了，什么时候发货", context={"order": {"state": "paid"}}).next_phrase
    assert phrase is not None
    assert phrase.intent == "order.confirm"


def test_a_phrase_that_was_sent_is_not_offered_again(starter_parts: Parts) -> None:
    context = {"item": {"item_id": "dress-001"}}
    first = ask(starter_parts, "这裙子是什么料子的", context=context).next_phrase
    assert first is not None
    again = ask(starter_parts, "什么料子", ("agent", first.text), "会起球吗", context=context).next_phrase
    assert again is None or again.text != first.text


@pytest.mark.parametrize("text", ["收到就是破的，太失望了", "你们就是骗子，我要举报"])
def test_a_buyer_in_trouble_is_sold_nothing(starter_parts: Parts, text: str) -> None:
    assert ask(starter_parts, text, context={"item": {"item_id": "dress-001"}}).next_phrase is None
