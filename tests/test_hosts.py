"""The sidebar inside other people's windows, each speaking its own messages, in a real browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, FrameLocator, Locator, Page, expect

from tests.service_processes import Server

pytest_plugins = ["tests.browser_fixtures", "tests.page_fixtures", "tests.service_fixtures"]
HOST_PAGES = Path(__file__).parent / "host_pages"
MATERIAL = {"id": "m1", "role": "buyer", "text": "啥料子的"}


@dataclass
class Window:
    """A host's window with the sidebar in it."""

    page: Page
    sidebar: FrameLocator

    def card(self, rank: int = 1) -> Locator:
        """The card of a rank."""
        return self.sidebar.locator(f".card[data-rank='{rank}']")

    def reply(self, rank: int = 1) -> str:
        """The text of a card's reply."""
        return "".join(self.card(rank).locator(".words").all_inner_texts())

    def call(self, function: str, *arguments: Any) -> Any:
        """Call a function of the host's page."""
        return self.page.evaluate("([name, given]) => window[name](...given)", [function, list(arguments)])

    def press(self, key: str) -> None:
        """Press a key while the focus is among the cards."""
        self.card().focus()
        self.page.keyboard.press(key)


Opens = Callable[[str], Window]


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser profile of its own."""
    context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai")
    yield context
    context.close()


@pytest.fixture
def window(context: BrowserContext, service: Server, host_origin: str) -> Opens:
    """Opens the page of a host with the sidebar in it."""

    def open_page(name: str) -> Window:
        page = context.new_page()
        page.goto(f"{host_origin}/{name}.html?service={service.url}")
        return Window(page, page.frame_locator("#sidebar"))

    return open_page


@pytest.fixture
def chat(window: Opens) -> Window:
    """A host that speaks the documented protocol, with a conversation open."""
    opened = window("post_message")
    expect(opened.sidebar.locator("#buyer")).to_have_text("小鱼儿")
    return opened


def test_post_message_host_shows_a_buyer_message_and_suggestions_follow_without_a_click(chat: Window) -> None:
    chat.call("say", MATERIAL)
    expect(chat.card()).to_contain_text("棉68%")
    chat.call("say", {"id": "m2", "role": "buyer", "text": "能改地址吗"})
    expect(chat.card()).to_contain_text("地址")
    expect(chat.sidebar.locator("#turn")).to_contain_text("2 条合为一轮")


def test_key_1_puts_exactly_the_reply_at_the_hosts_cursor_and_sends_nothing(chat: Window) -> None:
    chat.call("say", MATERIAL)
    expect(chat.card()).to_be_visible()
    box = chat.page.locator("#reply")
    box.fill("您好，谢谢")
    box.evaluate("box => box.setSelectionRange(3, 3)")
    chat.press("1")
    expect(box).to_have_value(f"您好，{chat.reply()}谢谢")
    expect(chat.sidebar.locator("#toast")).to_have_text("已填入聊天窗口")
    kinds = {message["type"] for message in chat.page.evaluate("window.told")}
    assert kinds == {"ready", "insert"}


def test_reply_that_the_host_refuses_goes_into_the_draft_with_the_hosts_reason(chat: Window) -> None:
    chat.call("say", MATERIAL)
    expect(chat.card()).to_be_visible()
    chat.page.evaluate("window.accepts = false")
    chat.press("1")
    expect(chat.sidebar.locator("#toast")).to_contain_text("会话已经结束")
    expect(chat.sidebar.get_by_label("回复草稿", exact=True)).to_have_value(chat.reply())


def test_agents_message_from_the_host_ends_the_turn_and_private_notes_are_no_messages(chat: Window) -> None:
    chat.call("say", {"id": "n1", "role": "buyer", "text": "同事备注：能改地址吗", "private": True})
    chat.call("say", MATERIAL)
    expect(chat.card()).to_be_visible()
    expect(chat.sidebar.locator("#turn q")).to_have_text("啥料子的")
    chat.call("say", {"id": "a1", "role": "agent", "text": "棉的哦"})
    expect(chat.sidebar.locator(".notice[data-state='replied']")).to_be_visible()


def test_turning_to_another_buyer_leaves_nothing_of_the_first_and_keeps_each_draft(chat: Window) -> None:
    draft = chat.sidebar.get_by_label("回复草稿", exact=True)
    chat.call("say", MATERIAL)
    expect(chat.card()).to_be_visible()
    draft.fill("给小鱼儿的话")
    first = chat.call("conversationId")
    chat.call("turnTo", f"{first}-b", "大橘")
    expect(chat.sidebar.locator("#buyer")).to_have_text("大橘")
    expect(chat.card()).to_have_count(0)
    expect(draft).to_have_value("")
    chat.call("turnTo", first, "小鱼儿")
    expect(draft).to_have_value("给小鱼儿的话")


def test_what_the_host_shows_is_known_to_the_service_and_other_pages(chat: Window, service: Server) -> None:
    chat.call("say", {"id": "m9", "role": "buyer", "text": "发票可以开吗"})
    expect(chat.card()).to_be_visible()
    with service.client() as client:
        expect(chat.sidebar.locator("#live")).to_have_attribute("data-state", "live")
        told = client.get(f"/v1/conversations/{chat.call('conversationId')}").json()
    assert "发票可以开吗" in [message["text"] for message in told["messages"]]
    assert told["context"]["buyer"]["nick"] == "小鱼儿"


def test_hosts_own_draft_is_checked_and_a_replacement_goes_back_to_the_host(chat: Window) -> None:
    chat.call("sendDraft", "亲，全网最低价哦")
    finding = chat.sidebar.locator("#findings li").first
    expect(finding).to_contain_text("全网最低")
    finding.get_by_role("button").click()
    expect(chat.page.locator("#reply")).not_to_have_value("亲，全网最低价哦")
    expect(chat.page.locator("#reply")).to_have_value(chat.sidebar.get_by_label("回复草稿", exact=True).input_value())


def test_agents_own_draft_is_not_overwritten_by_the_hosts(chat: Window) -> None:
    draft = chat.sidebar.get_by_label("回复草稿", exact=True)
    chat.call("sendDraft", "亲，您好")
    expect(draft).to_have_value("亲，您好")
    chat.sidebar.get_by_role("button", name="清空").click()
    chat.call("say", MATERIAL)
    expect(chat.card()).to_be_visible()
    chat.press("e")
    expect(draft).to_have_value(chat.reply())
    chat.call("sendDraft", "亲，您好，在的")
    chat.page.wait_for_timeout(300)
    expect(draft).to_have_value(chat.reply())


@pytest.mark.parametrize(
    "data",
    [
        "not an object", None, {"protocol": "xiaoer", "version": 2, "type": "conversation"},
        {"protocol": "xiaoer", "version": 1, "type": "conversation", "conversation": {"id": "x", "messages": "?"}},
        {"protocol": "other", "version": 1, "type": "draft", "text": "x"},
    ],
)  # fmt: skip
def test_messages_that_are_not_of_the_protocol_change_nothing(chat: Window, data: object) -> None:
    errors: list[str] = []
    chat.page.on("pageerror", lambda error: errors.append(str(error)))
    chat.call("tellRaw", data)
    chat.call("say", MATERIAL)
    expect(chat.card()).to_be_visible()
    assert errors == []


def test_chatwoot_context_is_asked_for_and_read_with_notes_left_out(window: Opens) -> None:
    chat = window("chatwoot")
    expect(chat.sidebar.locator("#buyer")).to_have_text("小鱼儿")
    chat.call("say", {"id": 1, "content": "啥料子的", "message_type": 0})
    chat.call("say", {"id": 2, "content": "买家又来了，能改地址吗", "message_type": 1, "private": True})
    chat.call("say", {"id": 3, "content": "小美 加入了会话", "message_type": 2})
    expect(chat.card()).to_be_visible()
    expect(chat.sidebar.locator("#turn q")).to_have_text("啥料子的")
    assert chat.page.evaluate("window.asked") >= 1
    chat.call("say", {"id": 4, "content": "棉的哦", "message_type": 1})
    expect(chat.sidebar.locator(".notice[data-state='replied']")).to_be_visible()


def test_chatwoot_has_no_insertion_so_the_reply_is_copied_and_the_page_says_so(window: Opens) -> None:
    chat = window("chatwoot")
    expect(chat.sidebar.locator("#buyer")).to_have_text("小鱼儿")
    chat.call("say", {"id": 1, "content": "啥料子的", "message_type": 0})
    expect(chat.card()).to_be_visible()
    chat.press("1")
    expect(chat.sidebar.locator("#toast")).to_contain_text("粘贴")
    chat.page.locator("#reply").press("Control+V")
    expect(chat.page.locator("#reply")).to_have_value(chat.reply())


@pytest.mark.parametrize("old", [False, True])
def test_qianniu_takes_the_reply_into_its_input_box_for_the_open_buyer(
    context: BrowserContext, service: Server, old: bool
) -> None:
    buyer = "RAzN8BQy"
    if old:
        context.add_init_script("window.qianniuIsOld = true")
    context.add_init_script(path=HOST_PAGES / "qianniu_client.js")
    with service.client() as client:  # before the page is there: cards that are being renewed cannot be taken
        report = {"messages": [{"id": f"q-{old}", "role": "buyer", "text": "發票可以開嗎"}]}
        assert client.post(f"/v1/conversations/{buyer}/messages", json=report).status_code == 202
    page = context.new_page()
    page.goto(f"{service.url}/sidebar?host=qianniu")
    card = page.locator(".card[data-rank='1']")
    expect(card).to_contain_text("发票")
    card.focus()
    page.keyboard.press("1")
    expect(page.locator("#toast")).to_have_text("已填入千牛输入框")
    text = "".join(card.locator(".words").all_inner_texts())
    expected = {"uid": buyer, "text": text, **({"old": True, "type": 0} if old else {})}
    assert page.evaluate("window.inserted") == [expected]


def test_qianniu_buyer_that_is_opened_becomes_the_conversation(context: BrowserContext, service: Server) -> None:
    context.add_init_script(path=HOST_PAGES / "qianniu_client.js")
    with service.client() as client:
        report = {
            "messages": [{"id": "z1", "role": "buyer", "text": "能改地址吗"}],
            "context": {"buyer": {"nick": "大橘"}},
        }
        client.post("/v1/conversations/SEC-2/messages", json=report)
    page = context.new_page()
    page.goto(f"{service.url}/sidebar?host=qianniu")
    expect(page.locator("#live")).to_have_attribute("data-state", "live")
    page.evaluate("window.openBuyer('SEC-2')")
    expect(page.locator("#buyer")).to_have_text("大橘")
    expect(page.locator(".card[data-rank='1']")).to_contain_text("地址")


def test_site_that_is_not_in_the_allow_list_can_neither_frame_the_page_nor_talk_to_it(
    context: BrowserContext, service: Server, foreign_origin: str
) -> None:
    page = context.new_page()
    refusals: list[str] = []
    page.on("console", lambda message: refusals.append(message.text))
    page.goto(f"{foreign_origin}/stranger.html?service={service.url}")
    with context.expect_page() as opened:
        page.evaluate("window.openWindow()")
    alone = opened.value
    expect(alone.locator("#topbar")).to_be_visible()
    page.evaluate("window.talk()")
    alone.wait_for_timeout(500)
    expect(alone.locator("#buyer")).not_to_have_text("会话 c-stranger")
    expect(alone.locator(".card")).to_have_count(0)
    assert any("frame-ancestors" in text for text in refusals), refusals
    expect(page.frame_locator("#sidebar").locator("#suggestions")).to_have_count(0)
