"""Facts of the order: its state and numbers as they are, its dates computed by the shop's clock."""

from __future__ import annotations

from datetime import datetime, timedelta

from knowledge.catalogue import yuan
from knowledge.context import Order
from knowledge.shop_policy import ShopPolicy


def order_facts(order: Order | None, policy: ShopPolicy, now: datetime) -> dict[str, object]:
    """Facts under `order.`; `now` is the shop's local time. A value that the order does not carry is None."""
    if order is None:
        return {}
    receiver = order.receiver
    return {
        "order.state": order.state,
        "order.order_id": order.order_id,
        "order.amount": None if order.amount is None else yuan(order.amount),
        "order.payment": order.payment,
        "order.carrier": order.carrier,
        "order.tracking_no": order.tracking_no,
        "order.receiver.name": receiver and receiver.name,
        "order.receiver.phone": receiver and receiver.phone,
        "order.receiver.address": receiver and receiver.address,
        **_order_times(order, policy, now),
    }


def _order_times(order: Order, policy: ShopPolicy, now: datetime) -> dict[str, object]:
    zone = now.tzinfo
    unsent = order.state == "paid" and order.shipped_at is None
    facts: dict[str, object] = {
        "order.paid_on": order.paid_at and _day(order.paid_at.astimezone(zone)),
        "order.ship_by": order.promised_ship_at and _hour(order.promised_ship_at.astimezone(zone)),
        "order.overdue": order.promised_ship_at < now if order.promised_ship_at and unsent else None,
        "order.shipped_on": order.shipped_at and _day(order.shipped_at.astimezone(zone)),
    }
    if order.delivered_at:
        delivered = order.delivered_at.astimezone(zone)
        days = max((now.date() - delivered.date()).days, 0)  # the platform's clock may be ahead of ours
        facts |= {
            "order.delivered_on": _day(delivered),
            "order.days_since_delivery": days,
            "order.delivered_today": days == 0,
            "order.return_by": _day(delivered + timedelta(days=policy.return_days)),
            "order.returnable": days <= policy.return_days,
        }
    return facts


def _day(moment: datetime) -> str:
    return f"{moment.month}月{moment.day}日"


def _hour(moment: datetime) -> str:
    return f"{_day(moment)}{moment.hour}点" + (f"{moment.minute}分" if moment.minute else "")
