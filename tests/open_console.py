"""The knowledge console in a browser, with the words that tests speak of it in."""

from __future__ import annotations

from dataclasses import dataclass, field

from playwright.sync_api import Locator, Page, expect

from tests.complaints import Complaints

ASKED = "买两件送啥小礼物"
GIFT = {
    "shop_id": "demo",
    "kind": "policy",
    "intent": "pre.gift",
    "title": "买两件送什么小礼物",
    "questions": ["两件的小礼物是什么"],
    "answers": ["亲，买两件送您一个帆布袋哦。"],
}


@dataclass
class Console:
    """The open console, with the words that these tests speak of it in."""

    page: Page
    url: str
    complaints: Complaints = field(default_factory=Complaints)

    def open(self, place: str = "") -> None:
        """Open a room by its address."""
        self.page.goto(f"{self.url}console{place}")
        expect(self.page.locator("#view .room > *").first).to_be_visible()

    def edit(self, entry_id: str, proposal: int | None = None) -> None:
        """Open an entry in the editor."""
        self.open(f"#entry/{entry_id}" + (f"?proposal={proposal}" if proposal else ""))
        expect(self.title).not_to_be_empty()

    def search(self, text: str, mode: str = "文字") -> None:
        """Type into the search and wait for its rows."""
        self.page.locator(".modes label").filter(has_text=mode).click()
        with self.page.expect_response(lambda answer: "/v1/entries?" in answer.url and answer.ok):
            self.page.get_by_label("搜索条目").fill(text)
        self.settle()

    def settle(self) -> None:
        """Wait until no page of the list is being asked for."""
        expect(self.page.locator(".rows")).to_have_attribute("aria-busy", "false")

    @property
    def rows(self) -> Locator:
        """The rows of the list."""
        return self.page.locator(".entry-list tbody tr")

    def row(self, entry_id: str) -> Locator:
        """The row of an entry."""
        return self.page.locator(f"tr[data-id='{entry_id}']")

    @property
    def title(self) -> Locator:
        """标准问."""
        return self.page.get_by_label("标准问", exact=True)

    @property
    def phrasings(self) -> list[str]:
        """相似问法, as they stand in the form."""
        return [box.input_value() for box in self.page.locator(".phrasings input").all()]

    def answer(self, number: int = 1) -> Locator:
        """The text box of an answer."""
        return self.page.get_by_label(f"答案 {number}", exact=True)

    def act(self, name: str) -> None:
        """Press one of the buttons below the form."""
        self.page.locator(".editor-bar").get_by_role("button", name=name, exact=True).click()

    def toast(self, text: str) -> None:
        """Wait until the page says something."""
        expect(self.page.locator("#toast")).to_contain_text(text)

    @property
    def dialog(self) -> Locator:
        """The question that is open."""
        return self.page.locator("dialog[open]")
