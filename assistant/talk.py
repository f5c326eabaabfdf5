"""Where a conversation stands: what the buyer talked about before this turn, the stage of the sale, what comes next.

The stages are those of the job: 欢迎—介绍—议价—引导下单—引导支付—核对信息—结束告别.
"""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import Literal

from assistant.facts import Situation
from assistant.response import Understanding
from assistant.turns import Turn
from knowledge.context import Order
from models.heads import Heads
from models.intents import intents

Stage = Literal["welcome", "introduce", "bargain", "order", "pay", "check", "farewell"]
LIKELY = 0.4  # a topic less likely than this is none to come back to
_SUBJECTS = ("pre_sale", "in_sale", "after_sale")
_ABOUT_MONEY = frozenset({"pre.bargain", "pre.coupon", "pre.promotion", "pre.gift", "pre.bulk"})
_GREETING, _ENDINGS = "flow.greeting", ("flow.ack", "flow.closing")
_JUST_PAID = timedelta(hours=24)
# What is said after the answer: to one who has heard about the item how to order, to one who has just paid the address.
_NEXT: dict[str, Stage] = {"introduce": "order", "bargain": "order", "pay": "pay", "check": "check"}


def topic_before(turn: Turn, heads: Heads, *, opening: bool = False) -> str | None:
    """The newest topic of the buyer's earlier turns that can be told; None when there is none.

    When the shop opens, a turn that still waits is one of them.
    """
    waiting = [turn.vector] if opening and turn.conversation.turn else []
    for vector in (*waiting, *turn.before):
        said = heads.message.intent.log_probabilities(vector)
        code = max(said, key=lambda each: said[each], default=None)
        if code and math.exp(said[code]) >= LIKELY and intents()[code].phase in _SUBJECTS:
            return code
    return None


def stage_of(topic: str | None, before: str | None, order: Order | None, now: datetime) -> Stage | None:
    """The stage after a turn about `topic`, with `before` the topic of earlier turns; None when no sale is going on."""
    state = order.state if order else None
    if state == "unpaid":
        return "pay"
    if state == "paid":
        paid = order.paid_at if order else None
        return "check" if paid is None or now - paid <= _JUST_PAID else None
    if topic in _ENDINGS:
        return "order" if state is None and _is_selling(before) else "farewell"
    if state is not None:
        return None
    if topic == _GREETING:
        return "welcome" if before is None else None
    if topic in _ABOUT_MONEY:
        return "bargain"
    return "introduce" if _is_selling(topic) else None


def talk_facts(understanding: Understanding, before: str | None, situation: Situation) -> dict[str, object]:
    """Facts under `talk.`: the topic before this turn, the stage, and the stage whose phrase may follow the reply."""
    topic = next((guess.code for guess in understanding.intents), None)
    stage = stage_of(topic, before, situation.context.order, situation.now)
    facts = {"talk.topic": before, "talk.stage": stage, "talk.next": _NEXT.get(stage or "")}
    return {path: value for path, value in facts.items() if value is not None}


def _is_selling(topic: str | None) -> bool:
    return topic is not None and intents()[topic].phase == "pre_sale"
