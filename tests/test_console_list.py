"""The list of entries in a browser: search, filters, pages, and what is done to several at once."""

from __future__ import annotations

import re

from httpx2 import Client
from playwright.sync_api import Route, expect

from tests.open_console import GIFT, Console

pytest_plugins = ["tests.page_fixtures", "tests.browser_fixtures", "tests.service_fixtures", "tests.console_fixtures"]
ENTRIES = "**/v1/entries?*"


def test_list_is_walked_by_keyboard_and_back_returns_to_the_same_search(console: Console) -> None:
    expect(console.rows.first).to_be_visible()
    console.page.keyboard.press("/")
    expect(console.page.get_by_label("搜索条目")).to_be_focused()
    console.search("发票")
    console.page.keyboard.press("ArrowDown")
    console.page.keyboard.press("ArrowDown")
    expect(console.rows.nth(1).locator(".title")).to_be_focused()
    console.page.keyboard.press("x")
    expect(console.page.get_by_role("toolbar", name="对选中的条目")).to_contain_text("已选 1 条")
    console.page.keyboard.press("ArrowUp")
    console.page.keyboard.press("ArrowUp")
    expect(console.page.get_by_label("搜索条目")).to_be_focused()
    console.page.keyboard.press("ArrowDown")
    title = console.rows.first.locator(".title").inner_text()
    console.page.keyboard.press("Enter")
    expect(console.title).to_have_value(title)
    console.page.go_back()
    expect(console.page.get_by_label("搜索条目")).to_have_value("发票")
    expect(console.rows.first.locator(".title")).to_have_text(title)


def test_search_by_meaning_and_by_pinyin(console: Console) -> None:
    console.search("衣服洗了几次褪色咋整", "意思")
    expect(console.rows.first).to_be_visible()
    assert console.rows.count() > 1
    console.search("fapiao", "拼音")
    expect(console.rows.first.locator(".title")).to_contain_text("发票")


def test_a_way_to_search_chosen_before_typing_is_kept(console: Console) -> None:
    console.page.locator(".modes label").filter(has_text="意思").click()
    expect(console.page).to_have_url(re.compile("mode=meaning"))
    console.page.reload()
    expect(console.page.get_by_role("radio", name="意思")).to_be_checked()
    expect(console.rows.first).to_be_visible()


def test_an_answer_to_an_older_search_is_dropped(console: Console) -> None:
    late: list[Route] = []

    def delay(route: Route) -> None:
        if "q=%E9%80%80" in route.request.url and not late:  # 退
            late.append(route)
        else:
            route.continue_()

    console.page.route(ENTRIES, delay)
    box = console.page.get_by_label("搜索条目")
    box.fill("退")
    console.page.wait_for_timeout(400)
    console.search("发票")
    for route in late:
        route.continue_()
    console.page.wait_for_timeout(400)
    expect(console.rows.first).to_contain_text("发票")
    console.page.unroute(ENTRIES)


def test_filters_and_pages_stand_in_the_address(console: Console) -> None:
    console.page.get_by_label("意图").select_option("after.return")
    console.settle()
    for name in console.rows.locator(".intent").all_inner_texts():
        assert name == "退货"
    assert "intent=after.return" in console.page.url
    console.page.get_by_role("button", name="清除筛选").click()
    console.settle()
    console.page.get_by_role("button", name="下一页").click()
    expect(console.page.get_by_label("第几页")).to_have_value("2")
    second = console.rows.first.get_attribute("data-id")
    console.page.reload()
    expect(console.page.get_by_label("第几页")).to_have_value("2")
    assert console.rows.first.get_attribute("data-id") == second


def test_bulk_archive_asks_first_and_restore_brings_back(console: Console, api: Client, gift: str) -> None:
    console.search("买两件送什么小礼物")
    console.row(gift).get_by_role("checkbox").check()
    toolbar = console.page.get_by_role("toolbar", name="对选中的条目")
    toolbar.get_by_role("button", name="归档").click()
    console.dialog.get_by_role("button", name="取消").click()
    assert api.get(f"/v1/entries/{gift}").json()["status"] == "published"
    toolbar.get_by_role("button", name="归档").click()
    expect(console.dialog).to_contain_text("买两件送什么小礼物")
    console.dialog.get_by_role("button", name="归档").click()
    console.toast("已归档 1 条")
    expect(console.row(gift)).to_contain_text("已归档")
    console.row(gift).get_by_role("checkbox").check()
    toolbar.get_by_role("button", name="恢复").click()
    console.dialog.get_by_role("button", name="恢复").click()
    console.toast("已恢复 1 条")
    assert api.get(f"/v1/entries/{gift}").json()["status"] == "published"


def test_bulk_action_that_is_refused_changes_nothing_and_says_why(console: Console, api: Client, gift: str) -> None:
    broken = {**GIFT, "id": "walk-draft", "status": "draft", "questions": []}
    api.post("/v1/entries", json=broken)
    console.search("买两件送什么小礼物")
    console.row(gift).get_by_role("checkbox").check()
    console.row("walk-draft").get_by_role("checkbox").check()
    console.page.get_by_role("toolbar", name="对选中的条目").get_by_role("button", name="发布").click()
    console.dialog.get_by_role("button", name="发布").click()
    expect(console.dialog).to_contain_text("没有改动任何条目")
    expect(console.dialog).to_contain_text("没有相似问法")
    console.dialog.get_by_role("button", name="知道了").click()
    assert api.get("/v1/entries/walk-draft").json()["status"] == "draft"
    api.delete("/v1/entries/walk-draft")
