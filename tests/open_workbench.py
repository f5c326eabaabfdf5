"""The page at `/` in a browser, with the words that tests speak of it in."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Dialog, Locator, Page, Request, expect

DRESS = "dress-001"
SUGGESTIONS = "**/v1/suggestions"


@dataclass
class Workbench:
    """The open page, with the words that these tests speak of it in."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)

    def listen(self) -> None:
        """Note what the console complains of and which suggestions are asked for."""
        self.page.on("console", lambda message: self._complain(message.text) if message.type == "error" else None)
        self.page.on("pageerror", lambda error: self._complain(str(error)))
        self.page.on("dialog", self._dismiss)
        self.page.on("request", self._note)

    def _complain(self, text: str) -> None:
        self.complaints.append(text)

    def _dismiss(self, dialog: Dialog) -> None:
        self._complain(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _note(self, request: Request) -> None:
        if request.url.endswith("/v1/suggestions") and request.post_data:
            self.asked.append(json.loads(request.post_data))

    def say(self, text: str) -> None:
        """Type as the buyer and press Enter."""
        box = self.page.get_by_label("以买家身份输入")
        box.fill(text)
        box.press("Enter")

    def ask(self, text: str, *, state: str = "", item: str = DRESS) -> Locator:
        """Choose the scene, say the text and wait for the cards that answer it; gives the first."""
        self.choose(item=item, state=state)
        with self.page.expect_response(SUGGESTIONS):
            self.say(text)
        self.settle()
        return self.card(1)

    def choose(self, *, item: str = DRESS, state: str = "", tracking: bool = True) -> None:
        """Choose the item and the order's state, and whether there is a tracking number."""
        self.page.get_by_label("商品", exact=True).select_option(item)
        self.page.get_by_label("订单", exact=True).select_option(state)
        box = self.page.get_by_label("有运单号")
        if box.is_enabled():
            box.set_checked(tracking)

    def settle(self) -> None:
        """Wait until nothing is being asked."""
        expect(self.suggestions).to_have_attribute("aria-busy", "false")

    @property
    def suggestions(self) -> Locator:
        """The suggestion panel."""
        return self.page.locator("#suggestions")

    @property
    def draft(self) -> Locator:
        """The agent's draft."""
        return self.page.get_by_label("回复草稿", exact=True)

    def card(self, rank: int) -> Locator:
        """The card of a rank."""
        return self.page.locator(f".card[data-rank='{rank}']")

    def reply(self, rank: int = 1) -> str:
        """The text of a card's reply, without the names of its parts."""
        return "".join(self.card(rank).locator(".words").all_inner_texts())

    def notice(self, kind: str) -> Locator:
        """What the panel says in place of cards, or above holding phrases."""
        return self.page.locator(f".notice[data-state='{kind}']")
