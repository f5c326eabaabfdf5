"""What a platform appeal starts from: the order's own dates, and the remedies that the agent has already named."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, tzinfo

from assistant.request import Message
from knowledge.context import Order
from models.text import normalise

NOTHING_OFFERED = "暂无，请先按店铺政策给出方案"
_SENTENCE = re.compile(r"[^。！!；;\n]+")
_MOST, _LONGEST = 3, 40


def timeline(order: Order | None, now: datetime) -> str:
    """The order's moments in their order and the buyer's message at `now`, by the shop's clock: 11-18 09:12 付款；…"""
    moments = _moments(order) if order else []
    told = [(moment, what) for moment, what in moments if moment is not None]
    return "；".join(f"{_clock(moment, now.tzinfo)} {what}" for moment, what in [*sorted(told), (now, "买家留言")])


def offered(messages: Iterable[Message], solutions: re.Pattern[str]) -> str:
    """The agent's latest sentences that name a remedy, in short, or that there is none yet."""
    said = [
        sentence.strip()[:_LONGEST]
        for message in messages
        if message.role == "agent"
        for sentence in _SENTENCE.findall(message.text)
        if solutions.search(normalise(sentence))
    ]
    return "；".join(list(dict.fromkeys(said))[-_MOST:]) or NOTHING_OFFERED


def _moments(order: Order) -> list[tuple[datetime | None, str]]:
    carrier = " ".join(filter(None, (order.carrier, order.tracking_no)))
    return [
        (order.paid_at, "付款"),
        (order.promised_ship_at, "承诺最晚发货"),
        (order.shipped_at, f"发货（{carrier}）" if carrier else "发货"),
        (order.collected_at, "快递揽收"),
        (order.delivered_at, "签收"),
    ]


def _clock(moment: datetime, zone: tzinfo | None) -> str:
    return f"{moment.astimezone(zone):%m-%d %H:%M}"
