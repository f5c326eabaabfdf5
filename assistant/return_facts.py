"""Facts of a return: whether, until when, why not, and who pays the freight back. Dates are the shop's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from assistant.order_facts import day, days_since
from knowledge.catalogue import ItemFacts
from knowledge.context import Order
from knowledge.exclusions import Verdict, no_reason_verdict
from knowledge.shop_policy import ShopPolicy
from models.data_files import read_data

_ON_THE_WAY = ("unpaid", "paid", "shipped", "collected")


def return_facts(item: ItemFacts | None, order: Order | None, policy: ShopPolicy, now: datetime) -> dict[str, object]:
    """Facts under `return.`; `now` is the shop's local time. What cannot be told yet is None."""
    verdict = no_reason_verdict(item, policy.no_reason_excluded) if item else None
    no_reason = _Window(order, policy.return_days, now)
    quality = _Window(order, policy.quality_days, now)
    decision = _decision(verdict, no_reason)
    in_time = decision in ("yes", "unless") and no_reason.days_left is not None
    return {
        "return.allowed": verdict.allowed if verdict else None,
        "return.excluded_because": verdict.rule if verdict else None,
        "return.no_reason": decision,
        "return.days_left": no_reason.days_left if in_time else None,
        "return.by": None if decision == "no" else no_reason.last_day,
        "return.quality": None if no_reason.is_on_the_way else quality.state,
        "return.quality_by": quality.last_day,
        **freight_words(policy),
    }


def freight_words(policy: ShopPolicy) -> dict[str, object]:
    """Who pays the freight back and why, in words that follow 退货运费, by the reason of the return."""
    wish: str = policy.return_freight.wish
    if wish == "buyer" and policy.freight_insurance:
        wish = "buyer_insured"
    return {
        "return.wish_freight": _words()["wish"][wish],
        "return.quality_freight": _words()["quality"][policy.return_freight.quality],
        "return.wrong_freight": _words()["wrong"][policy.return_freight.wrong],
    }


@dataclass(frozen=True, slots=True)
class _Window:
    """The days after signing in which a return is accepted; the day of signing is day 0, the last day is whole."""

    order: Order | None
    days: int
    now: datetime

    @property
    def is_on_the_way(self) -> bool:
        """Whether the buyer cannot have the goods yet."""
        return self.order is not None and self.order.delivered_at is None and self.order.state in _ON_THE_WAY

    @property
    def days_left(self) -> int | None:
        """0 on the last day, negative after it; None when the day of signing is not known."""
        if self.order is None or self.order.delivered_at is None or self.order.state == "closed":
            return None
        return self.days - days_since(self.order.delivered_at, self.now)

    @property
    def last_day(self) -> str | None:
        """The last day as it is written in a reply."""
        if self.days_left is None or self.order is None or self.order.delivered_at is None:
            return None
        return day(self.order.delivered_at.astimezone(self.now.tzinfo) + timedelta(days=self.days))

    @property
    def state(self) -> str | None:
        """yes or over; ask when the day of signing must still be told; None for a closed order."""
        if self.order is not None and self.order.state == "closed":
            return None
        if self.days_left is None:
            return "ask"
        return "yes" if self.days_left >= 0 else "over"


def _decision(verdict: Verdict | None, window: _Window) -> str | None:
    """What may be said of a return without reason; None when the order is closed or it depends on an unknown item."""
    state = "yes" if window.is_on_the_way else window.state
    if state is None:
        return None
    if verdict and verdict.allowed == "no":
        return "no"
    if state != "yes":
        return state
    return verdict.allowed if verdict else None


@cache
def _words() -> Mapping[str, Mapping[str, str]]:
    table: dict[str, dict[str, str]] = read_data("assistant", "return_freight.yaml")
    return table
