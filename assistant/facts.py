"""Facts: every value that an answer may quote or test, computed from context, catalogue, policy and slots.

Nothing is guessed: a fact whose source is absent is not in the mapping, and rendering words the gap.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from assistant.item_facts import item_facts, size_facts, stock_facts
from assistant.order_facts import order_facts
from assistant.slots import Measurements
from knowledge.attributes import asked_attribute
from knowledge.catalogue import ItemFacts
from knowledge.conditions import Facts
from knowledge.context import Context, OrderState
from knowledge.shop_policy import ShopPolicy


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
        **order_facts(situation.context.order, situation.policy, local),
        **item_facts(situation.item),
        **size_facts(situation.item, situation.measurements),
        **stock_facts(situation.item, situation.text),
        **situation.policy.facts(),
        "now.part_of_day": _part_of_day(local),
    }
    return {path: value for path, value in facts.items() if value is not None and str(value).strip()}


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


def _part_of_day(moment: datetime) -> str:
    bounds = ((5, "晚上"), (11, "早上"), (13, "中午"), (18, "下午"))
    return next((name for end, name in bounds if moment.hour < end), "晚上")
