"""What a page's console complains of, for tests that want silence."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Page


@dataclass
class Complaints:
    """What a page's console complains of; a request that the service refuses is no fault of the page."""

    texts: list[str] = field(default_factory=list)

    def listen(self, page: Page) -> None:
        """Note errors and uncaught exceptions."""
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.texts.append(str(error)))

    def _note(self, message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.texts.append(message.text)


@contextmanager
def quiet_page(browser: Browser, **context: Any) -> Iterator[Page]:
    """A page in a browser context of its own as a shop's people have it, whose console must stay silent."""
    usual = {"viewport": {"width": 1280, "height": 900}, "locale": "zh-CN", "timezone_id": "Asia/Shanghai"}
    opened = browser.new_context(**(usual | context))
    page, complaints = opened.new_page(), Complaints()
    complaints.listen(page)
    yield page
    assert complaints.texts == []
    opened.close()
