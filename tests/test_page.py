"""The page at `/`, in a real browser against a real server: what an agent sees and what the keys do."""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import Route, expect

from tests.open_workbench import SUGGESTIONS, Workbench

pytest_plugins = ["tests.browser_fixtures", "tests.page_fixtures", "tests.service_fixtures", "tests.workbench_fixtures"]


def test_first_visit_offers_six_messages_and_a_click_on_one_gets_its_suggestions(bench: Workbench) -> None:
    examples = bench.page.locator(".examples button")
    expect(examples).to_have_count(6)
    examples.filter(has_text="能改地址吗").click()
    expect(bench.card(1)).to_contain_text("修改收货信息")
    expect(bench.page.get_by_label("订单", exact=True)).to_have_value("paid")
    expect(bench.page.locator("#welcome")).to_be_hidden()


def test_size_question_names_m_and_key_1_puts_exactly_that_text_into_the_draft(bench: Workbench) -> None:
    expect(bench.ask("我160高100斤穿多大")).to_contain_text("M")
    expect(bench.page.locator("#understanding")).to_contain_text("身高 160 cm")
    reply = bench.reply()
    bench.page.keyboard.press("Escape")
    bench.page.keyboard.press("1")
    expect(bench.draft).to_have_value(reply)
    expect(bench.draft).to_be_focused()
    expect(bench.card(1)).to_contain_text("已填入")


def test_no_enter_in_the_draft_sends_and_the_button_only_adds_the_agents_bubble(bench: Workbench) -> None:
    bench.ask("我160高100斤穿多大")
    bench.card(1).get_by_role("button", name="填入").click()
    for keys in ("Enter", "Shift+Enter", "Control+Enter"):
        bench.draft.press(keys)
    expect(bench.page.locator(".bubble.agent")).to_have_count(0)
    bench.draft.fill("亲，建议您选M码。")
    with bench.page.expect_response(SUGGESTIONS):
        bench.page.get_by_role("button", name="发送").click()
        expect(bench.page.locator(".bubble.agent .said")).to_have_text("亲，建议您选M码。")
        expect(bench.notice("replied")).to_be_visible()
        bench.say("好的")
    assert [message["role"] for message in bench.asked[-1]["messages"]] == ["buyer", "agent", "buyer"]


def test_draft_is_checked_while_it_is_written_and_a_wording_is_replaced_by_a_click(bench: Workbench) -> None:
    bench.draft.fill("亲，全网最低价哦")
    findings = bench.page.get_by_role("list", name="用语检查")
    expect(findings).to_contain_text("不能发「全网最低价」")
    expect(bench.page.locator("#draft-mirror mark")).to_have_text("全网最低价")
    findings.get_by_role("button", name="改为").click()
    expect(bench.draft).not_to_have_value("亲，全网最低价哦")
    expect(findings).to_be_hidden()


def test_digits_typed_into_a_message_stay_digits_and_with_alt_take_a_card(bench: Workbench) -> None:
    bench.ask("啥料子的")
    box = bench.page.get_by_label("以买家身份输入")
    box.press("1")
    expect(box).to_have_value("1")
    expect(bench.draft).to_have_value("")
    box.press("Alt+1")
    expect(bench.draft).to_have_value(bench.reply())


def test_another_card_replaces_an_untouched_insertion_and_joins_an_edited_draft(bench: Workbench) -> None:
    bench.ask("裙子腋下破了个洞！太失望了", state="delivered")
    bench.page.keyboard.press("Alt+1")
    bench.page.keyboard.press("Alt+2")
    expect(bench.draft).to_have_value(bench.reply(2))
    bench.draft.fill("您好，")
    bench.page.keyboard.press("Alt+1")
    expect(bench.draft).to_have_value("您好，" + bench.reply(1))


def test_material_comes_from_the_chosen_items_attributes(bench: Workbench) -> None:
    expect(bench.ask("啥料子的")).to_contain_text("棉68%")


def test_address_change_is_answered_differently_for_each_order_state(bench: Workbench) -> None:
    replies = set()
    for state in ("", "paid", "shipped", "collected"):
        bench.page.get_by_role("button", name="新会话").click()
        expect(bench.ask("能改地址吗", state=state)).to_contain_text("修改收货信息")
        replies.add(bench.reply())
    assert len(replies) == 4


def test_order_state_changed_while_the_buyer_waits_asks_again_without_a_click(bench: Workbench) -> None:
    bench.ask("能改地址吗", state="paid")
    before = bench.reply()
    with bench.page.expect_response(SUGGESTIONS):
        bench.choose(state="collected")
    bench.settle()
    assert bench.reply() != before


def test_complaint_opens_with_empathy_and_asks_for_evidence(bench: Workbench) -> None:
    bench.choose(state="delivered")
    bench.say("刚收到的裙子")
    card = bench.ask("腋下破了个洞！太失望了", state="delivered")
    expect(card.locator(".part").first).to_have_attribute("data-role", "empathy")
    expect(card.locator(".role").first).to_have_text("共情")
    expect(bench.page.locator("#understanding")).to_contain_text("投诉")
    evidence = bench.page.locator(".step[data-kind='evidence']")
    expect(evidence.get_by_role("checkbox").first).to_be_visible()
    expect(bench.page.locator(".step[data-kind='order_note']").get_by_role("button", name="复制")).to_be_visible()
    expect(bench.page.locator(".waiting")).to_contain_text("2 条合为一轮")


def test_note_being_written_stays_when_the_suggestions_are_drawn_anew(bench: Workbench) -> None:
    bench.ask("裙子腋下破了个洞！太失望了", state="delivered")
    note = bench.page.locator(".step[data-kind='order_note']").get_by_role("textbox")
    held: list[Route] = []
    bench.page.route(SUGGESTIONS, lambda route: held.append(route))
    bench.say("破了个洞怎么处理")
    note.fill("破洞，待传图")
    while not held:
        bench.page.wait_for_timeout(50)
    with bench.page.expect_response(SUGGESTIONS):
        held[0].continue_()
    bench.settle()
    expect(note).to_be_focused()
    bench.page.keyboard.type("后换新1")
    expect(note).to_have_value("破洞，待传图后换新1")
    expect(bench.draft).to_have_value("")


def test_note_of_one_conversation_is_not_shown_in_the_next(bench: Workbench) -> None:
    note = bench.page.locator(".step[data-kind='order_note']").get_by_role("textbox")
    bench.ask("裙子腋下破了个洞！太失望了", state="delivered")
    note.fill("破洞，待传图")
    bench.page.get_by_role("button", name="新会话").click()
    bench.ask("裙子腋下破了个洞！太失望了", state="delivered")
    expect(note).not_to_have_value("破洞，待传图")


def test_chitchat_shows_that_nothing_suits_and_why(bench: Workbench) -> None:
    bench.ask("今天天气怎么样")
    expect(bench.notice("abstained")).to_contain_text("没有合适的回复")
    expect(bench.notice("abstained").locator("p").first).not_to_be_empty()
    for band in bench.page.locator(".card .band").all_inner_texts():
        assert band == "过渡语"


def test_traditional_characters_are_understood(bench: Workbench) -> None:
    expect(bench.ask("發票可以開嗎")).to_contain_text("发票")


def test_why_names_the_entry_the_matching_question_and_the_signals(bench: Workbench) -> None:
    card = bench.ask("啥料子的")
    card.get_by_text("为什么").click()
    expect(card.locator(".why")).to_contain_text("知识条目")
    expect(card.locator(".why")).to_contain_text("与相似问法的语义相近")
    expect(bench.draft).to_have_value("")


def test_away_service_offers_a_retry_that_recovers_without_losing_anything(bench: Workbench) -> None:
    bench.page.route(SUGGESTIONS, lambda route: route.abort())
    bench.say("在吗")
    expect(bench.notice("away")).to_contain_text("服务暂时连不上")
    bench.page.unroute(SUGGESTIONS)
    bench.notice("away").get_by_role("button", name="重试").click()
    expect(bench.card(1)).to_be_visible()
    expect(bench.page.locator(".bubble.buyer")).to_have_count(1)


def test_who_is_not_signed_in_goes_to_the_sign_in_page_and_comes_back(bench: Workbench) -> None:
    problem = {"title": "需要 API 密钥", "status": 401, "detail": "请先登录"}
    bench.page.route("**/v1/**", lambda route: _answer(route, problem, 401))
    bench.say("在吗")
    bench.page.wait_for_url("**/sign-in?next=%2F")
    expect(bench.page.get_by_label("API 密钥")).to_be_focused()
    bench.page.unroute("**/v1/**")
    bench.page.reload()
    bench.page.wait_for_url(lambda url: not url.endswith("sign-in?next=%2F"))
    expect(bench.page.get_by_label("商品", exact=True)).to_contain_text("连衣裙")


def test_message_that_the_service_refuses_is_explained_and_can_be_taken_back(bench: Workbench) -> None:
    bench.say("长" * 20_001)
    expect(bench.notice("refused")).to_contain_text("买家消息")
    bench.page.get_by_role("button", name="撤回这条消息").click()
    expect(bench.page.locator(".bubble")).to_have_count(0)
    expect(bench.page.get_by_label("以买家身份输入")).not_to_be_empty()


def test_request_too_large_is_explained_in_words(bench: Workbench) -> None:
    bench.page.route(SUGGESTIONS, lambda route: _answer(
        route, {"title": "请求太大", "status": 413, "detail": "一次最多 512 KB"}, 413))  # fmt: skip
    bench.say("在吗")
    expect(bench.notice("refused")).to_contain_text("请求太大")
    expect(bench.notice("refused")).to_contain_text("一次最多 512 KB")


def test_suggestions_for_an_older_message_are_dropped(bench: Workbench) -> None:
    def late(route: Route) -> None:
        _answer(route, {**route.fetch().json(), "for_message_id": "m-older"})

    bench.page.route(SUGGESTIONS, late)
    bench.say("啥料子的")
    expect(bench.notice("refused")).to_contain_text("已过期")
    expect(bench.page.locator(".card")).to_have_count(0)


def test_messages_in_quick_succession_are_asked_about_once_and_every_request_has_its_own_id(bench: Workbench) -> None:
    type_all = """texts => { const box = document.querySelector("#buyer-text");
                             for (const text of texts) { box.value = text; box.form.requestSubmit(); } }"""
    with bench.page.expect_response(SUGGESTIONS):
        bench.page.evaluate(type_all, ["在吗", "刚收到的裙子", "有点大能换吗"])
    bench.settle()
    with bench.page.expect_response(SUGGESTIONS):
        bench.say("急")
    assert [len(request["messages"]) for request in bench.asked] == [3, 4]
    assert len({request["request_id"] for request in bench.asked}) == 2


def test_missing_facts_warnings_and_expiry_are_shown_in_words(bench: Workbench) -> None:
    def doctored(route: Route) -> None:
        answer = route.fetch().json()
        first = answer["suggestions"][0]
        first["missing"] = ["order.tracking_no", "item.attributes.材质", "x.unknown"]
        first["warnings"] = [{"category": "promise", "action": "warn", "span": [0, 1], "text": "全网最低",
                              "reason": "属于绝对化用语", "replacement": "优惠价"}]  # fmt: skip
        first["source"]["effective_until"] = "2099-11-11T23:59:00+08:00"
        _answer(route, answer)

    bench.page.route(SUGGESTIONS, doctored)
    card = bench.ask("啥料子的")
    expect(card.locator(".missing")).to_contain_text("缺少 快递单号、商品属性「材质」、x.unknown")
    expect(card.locator(".warning")).to_have_text("「全网最低」属于绝对化用语，可改为「优惠价」")
    expect(card.locator(".until")).to_contain_text("有效至 11/11 23:59")


def test_markup_from_a_buyer_is_shown_as_text(bench: Workbench) -> None:
    text = "<img src=x onerror=alert(1)>"
    bench.ask(text)
    expect(bench.page.locator(".bubble .said")).to_have_text(text)
    expect(bench.page.locator("img")).to_have_count(0)
    assert bench.complaints == []


def test_narrow_screen_shows_chat_and_suggestions_in_turn_without_scrolling_sideways(bench: Workbench) -> None:
    bench.page.set_viewport_size({"width": 360, "height": 740})
    bench.ask("单号多少", state="collected")
    expect(bench.card(1)).to_be_hidden()
    bench.page.get_by_role("button", name="查看 3 条建议").click()
    expect(bench.card(1)).to_be_visible()
    assert bench.page.evaluate("document.documentElement.scrollWidth") == 360
    bench.card(1).get_by_role("button", name="填入").click()
    bench.page.get_by_role("button", name="发送").click()
    expect(bench.page.locator(".bubble.agent")).to_be_visible()


def test_whole_conversation_leaves_no_error_and_breaks_no_content_policy(bench: Workbench) -> None:
    bench.ask("裙子腋下破了个洞！太失望了", state="delivered")
    bench.card(1).get_by_text("为什么").click()
    bench.page.locator(".step").get_by_role("checkbox").first.check()
    bench.card(2).get_by_role("button", name="填入").click()
    bench.page.get_by_role("button", name="发送").click()
    bench.ask("今天天气怎么样")
    bench.page.emulate_media(color_scheme="dark")
    assert bench.complaints == []
    policy = bench.page.request.get(bench.page.url).headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy
    assert "unsafe" not in policy


def _answer(route: Route, document: dict[str, Any], status: int = 200) -> None:
    kind = "application/json" if status == 200 else "application/problem+json"
    route.fulfill(status=status, content_type=kind, body=json.dumps(document))
