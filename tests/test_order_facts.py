"""Facts of the order: states and numbers as they are, days by the shop's clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.order_facts import is_presale, order_facts
from knowledge.catalogue import ItemFacts
from knowledge.context import Order
from knowledge.shop_policy import ShopPolicy

CHINA = ZoneInfo("Asia/Shanghai")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def facts(order: dict[str, Any], now: str = "2026-11-21T10:00:00+08:00", **policy: Any) -> dict[str, object]:
    local = at(now).astimezone(CHINA)
    return order_facts(Order.model_validate(order), ShopPolicy(**policy), local)


def test_no_order_has_no_facts() -> None:
    assert order_facts(None, ShopPolicy(), at("2026-11-21T10:00:00+08:00")) == {}


def test_an_empty_order_has_no_values() -> None:
    assert set(facts({}).values()) == {None}


def test_what_the_order_carries_is_quoted_as_it_is() -> None:
    known = facts(
        {
            "order_id": 202611180001,
            "state": "collected",
            "amount": 159.0,
            "carrier": "韵达",
            "tracking_no": "43120000000009",
            "receiver": {"name": "王**", "phone": "139****1111", "address": "四川省成都市****"},
        }
    )
    assert known["order.order_id"] == "202611180001"
    assert known["order.amount"] == "159"
    assert known["order.carrier"] == "韵达"
    assert known["order.tracking_no"] == "43120000000009"
    assert known["order.receiver.name"] == "王**"
    assert known["order.receiver.address"] == "四川省成都市****"


def test_an_empty_string_is_no_value() -> None:
    known = facts({"tracking_no": " ", "carrier": "", "receiver": {"name": ""}})
    assert (known["order.tracking_no"], known["order.carrier"], known["order.receiver.name"]) == (None, None, None)


def test_dates_are_the_shops_whatever_zone_they_come_in() -> None:
    known = facts({"state": "paid", "paid_at": "2026-11-17T17:30:00Z", "promised_ship_at": "2026-11-20T01:12:00+00:00"})
    assert known["order.paid_on"] == "11月18日"
    assert known["order.ship_by"] == "11月20日9点12分"


def test_a_full_hour_is_told_without_minutes() -> None:
    assert facts({"promised_ship_at": "2026-11-20T09:00:00+08:00"})["order.ship_by"] == "11月20日9点"


@pytest.mark.parametrize(
    ("order", "overdue"),
    [
        ({"state": "paid", "promised_ship_at": "2026-11-21T09:59:59+08:00"}, True),
        ({"state": "paid", "promised_ship_at": "2026-11-21T10:00:00+08:00"}, False),
        ({"state": "paid", "promised_ship_at": "2026-11-21T02:00:01Z"}, False),
        ({"state": "paid", "promised_ship_at": "2026-11-21T01:59:00Z"}, True),
        ({"state": "paid"}, None),
        ({"state": "shipped", "promised_ship_at": "2026-11-20T10:00:00+08:00"}, None),
        ({"state": "unpaid", "promised_ship_at": "2026-11-20T10:00:00+08:00"}, None),
        (
            {
                "state": "paid",
                "shipped_at": "2026-11-21T08:00:00+08:00",
                "promised_ship_at": "2026-11-20T10:00:00+08:00",
            },
            None,
        ),
    ],
)
def test_overdue_is_a_paid_unsent_order_after_the_promised_time(order: dict[str, str], overdue: bool | None) -> None:
    assert facts(order).get("order.overdue") is overdue


@pytest.mark.parametrize(
    ("delivered", "now", "days"),
    [
        ("2026-11-21T09:30:00+08:00", "2026-11-21T10:00:00+08:00", 0),
        ("2026-11-20T23:59:59+08:00", "2026-11-21T00:00:00+08:00", 1),
        ("2026-11-21T00:00:00+08:00", "2026-11-21T23:59:59+08:00", 0),
        ("2026-11-20T15:59:59Z", "2026-11-20T16:00:00Z", 1),
        ("2026-11-20T16:00:00Z", "2026-11-21T15:59:59Z", 0),
        ("2026-12-31T23:00:00+08:00", "2027-01-01T01:00:00+08:00", 1),
    ],
)
def test_days_since_delivery_are_counted_from_midnight_to_midnight(delivered: str, now: str, days: int) -> None:
    known = facts({"state": "delivered", "delivered_at": delivered}, now)
    assert known["order.days_since_delivery"] == days
    assert known["order.delivered_today"] is (days == 0)


def test_a_delivery_ahead_of_our_clock_is_today() -> None:
    known = facts({"delivered_at": "2026-11-22T00:10:00+08:00"}, "2026-11-21T23:58:00+08:00")
    assert (known["order.days_since_delivery"], known["order.delivered_today"]) == (0, True)


@pytest.mark.parametrize(
    ("now", "returnable"),
    [
        ("2026-11-28T00:00:00+08:00", True),
        ("2026-11-28T23:59:59+08:00", True),
        ("2026-11-29T00:00:00+08:00", False),
        ("2026-11-28T15:59:59Z", True),
        ("2026-11-28T16:00:00Z", False),
    ],
)
def test_the_return_window_ends_with_its_last_day(now: str, returnable: bool) -> None:
    known = facts({"state": "delivered", "delivered_at": "2026-11-21T09:30:00+08:00"}, now)
    assert known["order.return_by"] == "11月28日"
    assert known["order.returnable"] is returnable


def test_a_longer_window_of_the_shop_counts() -> None:
    order = {"state": "delivered", "delivered_at": "2026-11-21T09:30:00+08:00"}
    known = facts(order, "2026-12-06T20:00:00+08:00", return_days=15)
    assert (known["order.return_by"], known["order.returnable"]) == ("12月6日", True)
    assert facts(order, "2026-12-07T00:00:00+08:00", return_days=15)["order.returnable"] is False


def test_an_undelivered_order_says_nothing_about_returns() -> None:
    assert not {"order.returnable", "order.return_by", "order.delivered_today"} & facts({"state": "collected"}).keys()


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)),
    st.timedeltas(timedelta(0), timedelta(days=40)),
    st.integers(7, 60),
)
def test_returnable_until_the_named_day_is_over(delivered: datetime, passed: timedelta, window: int) -> None:
    local = delivered.replace(tzinfo=CHINA)
    now = local + passed
    known = order_facts(Order(delivered_at=local), ShopPolicy(return_days=window), now)
    last = (local + timedelta(days=window)).date()
    assert known["order.return_by"] == f"{last.month}月{last.day}日"
    assert known["order.returnable"] is (now.date() <= last)


# ---- the promise to dispatch

PAID = {"state": "paid", "paid_at": "2026-11-19T09:30:00+08:00"}


def test_without_a_promise_of_the_order_the_shops_counts_from_the_payment() -> None:
    known = facts(PAID, "2026-11-20T10:00:00+08:00")
    assert (known["order.ship_by"], known["order.overdue"], known["order.due_today"]) == (
        "11月21日9点30分",
        False,
        False,
    )
    assert facts(PAID, ship_within_hours=72)["order.ship_by"] == "11月22日9点30分"


@pytest.mark.parametrize(
    ("now", "overdue", "today"),
    [
        ("2026-11-20T23:59:59+08:00", False, False),
        ("2026-11-20T16:00:00Z", False, True),
        ("2026-11-21T09:30:00+08:00", False, True),
        ("2026-11-21T09:30:01+08:00", True, False),
    ],
)
def test_dispatch_is_due_on_the_last_day_until_it_is_overdue(now: str, overdue: bool, today: bool) -> None:
    known = facts(PAID, now)
    assert (known["order.overdue"], known["order.due_today"]) == (overdue, today)


def test_the_orders_own_promise_goes_before_the_shops() -> None:
    assert facts({**PAID, "promised_ship_at": "2026-11-25T10:00:00+08:00"})["order.ship_by"] == "11月25日10点"


@pytest.mark.parametrize(
    "order",
    [
        {**PAID, "state": "shipped"},
        {**PAID, "state": "closed"},
        {"paid_at": PAID["paid_at"]},
        {**PAID, "shipped_at": "2026-11-20T10:00:00+08:00"},
        {"state": "paid", "payment": "cod"},
    ],
)
def test_no_promise_is_computed_for_what_does_not_wait_to_be_sent(order: dict[str, str]) -> None:
    assert not {"order.ship_by", "order.overdue", "order.due_today"} & facts(order).keys()


def test_a_presale_is_not_counted_from_the_payment() -> None:
    local = at("2026-11-25T10:00:00+08:00").astimezone(CHINA)
    order = Order.model_validate(PAID)
    assert "order.overdue" not in order_facts(order, ShopPolicy(), local, presale=True)
    promised = Order.model_validate({**PAID, "promised_ship_at": "2026-12-25T10:00:00+08:00"})
    assert order_facts(promised, ShopPolicy(), local, presale=True)["order.overdue"] is False


@pytest.mark.parametrize(
    ("item", "text", "presale"),
    [
        (None, "啥时候发货", False),
        (None, "预售的啥时候发", True),
        (None, "尾款付了 发货了吗", True),
        ({"attributes": {"预售": "12月25日前发出"}}, "", True),
        ({"attributes": {"发货时间": "预售，12月25日起发"}}, "", True),
        ({"attributes": {"是否预售": "否"}}, "", False),
        ({"title": "【预售】羽绒服"}, "", True),
        ({"skus": [{"sku_id": "a", "options": {"颜色": "黑色（预售30天）"}}]}, "", True),
        (
            {
                "sku_id": "b",
                "skus": [
                    {"sku_id": "a", "options": {"颜色": "黑色（预售30天）"}},
                    {"sku_id": "b", "options": {"颜色": "白色"}},
                ],
            },
            "",
            False,
        ),
    ],
)
def test_a_presale_is_known_by_item_or_words(item: dict[str, Any] | None, text: str, presale: bool) -> None:
    known = None if item is None else ItemFacts.model_validate(item)
    assert is_presale(known, text) is presale


# ---- days since, and parcels that take too long


def test_days_and_hours_since_payment_are_counted() -> None:
    known = facts(PAID, "2026-11-21T09:29:00+08:00")
    assert (known["order.days_since_paid"], known["order.hours_since_paid"]) == (2, 47)
    ahead = facts(PAID, "2026-11-18T00:00:00+08:00")
    assert (ahead["order.days_since_paid"], ahead["order.hours_since_paid"]) == (0, 0)


@pytest.mark.parametrize(
    ("order", "late"),
    [
        ({"state": "shipped", "shipped_at": "2026-11-20T09:59:59+08:00"}, True),
        ({"state": "shipped", "shipped_at": "2026-11-20T10:00:00+08:00"}, False),
        ({"state": "shipped", "shipped_at": "2026-11-20T02:00:01Z"}, False),
        ({"state": "shipped"}, None),
        ({"state": "collected", "shipped_at": "2026-11-10T10:00:00+08:00"}, None),
        (
            {
                "state": "shipped",
                "shipped_at": "2026-11-10T10:00:00+08:00",
                "collected_at": "2026-11-10T20:00:00+08:00",
            },
            None,
        ),
    ],
)
def test_a_parcel_not_collected_within_a_day_is_late(order: dict[str, str], late: bool | None) -> None:
    assert facts(order).get("order.uncollected_late") is late


@pytest.mark.parametrize(
    ("order", "days", "late"),
    [
        ({"state": "collected", "shipped_at": "2026-11-14T23:59:00+08:00"}, 7, False),
        ({"state": "collected", "shipped_at": "2026-11-13T23:59:00+08:00"}, 8, True),
        ({"state": "collected", "collected_at": "2026-11-13T16:00:00Z"}, 7, False),
        ({"state": "shipped", "shipped_at": "2026-11-20T23:59:00+08:00"}, 1, None),
        ({"state": "collected"}, None, None),
        (
            {
                "state": "collected",
                "shipped_at": "2026-11-01T10:00:00+08:00",
                "delivered_at": "2026-11-05T10:00:00+08:00",
            },
            None,
            None,
        ),
        ({"state": "delivered", "shipped_at": "2026-11-01T10:00:00+08:00"}, None, None),
    ],
)
def test_a_parcel_is_late_after_the_shops_usual_days(
    order: dict[str, str], days: int | None, late: bool | None
) -> None:
    known = facts(order)
    assert known.get("order.days_in_transit") == days
    assert known.get("order.transit_late") is late


def test_the_shop_says_how_long_is_usual() -> None:
    order = {"state": "collected", "shipped_at": "2026-11-14T23:59:00+08:00"}
    assert facts(order, transit_days=6)["order.transit_late"] is True


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.timezones()),
    st.timedeltas(timedelta(0), timedelta(days=30)),
    st.integers(1, 240),
    st.sampled_from(["Asia/Shanghai", "America/New_York", "Australia/Lord_Howe"]),
)
def test_overdue_begins_when_the_hours_are_really_over(
    paid: datetime, passed: timedelta, hours: int, zone: str
) -> None:
    start = paid.astimezone(UTC)
    now = (start + passed).astimezone(ZoneInfo(zone))
    known = order_facts(Order(state="paid", paid_at=paid), ShopPolicy(ship_within_hours=hours), now)
    promised = (start + timedelta(hours=hours)).astimezone(ZoneInfo(zone))
    assert known["order.overdue"] is (passed > timedelta(hours=hours))
    assert str(known["order.ship_by"]).startswith(f"{promised.month}月{promised.day}日{promised.hour}点")
    assert known["order.due_today"] is (passed <= timedelta(hours=hours) and promised.date() == now.date())
    assert known["order.hours_since_paid"] == passed // timedelta(hours=1)
    assert known["order.days_since_paid"] == (now.date() - start.astimezone(ZoneInfo(zone)).date()).days


@pytest.mark.parametrize(
    ("now", "protected"),
    [("2026-11-18T12:00:00+08:00", "yes"), ("2026-11-25T23:59:00+08:00", "yes"), ("2026-11-26T00:00:00+08:00", "over")],
)
def test_prices_are_protected_until_the_end_of_the_last_day(now: str, protected: str) -> None:
    order = {"state": "delivered", "paid_at": "2026-11-18T09:00:00+08:00"}
    known = facts(order, now, price_protection_days=7)
    assert (known["order.price_protected"], known["order.price_protected_by"]) == (protected, "11月25日")


@pytest.mark.parametrize("order", [{"state": "delivered"}, {"state": "closed", "paid_at": "2026-11-18T09:00:00+08:00"}])
def test_without_a_payment_that_counts_no_price_is_protected(order: dict[str, Any]) -> None:
    assert "order.price_protected" not in facts(order, price_protection_days=7)


def test_without_a_protection_none_is_spoken_of() -> None:
    assert "order.price_protected" not in facts({"state": "paid", "paid_at": "2026-11-18T09:00:00+08:00"})
