"""Facts: every value that an answer may quote or test, computed from context, catalogue, policy and slots.

Nothing is guessed: a fact whose source is absent is not in the mapping, and rendering words the gap.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from assistant.conversation import PICTURE
from assistant.fit_facts import fit_facts
from assistant.item_facts import item_facts, warranty
from assistant.order_changes import change_facts
from assistant.order_facts import is_presale, order_facts
from assistant.region_facts import region_facts
from assistant.return_facts import return_facts
from assistant.size_facts import size_facts
from assistant.slots import Measurements, usual_size
from assistant.stock_facts import stock_facts
from knowledge.attributes import asked_attribute, names_asked
from knowledge.catalogue import ItemFacts
from knowledge.conditions import Facts
from knowledge.context import Context, OrderState
from knowledge.shop_policy import ShopPolicy

_JUST_SENT = 6  # messages of the buyer in which a picture is still about this matter


@dataclass(frozen=True, slots=True)
class Situation:
    """What the facts are computed from: the context with its item resolved, and what the buyer wrote.

    `text` is the turn that is answered, behind the earlier one where a bare follow-up borrows its topic; `turn` is the
    buyer's last turn alone and `earlier` the messages before it, oldest first, all normalised. `goes_with` holds the
    titles of the shop's items that go with this one. `heard` are the buyer's messages as written, the last turn at the
    end: normalising takes the marks of pictures out.
    """

    shop_id: str
    context: Context
    item: ItemFacts | None
    policy: ShopPolicy
    text: str
    measurements: Measurements
    now: datetime
    turn: str = ""
    earlier: tuple[str, ...] = ()
    goes_with: tuple[str, ...] = ()
    heard: tuple[str, ...] = ()
    begun: bool = False

    @property
    def asked(self) -> str:
        """The text without the earlier turn that it borrows its topic from."""
        return self.turn if self.turn and self.text.endswith(self.turn) else self.text

    @property
    def question(self) -> str:
        """The text that says which attribute is meant: the newest where it names one, else with what it borrows."""
        return self.asked if names_asked(self.asked) else self.text

    @property
    def order_state(self) -> OrderState | None:
        """The order's state, where there is an order and it says so."""
        return self.context.order.state if self.context.order else None


def collect_facts(situation: Situation) -> dict[str, object]:
    """Every known fact by its dotted path (see `knowledge/data/fields.yaml`)."""
    local = local_time(situation)
    order, policy = situation.context.order, situation.policy
    presale = order is not None and is_presale(situation.item, situation.text)
    facts = {
        **_people(situation.context),
        **order_facts(order, policy, local, presale=presale),
        **return_facts(situation.item, order, policy, local),
        **region_facts(situation.text, order, policy),
        **_product_facts(situation),
        **policy.facts(),
        **_told(situation),
        "item.warranty": warranty(situation.item, policy),
        "buyer.member_benefit": _member_benefit(situation),
        "now.part_of_day": _part_of_day(local),
        "now.before_cutoff": local.time() < policy.cutoff,
    }
    return {path: value for path, value in facts.items() if value is not None and not _is_blank(value)}


def _is_blank(value: object) -> bool:
    return isinstance(value, str) and not value.strip()


def _product_facts(situation: Situation) -> dict[str, object]:
    """What the item is, and whether it fits, suits and is in stock as the buyer asks."""
    item, asked, earlier = situation.item, situation.asked, situation.earlier
    borrowed = situation.text.removesuffix(asked)
    before = borrowed or (earlier[-1] if earlier else "")
    return {
        **item_facts(item, situation.goes_with, asked),
        **size_facts(item, situation.measurements, usual_size((*earlier, situation.text))),
        **stock_facts(item, asked, before, is_bare=bool(borrowed)),
        **fit_facts(item, situation.text, earlier),
    }


def _told(situation: Situation) -> dict[str, object]:
    """What the buyer has given already, so that no reply asks for it once more."""
    changes = change_facts(situation.asked, situation.item)
    pictured = any(PICTURE in text for text in situation.heard[-_JUST_SENT:])
    return {**changes, "sent.picture": True if pictured else None}


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


def _member_benefit(situation: Situation) -> str | None:
    buyer = situation.context.buyer
    return situation.policy.member_benefits.get(buyer.member_tier) if buyer and buyer.member_tier else None


def _part_of_day(moment: datetime) -> str:
    bounds = ((5, "晚上"), (11, "早上"), (13, "中午"), (18, "下午"))
    return next((name for end, name in bounds if moment.hour < end), "晚上")
