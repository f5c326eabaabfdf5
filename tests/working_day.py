"""The people of a shop and their browsers, each signed in through the page with a key of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from httpx2 import Client
from playwright.sync_api import Browser, Locator, Page, expect

from knowledge.api_keys import Role
from knowledge.store import Store
from tests.complaints import quiet_page
from tests.service_processes import Server
from tests.small_knowledge import settings_over

STAFF: dict[str, tuple[Role, str | None]] = {
    "小林": ("agent", "demo"),
    "聊天窗口": ("agent", "demo"),
    "小周": ("editor", "demo"),
    "老陈": ("editor", "demo"),
    "小许": ("evaluator", "demo"),
    "店长": ("admin", None),
}


def hand_out_keys(data: Path) -> dict[str, str]:
    """A key for everybody, by name."""
    with closing(Store(settings_over(data).store_url)) as store:
        return {name: store.api_keys.create(name, *rights) for name, rights in STAFF.items()}


@dataclass
class Shop:
    """A running service and the keys of those who use it."""

    server: Server
    keys: dict[str, str]

    def client(self, name: str) -> Client:
        """The API as somebody's program uses it."""
        return self.server.client(Authorization=f"Bearer {self.keys[name]}")

    @contextmanager
    def browser_of(self, name: str, browser: Browser, path: str, **window: Any) -> Iterator[Page]:
        """Somebody's own browser, signed in by keyboard and on the page; its console must stay silent."""
        with quiet_page(browser, reduced_motion="reduce", **window) as page:
            page.goto(f"{self.server.url}{path}")
            page.wait_for_url(f"**/sign-in?next={quote(path, safe='')}")
            expect(page.get_by_label("API 密钥", exact=True)).to_be_focused()
            page.keyboard.insert_text(self.keys[name])
            page.keyboard.press("Enter")
            page.wait_for_url(f"{self.server.url}{path}")
            yield page


@dataclass
class Keyboard:
    """An agent at the sidebar who has no mouse, and the buyer, whose words reach the service from the chat window."""

    page: Page
    shop: Shop
    conversation: str
    asked: int = field(default=0)

    def hears(self, text: str, context: dict[str, Any]) -> None:
        """The buyer writes; the cards that answer it are there."""
        self.asked += 1
        report = {"messages": [{"id": f"m{self.asked}", "role": "buyer", "text": text}], "context": context}
        with self.page.expect_response("**/v1/suggestions"), self.shop.client("聊天窗口") as window:
            answer = window.post(f"/v1/conversations/{self.conversation}/messages", json=report)
        assert answer.status_code == 202, answer.text
        expect(self.page.locator("#suggestions")).to_have_attribute("aria-busy", "false")
        expect(self.page.locator("#turn")).to_contain_text(text)
        expect(self.card()).to_be_visible()

    def card(self, rank: int = 1) -> Locator:
        """The card of a rank."""
        return self.page.locator(f".card[data-rank='{rank}']")

    @property
    def draft(self) -> Locator:
        """The page's own draft."""
        return self.page.get_by_label("回复草稿", exact=True)

    def takes(self, rank: int) -> str:
        """A digit puts a card into the draft; gives its text."""
        expect(self.card(rank)).to_be_visible()
        self.press(str(rank))
        text = "".join(self.card(rank).locator(".words").all_inner_texts())
        expect(self.draft).to_have_value(text)
        return text

    def sends(self) -> None:
        """From the draft to the button that says it was sent; the chat is told."""
        self.reach(self.page.get_by_role("button", name="记为已发"))
        with self.page.expect_response("**/messages"):
            self.press("Enter")
        expect(self.page.locator(".notice[data-state='replied']")).to_be_visible()
        expect(self.draft).to_have_value("")

    def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def types(self, text: str) -> None:
        """Write where the focus is."""
        self.page.keyboard.insert_text(text)

    def reach(self, target: Locator, key: str = "Tab", most: int = 60) -> None:
        """Go on with a key until the target has the focus."""
        expect(target).to_be_visible()
        _until(lambda: bool(target.evaluate("node => node === document.activeElement")), lambda: self.press(key), most)


def _until(done: Callable[[], bool], step: Callable[[], None], most: int) -> None:
    for _ in range(most):
        if done():
            return
        step()
    raise AssertionError(f"not reached by {most} keys")
