"""What agents do with replies in the sidebar, by keyboard: take, edit, judge, hand over; nothing is sent."""

from __future__ import annotations

import pytest
from playwright.sync_api import Route, expect

from tests.open_sidebar import DELIVERED, SUGGESTIONS, Desk

pytest_plugins = ["tests.browser_fixtures", "tests.page_fixtures", "tests.service_fixtures", "tests.sidebar_fixtures"]


def test_digit_puts_that_reply_into_the_draft_and_no_enter_ever_sends(desk: Desk) -> None:
    desk.ask("裙子腋下破了个洞", context=DELIVERED)
    desk.press("2")
    expect(desk.draft).to_have_value(desk.cards()[1])
    for key in ("Enter", "Shift+Enter", "Control+Enter", "Alt+Enter"):
        desk.draft.press(key)
    with desk.service.client() as client:
        messages = client.get(f"/v1/conversations/{desk.conversation}").json()["messages"]
    assert {message["role"] for message in messages} == {"buyer"}
    assert desk.wait_for_feedback("inserted")["suggestion_id"]


def test_digits_typed_into_a_field_stay_digits_and_with_alt_take_a_card(desk: Desk) -> None:
    desk.ask("啥料子的")
    desk.draft.press("1")
    desk.draft.press("/")
    expect(desk.draft).to_have_value("1/")
    desk.draft.fill("")
    desk.draft.press("Alt+1")
    expect(desk.draft).to_have_value(desk.cards()[0])


def test_tab_goes_from_card_to_card_and_arrows_through_the_buttons_of_one(desk: Desk) -> None:
    desk.ask("裙子腋下破了个洞", context=DELIVERED)
    desk.page.evaluate("document.activeElement.blur()")
    for rank in (1, 2):
        desk.page.keyboard.press("Tab")
        expect(desk.card(rank)).to_be_focused()
    desk.page.keyboard.press("ArrowRight")
    expect(desk.card(2).locator(".key")).to_be_focused()


def test_esc_leaves_a_field_first_and_then_puts_the_card_aside(desk: Desk) -> None:
    desk.ask("裙子腋下破了个洞", context=DELIVERED)
    before = desk.cards()
    desk.draft.focus()
    desk.page.keyboard.press("Escape")
    expect(desk.card(1)).to_be_focused()
    assert desk.cards() == before
    desk.page.keyboard.press("Escape")
    expect(desk.card(2)).to_be_focused()
    assert desk.cards() == before[1:]
    assert desk.wait_for_feedback("dismissed")["suggestion_id"]
    for _ in before[1:]:
        desk.page.keyboard.press("Escape")
    desk.notice("dismissed").get_by_role("button", name="恢复").click()
    expect(desk.page.locator(".card")).to_have_count(1)


def test_another_batch_holds_none_of_the_first_and_the_last_leads_back(desk: Desk) -> None:
    desk.ask("啥料子的")
    first, seen = desk.cards(), set(desk.cards())
    for _ in range(5):
        before = desk.page.locator(".card .words").first.inner_text()
        desk.press("r")
        expect(desk.page.locator(".card .words").first).not_to_have_text(before)
        if desk.cards() == first:
            break
        assert not seen & set(desk.cards())
        seen |= set(desk.cards())
    assert len(seen) > len(first)
    assert desk.cards() == first
    expect(desk.page.locator("#batch-hint")).to_contain_text("没有更多了")


def test_replies_left_over_for_one_buyer_are_not_offered_to_the_next(desk: Desk) -> None:
    desk.ask("啥料子的")
    with desk.page.expect_response(SUGGESTIONS):
        desk.press("r")
    held: list[Route] = []
    desk.page.route(SUGGESTIONS, lambda route: held.append(route))
    desk.turn_to("玳瑁", "能改地址吗")
    desk.press("r")
    desk.page.wait_for_timeout(300)
    assert desk.cards() == []
    while not held:
        desk.page.wait_for_timeout(50)
    held[0].continue_()
    expect(desk.card()).to_contain_text("地址")


def test_draft_that_was_begun_for_one_buyer_is_not_told_of_the_next(desk: Desk) -> None:
    card = desk.ask("啥料子的")
    card.get_by_role("button", name="放进草稿修改").click()
    desk.turn_to("奶牛", "能改地址吗")
    expect(desk.draft).to_have_value("")
    desk.draft.fill("亲，我帮您问问仓库。")
    desk.page.get_by_role("button", name="记为已发").click()
    expect(desk.notice("replied")).to_be_visible()
    desk.page.wait_for_timeout(500)
    assert desk.feedback("inserted") == desk.feedback("edited") == []


def test_draft_is_still_there_after_the_page_was_left(desk: Desk) -> None:
    desk.draft.fill("亲，我帮您问问仓库。")
    desk.page.reload()
    expect(desk.draft).to_have_value("亲，我帮您问问仓库。")


def test_phrase_search_by_initials_with_arrows_and_enter_inserts_and_sends_nothing(desk: Desk) -> None:
    desk.ask("啥料子的")
    desk.press("/")
    box = desk.page.get_by_role("combobox", name="搜索话术")
    expect(box).to_be_focused()
    box.press_sequentially("fp")
    first = desk.page.get_by_role("option").first
    expect(first).to_contain_text("发票")
    box.press("ArrowDown")
    chosen = desk.page.locator("[role=option][aria-selected=true]")
    text = chosen.locator(".phrase-text").inner_text()
    box.press("Enter")
    expect(desk.page.locator("#phrases")).to_be_hidden()
    expect(desk.draft).to_have_value(text)


def test_phrase_search_says_when_nothing_is_found_and_esc_closes_it(desk: Desk) -> None:
    desk.press("/")
    box = desk.page.get_by_role("combobox", name="搜索话术")
    box.fill("qqqzzzxxx")
    expect(desk.page.locator("#phrase-state")).to_contain_text("没有找到")
    box.press("Escape")
    expect(desk.page.locator("#phrases")).to_be_hidden()


def test_edited_text_is_linted_live_and_a_replacement_is_one_click(desk: Desk) -> None:
    desk.draft.fill("🙂亲，全网最低价哦")
    finding = desk.page.locator("#findings li").first
    expect(finding).to_contain_text("全网最低价")
    expect(finding).to_contain_text("不能发")
    expect(desk.page.locator("#draft-mirror mark")).to_have_text("全网最低价")
    replacement = finding.get_by_role("button")
    words = replacement.inner_text().removeprefix("改为「").removesuffix("」")
    replacement.click()
    expect(desk.draft).to_have_value(f"🙂亲，{words}哦")
    expect(desk.page.locator("#findings")).to_be_hidden()


def test_reply_sent_as_it_was_and_reply_sent_after_editing_are_told_apart(desk: Desk) -> None:
    desk.ask("啥料子的")
    desk.press("1")
    text = desk.cards()[0]
    desk.say(text, role="agent")
    expect(desk.notice("replied")).to_be_visible()
    assert desk.wait_for_feedback("sent")["sent_text"] == text
    desk.ask("能改地址吗")
    desk.press("1")
    desk.page.get_by_label("回复草稿", exact=True).fill("亲，我帮您问问仓库。")
    desk.page.get_by_role("button", name="记为已发").click()
    expect(desk.notice("replied")).to_be_visible()
    assert desk.wait_for_feedback("edited")["sent_text"] == "亲，我帮您问问仓库。"
    assert len(desk.feedback("sent")) == 1


def test_copy_like_and_edit_are_buttons_and_are_told(desk: Desk) -> None:
    card = desk.ask("啥料子的")
    card.get_by_role("button", name="复制").click()
    expect(desk.toast).to_have_text("已复制")
    card.get_by_role("button", name="这条有帮助").click()
    card.get_by_role("button", name="放进草稿修改").click()
    expect(desk.draft).to_have_value(desk.cards()[0])
    assert desk.wait_for_feedback("copied")["suggestion_id"] == desk.wait_for_feedback("liked")["suggestion_id"]


def test_dislike_asks_for_a_reason_by_keyboard_and_enter_only_files_it(desk: Desk) -> None:
    card = desk.ask("啥料子的")
    card.get_by_role("button", name="这条不合适").click()
    labels = card.locator(".chip").all_inner_texts()
    assert labels == ["不准确", "已过时", "不相关", "不完整", "语气不当", "其他"]
    desk.page.keyboard.press("ArrowRight")
    card.get_by_label("补充说明").fill("面料换了")
    card.get_by_role("button", name="提交").click()
    expect(card.locator(".reason")).to_have_count(0)
    told = desk.wait_for_feedback("disliked")
    assert (told["reason"], told["comment"]) == ("outdated", "面料换了")
    expect(desk.draft).to_have_value("")


def test_report_that_cannot_be_saved_keeps_its_words_and_says_so(desk: Desk) -> None:
    card = desk.ask("啥料子的")
    card.get_by_role("button", name="报错给知识编辑").click()
    card.get_by_label("哪里错了").fill("棉含量写错了")
    desk.page.route("**/v1/feedback", lambda route: route.abort())
    card.get_by_role("button", name="提交").click()
    expect(card.get_by_role("alert")).to_contain_text("没有提交成功")
    desk.page.unroute("**/v1/feedback")
    card.get_by_role("button", name="提交").click()
    expect(card.locator(".reason")).to_have_count(0)
    assert desk.feedback("reported")[-1]["comment"] == "棉含量写错了"


def test_report_being_written_stays_when_the_buyer_writes_on(desk: Desk) -> None:
    card = desk.ask("啥料子的")
    card.get_by_role("button", name="报错给知识编辑").click()
    report = desk.page.get_by_label("哪里错了")
    report.press_sequentially("棉含量")
    desk.ask("能改地址吗")
    expect(desk.card()).to_contain_text("地址")
    expect(report).to_be_focused()
    desk.page.keyboard.type("1")
    expect(report).to_have_value("棉含量1")
    expect(desk.draft).to_have_value("")


def test_keys_pressed_in_the_form_of_a_dislike_are_no_shortcuts(desk: Desk) -> None:
    card = desk.ask("啥料子的")
    before = desk.cards()
    card.get_by_role("button", name="这条不合适").click()
    controls = (card.get_by_role("radio").first, *(card.get_by_role("button", name=name) for name in ("提交", "取消")))
    for control in controls:
        control.focus()
        for key in ("1", "2", "e", "r", "/", "?"):
            desk.page.keyboard.press(key)
        expect(control).to_be_focused()
    expect(desk.draft).to_have_value("")
    assert desk.cards() == before
    assert desk.feedback("inserted") == []


@pytest.mark.parametrize(("opener", "words"), [("这条不合适", "补充说明"), ("报错给知识编辑", "哪里错了")])
def test_form_that_closes_gives_the_focus_back_to_its_button(desk: Desk, opener: str, words: str) -> None:
    card = desk.ask("啥料子的")
    button = card.get_by_role("button", name=opener)
    for end in ("Escape", "取消", "提交"):
        button.click()
        card.get_by_label(words).fill("面料换了")
        desk.page.keyboard.press(end) if end == "Escape" else card.get_by_role("button", name=end).click()
        expect(card.locator(".reason")).to_have_count(0)
        expect(button).to_be_focused()


def test_form_that_is_cancelled_by_a_click_puts_nothing_into_the_draft(desk: Desk) -> None:
    card = desk.ask("啥料子的")
    card.get_by_role("button", name="这条不合适").click()
    card.get_by_role("button", name="取消").click()
    expect(card.locator(".reason")).to_have_count(0)
    expect(desk.draft).to_have_value("")
    assert desk.feedback("inserted") == []


def test_form_that_outlived_its_card_gives_the_focus_to_the_card_in_its_place(desk: Desk) -> None:
    desk.ask("裙子腋下破了个洞", context=DELIVERED)
    title = desk.card(2).locator(".source").inner_text()
    desk.card(2).get_by_role("button", name="这条不合适").click()
    desk.ask("裙子腋下破了个洞", context=DELIVERED)
    expect(desk.suggestions.locator(".card .reason")).to_have_count(0)
    desk.page.keyboard.press("Escape")
    successor = desk.page.locator(".card").filter(has_text=title)
    expect(successor.get_by_role("button", name="这条不合适")).to_be_focused()


def test_form_that_outlived_all_cards_gives_the_focus_to_their_place(desk: Desk) -> None:
    desk.ask("啥料子的").get_by_role("button", name="这条不合适").click()
    desk.say("亲，是棉的。", role="agent")
    expect(desk.notice("replied")).to_be_visible()
    desk.page.keyboard.press("Escape")
    expect(desk.suggestions).to_be_focused()


def test_form_that_is_saved_late_leaves_the_focus_where_the_agent_went(desk: Desk) -> None:
    card = desk.ask("啥料子的")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route) if "disliked" in (route.request.post_data or "") else route.continue_()

    desk.page.route("**/v1/feedback", hold)
    card.get_by_role("button", name="这条不合适").click()
    card.get_by_role("button", name="提交").click()
    desk.draft.focus()
    while not held:
        desk.page.wait_for_timeout(50)
    held[0].continue_()
    expect(card.locator(".reason")).to_have_count(0)
    expect(desk.draft).to_be_focused()


def test_note_is_edited_and_saved_into_the_hand_over_table_which_filters_and_exports(desk: Desk) -> None:
    desk.ask("裙子腋下破了个洞！太失望了", context=DELIVERED)
    note = desk.page.locator(".step[data-kind='order_note']")
    note.get_by_role("textbox").fill("破洞，待传图后换新")
    note.get_by_role("button", name="记入交接").click()
    expect(desk.toast).to_contain_text("已记入交接表")
    desk.page.get_by_role("button", name="交接表", exact=True).click()
    row = desk.page.locator(".handover").first
    expect(row.get_by_role("textbox")).to_have_value("破洞，待传图后换新")
    with desk.page.expect_download() as download:
        desk.page.get_by_role("button", name="CSV").click()
    assert "破洞，待传图后换新" in download.value.path().read_text("utf-8-sig")
    row.get_by_role("button", name="完成").click()
    expect(desk.page.locator(".handover").filter(has_text=desk.conversation)).to_have_count(0)
    desk.page.get_by_label("状态").select_option("done")
    expect(desk.page.locator(".handover.done").filter(has_text=desk.conversation)).to_have_count(1)


def test_evidence_ticks_survive_the_buyers_next_message(desk: Desk) -> None:
    desk.ask("裙子腋下破了个洞！太失望了", context=DELIVERED)
    box = desk.page.locator(".step[data-kind='evidence']").get_by_role("checkbox").first
    box.check()
    desk.ask("破了个洞怎么处理", context=DELIVERED)
    expect(box).to_be_checked()
