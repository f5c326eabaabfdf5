"""Feedback in ranking, where the settings ask for it: read anew every minute, for the answers to agents alone.

Evaluation and labelled tests take the suggester of the parts, which knows no feedback.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from threading import Lock

from assistant.service.wiring import Parts
from assistant.suggester import Suggester

KEPT_S = 60.0
Values = Mapping[str, float]


def live_suggester(parts: Parts) -> Suggester:
    """The suggester that answers agents."""
    settings = parts.settings
    if settings.feedback_ranking == "off":
        return parts.suggester
    values = KeptValues(lambda shop_id: parts.store.liking.values(shop_id, settings.feedback_minimum))
    return replace(parts.suggester, feedback=values)


class KeptValues:
    """The values of each shop, kept for a minute: what is asked for with every message must cost nothing."""

    def __init__(self, read: Callable[[str], Values], clock: Callable[[], float] = time.monotonic) -> None:
        self._read, self._clock = read, clock
        self._lock = Lock()
        self._kept: dict[str, tuple[float, Values]] = {}

    def __call__(self, shop_id: str) -> Values:
        """The values of a shop by entry, at most `KEPT_S` old."""
        with self._lock:
            read_at, values = self._kept.get(shop_id, (None, {}))
            if read_at is None or self._clock() - read_at > KEPT_S:
                values = self._read(shop_id)
                self._kept[shop_id] = (self._clock(), values)
            return values
