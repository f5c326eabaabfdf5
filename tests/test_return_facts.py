"""Facts of a return: decided from item, order and settings; days by the shop's clock."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.return_facts import return_facts
from knowledge.catalogue import ItemFacts
from knowledge.compliance import check_text
from knowledge.context import Order, OrderState
from knowledge.shop_policy import ShopPolicy

CHINA = ZoneInfo("Asia/Shanghai")
DRESS = ItemFacts(category="服饰")
FOOD = ItemFacts(category="食品")
RING = ItemFacts(category="饰品", attributes={"是否定制": "是"})
UNKNOWN = ItemFacts(title="水杯")
SIGNED = "2026-11-21T09:30:00+08:00"


def facts(
    order: dict[str, Any] | None, item: ItemFacts | None = DRESS, now: str = "2026-11-25T10:00:00+08:00", **policy: Any
) -> dict[str, object]:
    local = datetime.fromisoformat(now).astimezone(CHINA)
    known_order = None if order is None else Order.model_validate(order)
    known = return_facts(item, known_order, ShopPolicy.model_validate(policy), local)
    return {path.removeprefix("return."): value for path, value in known.items() if value is not None}


def delivered(state: str = "delivered") -> dict[str, str]:
    return {"state": state, "delivered_at": SIGNED}


@pytest.mark.parametrize("state", ["delivered", "after_sale"])
@pytest.mark.parametrize(
    ("now", "decision", "left"),
    [
        ("2026-11-21T09:31:00+08:00", "yes", 7),
        ("2026-11-28T23:59:59+08:00", "yes", 0),
        ("2026-11-29T00:00:00+08:00", "over", None),
        ("2026-11-28T15:59:59Z", "yes", 0),
        ("2026-11-28T16:00:00Z", "over", None),
    ],
)
def test_the_window_ends_with_its_last_day(state: str, now: str, decision: str, left: int | None) -> None:
    known = facts(delivered(state), now=now)
    assert (known["no_reason"], known.get("days_left"), known["by"]) == (decision, left, "11月28日")


@pytest.mark.parametrize(
    ("order", "item", "decision"),
    [
        (delivered(), DRESS, "yes"),
        (delivered(), FOOD, "unless"),
        (delivered(), RING, "no"),
        (delivered(), UNKNOWN, None),
        (delivered(), None, None),
        ({"state": "delivered"}, DRESS, "ask"),
        ({"state": "after_sale"}, None, "ask"),
        ({"state": "delivered"}, RING, "no"),
        ({}, DRESS, "ask"),
        (None, DRESS, "ask"),
        (None, RING, "no"),
        (None, None, "ask"),
        ({"state": "paid"}, DRESS, "yes"),
        ({"state": "unpaid"}, FOOD, "unless"),
        ({"state": "collected"}, RING, "no"),
        ({"state": "shipped"}, None, None),
        (delivered("closed"), DRESS, None),
        ({"state": "closed"}, RING, None),
    ],
)
def test_a_return_without_reason_is_decided_by_item_and_order(
    order: dict[str, str] | None, item: ItemFacts | None, decision: str | None
) -> None:
    assert facts(order, item).get("no_reason") == decision


def test_an_excluded_item_says_why_and_names_no_last_day() -> None:
    known = facts(delivered(), RING)
    assert (known["allowed"], known["excluded_because"]) == ("no", "定制")
    assert not {"by", "days_left"} & known.keys()
    conditional = facts(delivered(), FOOD)
    assert (conditional["excluded_because"], conditional["by"], conditional["days_left"]) == (
        "食品（拆封后）",
        "11月28日",
        3,
    )


def test_a_window_that_is_over_is_over_whatever_the_item() -> None:
    assert facts(delivered(), None, now="2027-01-01T00:00:00+08:00")["no_reason"] == "over"


@pytest.mark.parametrize(
    ("order", "now", "quality"),
    [
        (delivered(), "2026-12-06T23:59:59+08:00", "yes"),
        (delivered(), "2026-12-07T00:00:00+08:00", "over"),
        (delivered("after_sale"), "2026-11-30T00:00:00+08:00", "yes"),
        ({"state": "delivered"}, SIGNED, "ask"),
        (None, SIGNED, "ask"),
        ({"state": "collected"}, SIGNED, None),
        (delivered("closed"), SIGNED, None),
    ],
)
def test_a_fault_is_accepted_in_a_window_of_its_own(
    order: dict[str, str] | None, now: str, quality: str | None
) -> None:
    known = facts(order, RING, now)
    assert known.get("quality") == quality
    assert known.get("quality_by") == ("12月6日" if quality in ("yes", "over") else None)


@pytest.mark.parametrize(
    ("policy", "words"),
    [
        ({}, "需要您承担"),
        ({"freight_insurance": True}, "运费险"),
        ({"return_freight": {"wish": "shop"}}, "由我们承担"),
        ({"return_freight": {"wish": "shop"}, "freight_insurance": True}, "由我们承担"),
    ],
)
def test_who_pays_the_freight_is_said_with_the_reason(policy: dict[str, Any], words: str) -> None:
    known = facts(delivered(), **policy)
    assert words in str(known["wish_freight"])
    assert "质量问题" in str(known["quality_freight"])
    assert "发错" in str(known["wrong_freight"])
    assert "您承担" not in str(known["quality_freight"])


def test_the_words_about_freight_may_be_sent_and_go_into_a_sentence() -> None:
    for policy in ({}, {"freight_insurance": True}, {"return_freight": {"wish": "shop"}}):
        for path, words in facts(None, **policy).items():
            if path.endswith("freight"):
                assert not check_text(f"亲，退货运费{words}。")
                assert not str(words).endswith("。")


@given(
    st.sampled_from(get_args(OrderState)),
    st.none() | st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)),
    st.timedeltas(timedelta(days=-1), timedelta(days=60)),
    st.integers(7, 60),
    st.sampled_from(["Asia/Shanghai", "America/New_York", "UTC"]),
)
def test_days_left_and_last_day_agree(
    state: OrderState, signed: datetime | None, passed: timedelta, window: int, zone: str
) -> None:
    shop = ZoneInfo(zone)
    order = Order(state=state, delivered_at=signed and signed.replace(tzinfo=CHINA))
    now = ((signed or datetime(2026, 1, 1)).replace(tzinfo=CHINA) + passed).astimezone(shop)
    known = return_facts(DRESS, order, ShopPolicy(return_days=window), now)
    if known["return.days_left"] is not None:
        assert isinstance(known["return.days_left"], int)
        assert 0 <= known["return.days_left"] <= window
        last = now.date() + timedelta(days=known["return.days_left"])
        if passed >= timedelta(0):
            assert known["return.by"] == f"{last.month}月{last.day}日"
    assert (known["return.no_reason"] is None) == (state == "closed")
    assert (known["return.no_reason"] == "over") <= (known["return.days_left"] is None)
