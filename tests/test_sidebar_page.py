"""The agent's sidebar at `/sidebar`, in a real browser against a real server: live, told apart, and for everybody."""

from __future__ import annotations

import json
import re
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route, expect

from tests.open_sidebar import DELIVERED, SUGGESTIONS, Desk

PHRASES = "**/v1/phrases"
pytest_plugins = ["tests.browser_fixtures", "tests.page_fixtures", "tests.service_fixtures", "tests.sidebar_fixtures"]


def test_buyer_message_appears_and_suggestions_follow_without_a_click(desk: Desk) -> None:
    expect(desk.notice("hello")).to_be_visible()
    expect(desk.ask("啥料子的")).to_contain_text("棉68%")
    expect(desk.page.locator("#buyer")).to_have_text("小鱼儿")
    expect(desk.page.locator("#turn")).to_contain_text("啥料子的")
    expect(desk.page.locator("#understanding")).to_contain_text("材质")
    assert [report["suggestion_id"] for report in desk.feedback("shown")]


def test_suggestions_that_answer_an_older_message_are_dropped(desk: Desk) -> None:
    def late(route: Route) -> None:
        answer = route.fetch().json()
        route.fulfill(json={**answer, "for_message_id": "m-older"})

    desk.page.route(SUGGESTIONS, late)
    desk.say("啥料子的")
    expect(desk.notice("refused")).to_contain_text("已过期")
    expect(desk.page.locator(".card")).to_have_count(0)


def test_new_message_while_cards_are_shown_replaces_them(desk: Desk) -> None:
    desk.ask("啥料子的")
    desk.say("能改地址吗")
    expect(desk.card()).to_contain_text("地址")
    expect(desk.page.locator("#turn")).to_contain_text("2 条合为一轮")


def test_skeleton_stands_while_the_answer_is_awaited(desk: Desk) -> None:
    held: list[Route] = []
    desk.page.route(SUGGESTIONS, lambda route: held.append(route))
    desk.say("啥料子的")
    expect(desk.page.get_by_label("正在找合适的回复")).to_be_visible()
    expect(desk.suggestions).to_have_attribute("aria-busy", "true")
    while not held:
        desk.page.wait_for_timeout(50)
    held[0].continue_()
    expect(desk.card()).to_be_visible()


def test_away_service_is_told_apart_and_asked_again_by_itself(desk: Desk) -> None:
    desk.page.route(SUGGESTIONS, lambda route: route.abort())
    desk.say("啥料子的")
    expect(desk.notice("away")).to_contain_text("服务暂时连不上")
    expect(desk.notice("away")).to_contain_text("秒后自动再试")
    desk.page.unroute(SUGGESTIONS)
    expect(desk.card()).to_be_visible()


def test_broken_line_is_shown_and_what_was_missed_arrives_after_it(desk: Desk) -> None:
    events = "**/events?*"
    desk.page.route(events, lambda route: route.abort())
    desk.page.reload()
    expect(desk.page.locator("#live")).to_have_attribute("data-state", "lost")
    expect(desk.page.locator("#live-text")).to_contain_text("秒后重连")
    expect(desk.page.get_by_role("button", name="重试")).to_be_visible()
    desk.say("啥料子的")
    desk.page.unroute(events)
    expect(desk.page.locator("#live")).to_have_attribute("data-state", "live")
    expect(desk.card()).to_be_visible()


def test_nothing_suits_is_told_with_its_reason(desk: Desk) -> None:
    desk.say("今天天气怎么样")
    expect(desk.notice("abstained")).to_contain_text("没有合适的回复")


def test_card_shows_parts_source_version_confidence_and_why_in_words(desk: Desk) -> None:
    card = desk.ask("裙子腋下破了个洞！太失望了", context=DELIVERED)
    expect(card.locator(".part").first).to_have_attribute("data-role", "empathy")
    expect(card.locator(".band")).to_have_text(re.compile("^把握[高中低]$"))
    expect(card.locator(".source")).to_contain_text(re.compile("第 [0-9]+ 版"))
    card.get_by_text("为什么").click()
    expect(card.locator(".why p")).to_have_text(re.compile("^与「.+」意思.+。$"))
    strip = desk.page.locator("#understanding")
    for words in ("投诉", "情绪", "售后"):
        expect(strip).to_contain_text(words)


def test_missing_facts_warnings_and_expiry_are_shown(desk: Desk) -> None:
    def doctored(route: Route) -> None:
        answer = route.fetch().json()
        first = answer["suggestions"][0]
        first["missing"] = ["order.tracking_no"]
        first["warnings"] = [{"category": "promise", "action": "warn", "span": [0, 1], "text": "全网最低",
                              "reason": "属于绝对化用语", "replacement": "优惠价"}]  # fmt: skip
        first["source"]["effective_until"] = "2099-11-11T23:59:00+08:00"
        route.fulfill(json=answer)

    desk.page.route(SUGGESTIONS, doctored)
    card = desk.ask("啥料子的")
    expect(card.locator(".missing")).to_contain_text("快递单号")
    expect(card.locator(".warning")).to_contain_text("可改为「优惠价」")
    expect(card.locator(".until")).to_contain_text("有效至 11/11 23:59")


def test_waiting_time_turns_to_words_and_a_holding_phrase_is_one_key_away(desk: Desk) -> None:
    desk.ask("啥料子的", ago_s=50)
    timer = desk.page.get_by_role("timer")
    expect(timer).to_have_attribute("data-level", "short")
    expect(timer).to_contain_text("还剩")
    holding = desk.page.locator("#holding")
    expect(holding).to_contain_text("先回一句")
    desk.press("0")
    expect(desk.draft).not_to_have_value("")
    expect(timer).to_have_attribute("data-level", "over")
    expect(timer).to_contain_text("已超时")


def test_waiting_list_shows_the_longest_wait_first_and_opens_a_conversation(desk: Desk) -> None:
    other = Desk(desk.page, desk.service, f"{desk.conversation}-older")
    other.say("能改地址吗", ago_s=3000, context={"buyer": {"nick": "大橘"}})
    desk.say("啥料子的")
    desk.page.get_by_role("button", name=re.compile("待回复")).click()
    rows = desk.page.locator("#queue-list button")
    mine = rows.filter(has_text="大橘")
    expect(mine).to_have_count(1)
    expect(mine).to_contain_text("已超时")
    mine.click()
    expect(desk.page.locator("#buyer")).to_have_text("大橘")
    expect(desk.card()).to_contain_text("地址")
    assert desk.page.url.endswith(f"conversation={other.conversation}")


def test_change_of_the_knowledge_is_seen_in_the_cards_at_once(desk: Desk) -> None:
    question = "你们家裙子能不能当窗帘用"
    desk.say(question)
    expect(desk.suggestions).to_have_attribute("aria-busy", "false")
    answer = {"text": "亲，这款裙子不建议当窗帘哦。"}
    entry = {
        "shop_id": "demo", "kind": "phrase", "intent": "pre.suitability", "title": question,
        "questions": [question], "answers": [answer], "status": "published",
    }  # fmt: skip
    with desk.service.client() as client:
        assert client.post("/v1/entries", json=entry).status_code == 201
    expect(desk.suggestions).to_contain_text("不建议当窗帘")


def test_holding_phrase_that_comes_late_is_not_offered_to_the_next_buyer(desk: Desk) -> None:
    held: list[Route] = []
    desk.page.route(PHRASES, lambda route: held.append(route))
    desk.ask("啥料子的", ago_s=45)
    while not held:
        desk.page.wait_for_timeout(50)
    desk.turn_to("三花", "能改地址吗")
    with desk.page.expect_response(PHRASES):
        held[0].continue_()
    desk.page.wait_for_timeout(300)
    expect(desk.page.locator("#holding")).to_be_hidden()


def test_order_that_becomes_known_later_renews_the_cards(desk: Desk) -> None:
    desk.ask("能改地址吗")
    with desk.page.expect_request(SUGGESTIONS) as asked, desk.service.client() as client:
        told = client.put(f"/v1/conversations/{desk.conversation}", json={"context": DELIVERED})
        assert told.status_code == 200, told.text
    assert json.loads(asked.value.post_data or "")["context"]["order"]["state"] == "delivered"


def test_markup_from_a_buyer_is_shown_as_text(desk: Desk) -> None:
    desk.say("<img src=x onerror=alert(1)>")
    expect(desk.page.locator("#turn")).to_contain_text("<img src=x")
    expect(desk.page.locator("img")).to_have_count(0)
    assert desk.complaints == []


@pytest.mark.parametrize("width", [360, 1440])
def test_short_word_covers_neither_draft_nor_findings(desk: Desk, width: int) -> None:
    desk.page.set_viewport_size({"width": width, "height": 740})
    card = desk.ask("裙子腋下破了个洞！太失望了", context=DELIVERED)
    desk.draft.fill("亲，全网最低价，加我微信聊，好评返现2元哦")
    expect(desk.page.locator("#findings button").first).to_be_visible()
    card.locator("[data-tool='like']").click()
    expect(desk.toast).to_be_visible()
    word, draft = desk.toast.bounding_box(), desk.page.locator("#draft").bounding_box()
    assert word
    assert draft
    assert word["y"] + word["height"] <= draft["y"]


def test_tab_of_what_is_shown_is_marked_at_any_width(desk: Desk) -> None:
    pressed = desk.page.locator(".tabs [data-view][aria-pressed='true']:visible")
    desk.page.goto(f"{desk.service.url}/sidebar")
    expect(pressed).to_contain_text("待回复")
    desk.page.set_viewport_size({"width": 1440, "height": 800})
    expect(pressed).to_have_text("建议")
    desk.page.reload()
    expect(pressed).to_have_text("建议")
    desk.page.set_viewport_size({"width": 360, "height": 740})
    expect(pressed).to_contain_text("待回复")


@pytest.mark.parametrize("width", [360, 1440])
def test_nothing_scrolls_sideways_and_no_policy_is_broken(desk: Desk, width: int) -> None:
    desk.page.set_viewport_size({"width": width, "height": 800})
    desk.ask("裙子腋下破了个洞！太失望了", context=DELIVERED)
    desk.press("?")
    expect(desk.page.locator("#keys")).to_be_visible()
    desk.page.keyboard.press("Escape")
    desk.page.emulate_media(color_scheme="dark")
    assert desk.page.evaluate("document.documentElement.scrollWidth") == width
    assert desk.complaints == []


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1440, "dark")])
def test_accessibility_check_finds_nothing_in_any_view(
    desk: Desk, width: int, scheme: Literal["light", "dark"]
) -> None:
    desk.page.set_viewport_size({"width": width, "height": 800})
    desk.page.emulate_media(color_scheme=scheme)
    card = desk.ask("裙子腋下破了个洞！太失望了", context=DELIVERED)
    card.get_by_role("button", name="这条不合适").click()
    desk.draft.fill("亲，全网最低价哦")
    expect(desk.page.locator("#findings")).to_be_visible()
    assert faults(desk.page) == []
    desk.press("/")
    expect(desk.page.get_by_role("option").first).to_be_visible()
    assert faults(desk.page) == []
    desk.page.keyboard.press("Escape")
    desk.page.get_by_role("button", name="交接表", exact=True).click()
    assert faults(desk.page) == []


def faults(page: Page) -> list[str]:
    """What axe-core finds, with the elements."""
    found = Axe().run(page).response["violations"]
    return [f"{fault['id']}: {node['html']}" for fault in found for node in fault["nodes"]]
