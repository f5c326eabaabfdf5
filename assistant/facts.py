"""Facts: every value that an answer may quote or test, computed from context, catalogue, policy and slots.

Nothing is guessed: a fact whose source is absent is not in the mapping, and rendering words the gap.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from assistant.slots import Measurements
from knowledge.attributes import asked_attribute
from knowledge.catalogue import ItemFacts, Sku
from knowledge.conditions import Facts
from knowledge.context import Context, Order, OrderState
from knowledge.shop_policy import ShopPolicy

LOW_STOCK = 5
_MEASURE_ZH = {"height_cm": "身高", "weight_kg": "体重", "bust_cm": "胸围", "waist_cm": "腰围", "foot_cm": "脚长"}
_UNITS = {"weight_kg": "kg"}
# Height and weight are what a buyer can be asked for; girths are used when given.
_ASKABLE = ("height_cm", "weight_kg", "foot_cm")


@dataclass(frozen=True, slots=True)
class Situation:
    """What the facts are computed from: the context with its item resolved, and what the buyer wrote."""

    shop_id: str
    context: Context
    item: ItemFacts | None
    policy: ShopPolicy
    text: str
    measurements: Measurements
    now: datetime

    @property
    def order_state(self) -> OrderState | None:
        """The order's state, where there is an order and it says so."""
        return self.context.order.state if self.context.order else None


def collect_facts(situation: Situation) -> dict[str, object]:
    """Every known fact by its dotted path (see `knowledge/data/fields.yaml`)."""
    local = local_time(situation)
    facts = {
        **_people(situation.context),
        **_order(situation.context.order, situation.policy, local),
        **_item(situation.item),
        **size_facts(situation.item, situation.measurements),
        **_stock(situation.item, situation.text),
        **situation.policy.facts(),
        "now.part_of_day": _part_of_day(local),
    }
    return {path: value for path, value in facts.items() if value is not None}


def local_time(situation: Situation) -> datetime:
    """Now, by the shop's clock: days and deadlines are the shop's."""
    return situation.now.astimezone(ZoneInfo(situation.policy.timezone))


def with_asked_attribute(facts: Facts, item: ItemFacts | None, text: str, intent: str) -> Mapping[str, object]:
    """The facts with the attribute that the buyer asks for, which depends on the intent of the entry that answers."""
    asked = asked_attribute(text, item.attributes if item else {}, intent)
    if asked is None:
        return facts
    name, value = asked
    return {**facts, "asked.attribute": name, **({"asked.value": value} if value else {})}


def _people(context: Context) -> dict[str, object]:
    buyer, agent = context.buyer, context.agent
    return {
        "buyer.nick": buyer and buyer.nick,
        "buyer.member_tier": buyer and buyer.member_tier,
        "buyer.is_returning": buyer.is_returning if buyer else None,
        "agent.name": agent and agent.name,
        "agent.id": agent and agent.id,
    }


def _order(order: Order | None, policy: ShopPolicy, now: datetime) -> dict[str, object]:
    if order is None:
        return {}
    receiver = order.receiver
    return {
        "order.state": order.state,
        "order.order_id": order.order_id,
        "order.amount": None if order.amount is None else f"{order.amount:g}",
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
        days = (now.date() - delivered.date()).days
        facts |= {
            "order.delivered_on": _day(delivered),
            "order.days_since_delivery": days,
            "order.delivered_today": days == 0,
            "order.return_by": _day(delivered + timedelta(days=policy.return_days)),
            "order.returnable": days <= policy.return_days,
        }
    return facts


def _item(item: ItemFacts | None) -> dict[str, object]:
    if item is None:
        return {}
    sku = item.sku()
    options: dict[str, list[str]] = {}
    for each in item.skus:
        for name, value in each.options.items():
            options.setdefault(name, []).append(value)
    price = sku.price if sku and sku.price is not None else item.price
    return {
        "item.title": item.title,
        "item.category": item.category,
        "item.price": None if price is None else f"{price:g}",
        "item.sku": sku.name if sku else None,
        "item.options": "；".join(f"{name}有{'、'.join(dict.fromkeys(values))}" for name, values in options.items()) or None,
        **{f"item.attributes.{name}": value for name, value in item.attributes.items()},
    }


def size_facts(item: ItemFacts | None, measurements: Measurements) -> dict[str, object]:
    """What the size chart says to the buyer's measurements; the chart decides, two fitting sizes are both named."""
    given = "、".join(f"{_MEASURE_ZH[name]}{value:g}{_UNITS.get(name, 'cm')}" for name, value in measurements.items())
    chart = item.size_chart if item else None
    if chart is None:
        return {"size.fit": "none" if item else None, "size.given": given or None}
    needed = [_MEASURE_ZH[name] for name in _ASKABLE if name in chart.measured() and name not in measurements]
    if needed and not {"bust_cm", "waist_cm"} <= measurements.keys():
        return {"size.fit": "ask", "size.given": given or None, "size.needed": "和".join(needed)}
    sizes = chart.fitting(measurements) or chart.between(measurements)
    fit = "one" if len(sizes) == 1 else "between" if sizes else "outside"
    return {"size.fit": fit, "size.advice": "或".join(sizes) or None, "size.given": given or None}


def _stock(item: ItemFacts | None, text: str) -> dict[str, object]:
    if item is None:
        return {}
    named = named_skus(item, text)
    skus = named or ([sku] if (sku := item.sku()) else list(item.skus))
    counts = [sku.stock for sku in skus if sku.stock is not None]
    count = sum(counts) if counts else item.stock
    status = "unknown" if count is None else "out" if count == 0 else "low" if count <= LOW_STOCK else "in"
    return {"stock.status": status, "stock.sku": _common_name(skus, text) if named or item.sku() else None}


def named_skus(item: ItemFacts, text: str) -> list[Sku]:
    """The SKUs that the text names by their option values (黑色L码, 米白 S); none when it names no value."""
    values = {value for sku in item.skus for value in sku.options.values() if _names(text, value)}
    wanted = [sku for sku in item.skus if values and values <= set(sku.options.values())]
    return wanted or [sku for sku in item.skus if values & set(sku.options.values())]


def _common_name(skus: list[Sku], text: str) -> str:
    """The options that all these SKUs share: 黑色 when black was asked for in any size."""
    if len(skus) == 1:
        return skus[0].name
    shared = [value for value in skus[0].options.values() if all(value in sku.options.values() for sku in skus)]
    return " ".join(shared) or "、".join(sku.name for sku in skus[:3] if any(_names(text, v) for v in sku.options.values()))


def _names(text: str, value: str) -> bool:
    value = value.lower()
    if re.fullmatch(r"[a-z0-9]+", value):
        return re.search(rf"(?<![a-z0-9]){value}(?![a-z0-9])", text) is not None
    return value in text or (value.endswith("色") and len(value) == 2 and value[0] in text)


def _day(moment: datetime) -> str:
    return f"{moment.month}月{moment.day}日"


def _hour(moment: datetime) -> str:
    return f"{_day(moment)}{moment.hour}点" + (f"{moment.minute}分" if moment.minute else "")


def _part_of_day(moment: datetime) -> str:
    bounds = ((5, "晚上"), (11, "早上"), (13, "中午"), (18, "下午"))
    return next((name for end, name in bounds if moment.hour < end), "晚上")
