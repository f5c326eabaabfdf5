"""The link that a first start prints: whoever sits at this machine opens the pages with it, once."""

from __future__ import annotations

import hmac
import secrets
import time
from threading import Lock

VALID_S = 15 * 60
PATH = "/open"


class OneTimeLink:
    """One secret of one process, good for one sign-in."""

    def __init__(self) -> None:
        self.token = secrets.token_urlsafe(24)
        self._until = time.monotonic() + VALID_S
        self._lock = Lock()

    @property
    def path(self) -> str:
        """What follows the server's address."""
        return f"{PATH}?token={self.token}"

    def use(self, token: str) -> bool:
        """Whether the token is this link's, in time and for the first time."""
        with self._lock:
            good = time.monotonic() < self._until
            if not (good and hmac.compare_digest(token.encode("utf-8", "replace"), self.token.encode())):
                return False
            self._until = 0.0
            return True
