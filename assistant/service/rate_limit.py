"""How often one may ask: requests by key, failed sign-ins by address, each over a moving window."""

from __future__ import annotations

import math
import time

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from assistant.service.access import Principal
from assistant.service.errors import TooManyRequests

PER_KEY = "1200/minute"
FAILED_SIGN_INS = parse("10/minute")
OFF = "off"


class RateLimits:
    """The counts of one process."""

    def __init__(self, requests: str | None) -> None:
        """`requests` such as 600/minute, or `off`; None for the default, which spares this machine while it needs no
        key: nobody else is there to be protected from it.
        """
        self._item = None if requests == OFF else parse(requests or PER_KEY)
        self._spares_local = requests is None
        self._window = MovingWindowRateLimiter(MemoryStorage())

    def count(self, who: Principal) -> None:
        """Count a request of somebody; raises TooManyRequests when it is one too many."""
        if self._item is None or (who.key_id is None and self._spares_local):
            return
        name = f"key:{who.key_id}"
        if not self._window.hit(self._item, name):
            raise TooManyRequests("请求太频繁，超过了每个密钥的限额", self._wait(self._item, name))

    def count_stranger(self, address: str) -> None:
        """Count a request without a valid key."""
        if self._item is not None and not self._window.hit(self._item, f"stranger:{address}"):
            raise TooManyRequests("没有有效密钥的请求太频繁", self._wait(self._item, f"stranger:{address}"))

    def require_sign_in(self, address: str) -> None:
        """Raise TooManyRequests when too many sign-ins from an address have failed."""
        if not self._window.test(FAILED_SIGN_INS, address):
            raise TooManyRequests("登录失败的次数太多", self._wait(FAILED_SIGN_INS, address))

    def count_failed_sign_in(self, address: str) -> None:
        """Count a sign-in that failed."""
        self._window.hit(FAILED_SIGN_INS, address)

    def _wait(self, item: RateLimitItem, name: str) -> int:
        return max(1, math.ceil(self._window.get_window_stats(item, name).reset_time - time.time()))
