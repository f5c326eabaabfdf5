"""Facts of the order: its state and numbers as they are, its dates computed by the shop's clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from knowledge.catalogue import ItemFacts, yuan
from knowledge.context import Order
from knowledge.shop_policy import ShopPolicy

_UNCOLLECTED = timedelta(hours=24)  # a parcel handed over is usually scanned within a day
_DENIED = ("否", "不", "非", "无")  # 是否预售: 否


def order_facts(order: Order | None, policy: ShopPolicy, now: datetime, *, presale: bool = False) -> dict[str, object]:
    """Facts under `order.`; `now` is the shop's local time. A value that the order does not carry is None or absent.

    `presale` says that the dispatch is promised by a date of its own, so it is not counted from the payment.
    """
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
        **_payment_times(order, now),
        **_dispatch_times(order, now, _promised_ship_at(order, policy, presale=presale)),
        **_transit_times(order, policy, now),
        **_delivery_times(order, policy, now),
        **_price_protection(order, policy, now),
    }


def is_presale(item: ItemFacts | None, text: str) -> bool:
    """Whether the item is sold ahead (预售): its title, attributes or SKU, or the normalised text, say so."""
    if "预售" in text or "尾款" in text:
        return True
    if item is None:
        return False
    sku = item.sku()
    named = [item.title or "", *(each.name for each in ([sku] if sku else item.skus))]
    said = [
        f"{name}{value}" for name, value in item.attributes.items() if not value.startswith(("否", "不", "非", "无"))
    ]
    return any("预售" in words for words in (*named, *said))


def days_since(moment: datetime, now: datetime) -> int:
    """Midnights of `now`'s zone between the two; 0 when the platform's clock is ahead of ours."""
    return max((now.date() - moment.astimezone(now.tzinfo).date()).days, 0)


def day(moment: datetime) -> str:
    """The day as it is written in a reply: 11月28日."""
    return f"{moment.month}月{moment.day}日"


def _promised_ship_at(order: Order, policy: ShopPolicy, *, presale: bool) -> datetime | None:
    """The promise that the order carries; else, while it waits to be sent, the shop's promise from the payment on."""
    if order.promised_ship_at or presale or order.paid_at is None or not _is_unsent(order):
        return order.promised_ship_at
    return order.paid_at.astimezone(UTC) + timedelta(hours=policy.ship_within_hours)


def _is_unsent(order: Order) -> bool:
    return order.state == "paid" and order.shipped_at is None


def _payment_times(order: Order, now: datetime) -> dict[str, object]:
    if order.paid_at is None:
        return {}
    return {
        "order.paid_on": day(order.paid_at.astimezone(now.tzinfo)),
        "order.days_since_paid": days_since(order.paid_at, now),
        "order.hours_since_paid": max(_elapsed(order.paid_at, now) // timedelta(hours=1), 0),
    }


def _dispatch_times(order: Order, now: datetime, promised: datetime | None) -> dict[str, object]:
    if promised is None:
        return {}
    local = promised.astimezone(now.tzinfo)
    if not _is_unsent(order):
        return {"order.ship_by": _hour(local)}
    overdue = _elapsed(promised, now) > timedelta(0)
    return {
        "order.ship_by": _hour(local),
        "order.overdue": overdue,
        "order.due_today": not overdue and local.date() == now.date(),
    }


def _transit_times(order: Order, policy: ShopPolicy, now: datetime) -> dict[str, object]:
    shipped = order.shipped_at
    facts: dict[str, object] = {"order.shipped_on": shipped and day(shipped.astimezone(now.tzinfo))}
    if shipped and order.state == "shipped" and order.collected_at is None:
        facts["order.uncollected_late"] = _elapsed(shipped, now) > _UNCOLLECTED
    sent = shipped or order.collected_at
    if sent and order.state in ("shipped", "collected") and order.delivered_at is None:
        facts["order.days_in_transit"] = days_since(sent, now)
    if sent and order.state == "collected" and order.delivered_at is None:
        facts["order.transit_late"] = days_since(sent, now) > policy.transit_days
    return facts


def _delivery_times(order: Order, policy: ShopPolicy, now: datetime) -> dict[str, object]:
    if order.delivered_at is None:
        return {}
    days = days_since(order.delivered_at, now)
    delivered = order.delivered_at.astimezone(now.tzinfo)
    return {
        "order.delivered_on": day(delivered),
        "order.days_since_delivery": days,
        "order.delivered_today": days == 0,
        "order.return_by": day(delivered + timedelta(days=policy.return_days)),
        "order.returnable": days <= policy.return_days,
    }


def _price_protection(order: Order, policy: ShopPolicy, now: datetime) -> dict[str, object]:
    """Until when a lower price is made up for: so many days from the day of paying, the last one whole."""
    if not policy.price_protection_days or order.paid_at is None or order.state in ("unpaid", "closed"):
        return {}
    last = order.paid_at.astimezone(now.tzinfo) + timedelta(days=policy.price_protection_days)
    return {
        "order.price_protected": "yes" if now.date() <= last.date() else "over",
        "order.price_protected_by": day(last),
    }


def _elapsed(since: datetime, now: datetime) -> timedelta:
    """Real time between the two: clocks of one zone that are put back would count an hour less."""
    return now.astimezone(UTC) - since.astimezone(UTC)


def _hour(moment: datetime) -> str:
    return f"{day(moment)}{moment.hour}点" + (f"{moment.minute}分" if moment.minute else "")
