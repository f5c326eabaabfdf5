"""The agent's sidebar, open in a browser, and the buyer who writes to it."""

from __future__ import annotations

import itertools
import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.sync_api import Locator, Page, Request, expect

from tests.service_processes import Server

SUGGESTIONS = "**/v1/suggestions"
DRESS = {"item": {"item_id": "dress-001"}, "buyer": {"nick": "小鱼儿"}}
DELIVERED = {**DRESS, "order": {"order_id": "202611180001", "state": "delivered"}}
_numbers = itertools.count(1)


@dataclass
class Desk:
    """An agent's open sidebar and the buyer who writes to it."""

    page: Page
    service: Server
    conversation: str
    complaints: list[str] = field(default_factory=list)
    told: list[dict[str, Any]] = field(default_factory=list)

    def listen(self) -> None:
        """Note faults of the page, and the feedback that it gives."""
        self.page.on("console", lambda message: self._complain(message.text) if message.type == "error" else None)
        self.page.on("pageerror", lambda error: self._complain(str(error)))
        self.page.on("request", self._note)

    def _complain(self, text: str) -> None:
        self.complaints.append(text)

    def _note(self, request: Request) -> None:
        if request.url.endswith("/v1/feedback") and request.post_data:
            self.told.append(json.loads(request.post_data))

    def say(self, text: str, role: str = "buyer", ago_s: float = 0, context: dict[str, Any] | None = None) -> str:
        """A message reaches the service, as a shop's plug-in reports it; gives its id."""
        number = f"m{next(_numbers)}"
        sent_at = (datetime.now(UTC) - timedelta(seconds=ago_s)).isoformat()
        message = {"id": number, "role": role, "text": text, "sent_at": sent_at}
        report = {"messages": [message], "context": context or DRESS}
        with self.service.client() as client:
            answer = client.post(f"/v1/conversations/{self.conversation}/messages", json=report)
        assert answer.status_code == 202, answer.text
        return number

    def ask(self, text: str, **more: Any) -> Locator:
        """The buyer writes; gives the first card of the answer."""
        with self.page.expect_response(SUGGESTIONS):
            self.say(text, **more)
        expect(self.suggestions).to_have_attribute("aria-busy", "false")
        expect(self.card()).to_be_visible()
        return self.card()

    def turn_to(self, nick: str, text: str) -> None:
        """Another buyer writes and is opened from the list of those who wait."""
        other = Desk(self.page, self.service, f"{self.conversation}-{next(_numbers)}")
        other.say(text, context={"buyer": {"nick": nick}})
        self.page.get_by_role("button", name=re.compile("待回复")).click()
        self.page.locator("#queue-list button").filter(has_text=nick).click()
        expect(self.page.locator("#buyer")).to_have_text(nick)

    def press(self, key: str) -> None:
        """Press a key while nothing is being typed."""
        self.suggestions.focus()
        self.page.keyboard.press(key)

    @property
    def suggestions(self) -> Locator:
        """The suggestion panel."""
        return self.page.locator("#suggestions")

    @property
    def draft(self) -> Locator:
        """The page's own draft."""
        return self.page.get_by_label("回复草稿", exact=True)

    @property
    def toast(self) -> Locator:
        """The short word about what was just done."""
        return self.page.locator("#toast")

    def card(self, rank: int = 1) -> Locator:
        """The card of a rank."""
        return self.page.locator(f".card[data-rank='{rank}']")

    def cards(self) -> list[str]:
        """The texts of all cards."""
        return ["".join(card.locator(".words").all_inner_texts()) for card in self.page.locator(".card").all()]

    def notice(self, kind: str) -> Locator:
        """What stands in place of cards."""
        return self.page.locator(f".notice[data-state='{kind}']")

    def feedback(self, action: str) -> list[dict[str, Any]]:
        """What the page told the service of that kind."""
        return [each for each in self.told if each["action"] == action]

    def wait_for_feedback(self, action: str) -> dict[str, Any]:
        """The first feedback of that kind, once it was given."""
        for _ in range(100):
            if found := self.feedback(action):
                return found[0]
            self.page.wait_for_timeout(100)
        raise AssertionError(f"no feedback {action} in {self.told}")
