"""What every part of the report is computed from: the turns of a period and of the one before it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from assistant.insight.period import Period
from assistant.insight.turns import Turn
from assistant.insight.words import words
from knowledge.catalogue import Item


@dataclass(frozen=True, slots=True)
class Scope:
    """`ordered` are the conversations that are known to have an order; of those that ended before `orders_since` it is
    not known any more. `items` is the shop's catalogue.
    """

    period: Period
    turns: tuple[Turn, ...]
    before: tuple[Turn, ...]
    ordered: frozenset[str]
    orders_since: datetime
    items: Mapping[str, Item]
    now: datetime

    def title(self, item_id: str | None) -> str:
        """An item as people know it."""
        if item_id is None:
            return words().no_item
        return self.items[item_id].title if item_id in self.items else item_id

    def bucket(self, turn: Turn) -> int:
        """The part of the period's trend that a turn lies in."""
        return self.period.bucket_of(turn.at)
