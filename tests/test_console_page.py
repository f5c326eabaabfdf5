"""The knowledge console in a real browser against a real server: an editor's day, by mouse and by keyboard."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from httpx2 import Client
from playwright.sync_api import Route, expect

from assistant.service.pages import WEB
from tests.open_console import ASKED, GIFT, Console

pytest_plugins = ["tests.page_fixtures", "tests.browser_fixtures", "tests.service_fixtures", "tests.console_fixtures"]


def _first(api: Client, text: str) -> dict[str, Any]:
    asked = {"messages": [{"role": "buyer", "text": text}]}
    suggestions: list[dict[str, Any]] = api.post("/v1/suggestions", json=asked).json()["suggestions"]
    return suggestions[0]


def test_editors_walk_from_search_to_rollback(console: Console, api: Client, gift: str) -> None:
    console.search("两件送什么小礼物")
    console.page.keyboard.press("ArrowDown")
    console.page.keyboard.press("Enter")
    expect(console.title).to_have_value("买两件送什么小礼物")

    console.answer().fill("亲，买两件送您一条丝巾哦。")
    theirs = {**GIFT, "note": "礼物由市场部定", "answers": ["亲，买两件送您一个帆布袋哦，颜色随机。"]}
    assert api.put(f"/v1/entries/{gift}", json=theirs, headers={"If-Match": '"1"'}).status_code == 200
    console.act("发布")
    expect(console.dialog).to_contain_text("先保存了这条")
    answers = console.dialog.locator("[data-field='answers']")
    expect(answers).to_contain_text("颜色随机")
    expect(answers).to_contain_text("丝巾")
    expect(console.dialog.locator("[data-field='note']").get_by_label("用对方的")).to_be_checked()
    console.dialog.get_by_role("button", name="合并", exact=True).click()
    expect(console.page.get_by_label("内部备注")).to_have_value("礼物由市场部定")
    expect(console.answer()).to_have_value("亲，买两件送您一条丝巾哦。")

    console.title.fill("发票抬头写错了怎么改")
    console.page.get_by_role("button", name="删除「两件的小礼物是什么」").click()
    console.page.get_by_label("添加相似问法").fill("发票抬头怎么改")
    console.page.get_by_label("添加相似问法").press("Enter")
    console.act("发布")
    blocked = console.page.get_by_role("region", name="没有发布：有测试会变差")
    expect(blocked).to_contain_text(ASKED)
    assert api.get(f"/v1/entries/{gift}").json()["version"] == 2
    blocked.get_by_role("button", name="回去修改").click()
    console.title.fill("买两件送什么小礼物")
    console.page.get_by_role("button", name="删除「发票抬头怎么改」").click()
    console.page.get_by_label("添加相似问法").fill("两件的小礼物是什么")
    console.act("发布")
    console.toast("已发布")
    assert _first(api, ASKED)["text"] == "亲，买两件送您一条丝巾哦。"

    console.page.get_by_role("button", name="版本", exact=True).click()
    console.dialog.get_by_role("button", name="第 1 版").click()
    console.dialog.get_by_role("button", name="恢复到第 1 版").click()
    console.dialog.last.get_by_role("button", name="恢复", exact=True).click()
    console.toast("已恢复到第 1 版")
    assert _first(api, ASKED)["text"] == "亲，买两件送您一个帆布袋哦。"
    expect(console.answer()).to_have_value("亲，买两件送您一个帆布袋哦。")


def test_changes_of_a_version_that_come_late_do_not_cover_another_one(console: Console, api: Client, gift: str) -> None:
    api.put(f"/v1/entries/{gift}", json={**GIFT, "note": "礼物由市场部定"}).raise_for_status()
    late: list[Route] = []
    console.page.route("**/versions/diff*", lambda route: late.append(route))
    console.edit(gift)
    console.page.get_by_role("button", name="版本", exact=True).click()
    console.dialog.get_by_role("button", name="第 1 版").click()
    expect(console.dialog.get_by_role("heading", name="第一版")).to_be_visible()
    [changes] = late
    with console.page.expect_response("**/versions/diff*"):
        changes.continue_()
    console.page.wait_for_timeout(300)
    expect(console.dialog.get_by_role("button", name="恢复到第 1 版")).to_be_visible()


def test_draft_goes_through_review_and_is_published_from_the_list_of_proposals(
    console: Console, api: Client, gift: str
) -> None:
    console.edit(gift)
    console.answer().fill("亲，买两件送您一双袜子哦。")
    console.page.get_by_label("给审核人的说明").fill("帆布袋送完了")
    console.act("提交审核")
    console.toast("已提交审核")
    assert "帆布袋" in _first(api, ASKED)["text"]

    console.open("#review")
    proposal = console.page.locator(".proposal").filter(has_text="帆布袋送完了")
    proposal.get_by_role("button", name="退回…").click()
    console.dialog.get_by_label("要改什么").fill("写上颜色")
    console.dialog.get_by_role("button", name="退回").click()
    console.toast("已退回")
    console.open("#review?state=returned")
    console.page.locator(".proposal").filter(has_text="写上颜色").get_by_role("link", name="买两件送什么小礼物").click()
    expect(console.page.locator("[data-kind='returned']")).to_contain_text("写上颜色")
    console.answer().fill("亲，买两件送您一双白袜子哦。")
    console.act("提交审核")
    console.toast("已提交审核")

    console.open("#review")
    proposal = console.page.locator(".proposal").filter(has_text="帆布袋送完了")
    proposal.get_by_role("button", name="看改动").click()
    expect(proposal.locator("del")).to_have_text("亲，买两件送您一个帆布袋哦。")
    expect(proposal.locator("ins")).to_have_text("亲，买两件送您一双白袜子哦。")
    proposal.get_by_role("button", name="发布").click()
    console.dialog.get_by_role("button", name="发布").click()
    console.toast("已发布：第 2 版")
    assert _first(api, ASKED)["text"] == "亲，买两件送您一双白袜子哦。"


def test_admin_publishes_over_a_regression_with_a_reason_that_is_logged(
    console: Console, api: Client, gift: str
) -> None:
    console.edit(gift)
    console.page.get_by_label("发布后的状态").select_option("archived")
    console.act("发布")
    console.page.get_by_role("button", name="仍然发布…").click()
    console.dialog.get_by_label("理由").fill("活动结束了")
    console.dialog.get_by_role("button", name="发布").click()
    console.toast("已发布")
    assert api.get(f"/v1/entries/{gift}").json()["status"] == "archived"
    assert "活动结束了" in api.get("/v1/audit", params={"limit": 20}).text


def test_bench_shows_signals_and_what_was_kept_out_and_saves_a_test_that_runs(
    console: Console, api: Client, gift: str
) -> None:
    api.put(f"/v1/entries/{gift}", json={**GIFT, "effective_until": "2020-01-01T00:00:00+08:00"})
    console.open("#bench")
    console.page.get_by_label("会话").fill("买两件送什么小礼物")
    out = console.page.get_by_role("region", name="被挡在外面的条目")
    expect(out).to_contain_text("买两件送什么小礼物")
    ranked = console.page.get_by_role("region", name="条目排名").locator(".ranked > li").first
    expect(ranked.locator(".meter")).to_have_count(6)
    before = api.get("/v1/tests").json()["total"]
    console.page.get_by_role("button", name="存为测试…").click()
    console.dialog.get_by_role("button", name="保存").click()
    console.toast("已存为测试")
    assert api.get("/v1/tests").json()["total"] == before + 1
    console.page.get_by_role("button", name="全部跑一遍").click()
    expect(console.page.get_by_role("region", name="测试结果")).to_contain_text("通过")


def test_another_shop_that_cannot_be_read_is_told_and_the_last_choice_counts(console: Console, api: Client) -> None:
    told = api.get("/v1/session").json()
    told["shops"].append({"shop_id": "other", "name": "另一家店"})
    console.page.route("**/v1/session", lambda route: route.fulfill(json=told))
    console.page.route("**/v1/items?shop_id=other", lambda route: route.abort())
    console.page.reload()
    chooser = console.page.get_by_label("店铺", exact=True)
    chooser.select_option("other")
    expect(console.page.locator("#view").get_by_role("alert")).to_contain_text("服务暂时连不上")
    chooser.select_option("demo")
    expect(console.rows.first).to_be_visible()


def test_a_shop_chosen_while_the_console_still_opens_is_the_one_shown(console: Console, api: Client) -> None:
    told = api.get("/v1/session").json()
    told["shops"].append({"shop_id": "other", "name": "另一家店"})
    console.page.route("**/v1/session", lambda route: route.fulfill(json=told))
    held: list[Route] = []
    console.page.route("**/v1/vocabulary", lambda route: held.append(route))
    console.page.route("**/v1/items?shop_id=other", lambda route: route.abort())
    console.page.reload()
    console.page.get_by_label("店铺", exact=True).select_option("other")
    held[0].continue_()
    expect(console.page.locator("#view").get_by_role("alert")).to_contain_text("服务暂时连不上")


def test_cluster_is_one_click_from_a_draft_with_its_phrasings(console: Console) -> None:
    cluster = {
        "clusters": [{"id": "c1", "title": "能不能刻字", "size": 3, "intent": "pre.spec", "entries": [],
                      "messages": [{"text": "能不能刻字", "times": 2, "last_at": "2026-11-21T10:00:00+08:00"},
                                   {"text": "可以刻名字吗", "times": 1, "last_at": "2026-11-21T10:00:00+08:00"}],
                      "draft": {"shop_id": "demo", "kind": "policy", "intent": "pre.spec", "title": "能不能刻字",
                                "questions": ["可以刻名字吗"], "answers": []}}],
        "total": 1, "messages_read": 3,
    }  # fmt: skip
    console.page.route("**/v1/clusters?*", lambda route: route.fulfill(json=cluster))
    console.open("#clusters")
    console.page.get_by_role("button", name="写成条目").click()
    expect(console.title).to_have_value("能不能刻字")
    assert console.phrasings == ["可以刻名字吗"]
    expect(console.page.get_by_label("意图", exact=True)).to_have_value("pre.spec")
    console.page.reload()
    expect(console.title).to_have_value("能不能刻字")


def test_briefing_names_what_changed_and_how(console: Console, api: Client, gift: str) -> None:
    api.put(f"/v1/entries/{gift}", json={**GIFT, "answers": ["亲，买两件送您一把伞哦。"]})
    console.open("#briefing")
    expect(console.page.get_by_role("region", name="新增")).to_contain_text("买两件送什么小礼物")


@pytest.mark.parametrize("width", [360, 1440])
@pytest.mark.parametrize("place", ["#entries", "#entry/policy-return-no-reason", "#review", "#bench", "#tests",
                                   "#clusters", "#briefing", "#import"])  # fmt: skip
def test_rooms_fit_the_screen_and_have_no_serious_accessibility_fault(console: Console, width: int, place: str) -> None:
    console.page.set_viewport_size({"width": width, "height": 800})
    console.open(place)
    console.page.wait_for_load_state("networkidle")
    assert console.page.evaluate("document.documentElement.scrollWidth") == width
    for scheme in ("light", "dark"):
        console.page.emulate_media(color_scheme=scheme)
        found = Axe().run(console.page).response["violations"]
        serious = [each for each in found if each["impact"] in ("serious", "critical")]
        assert [(each["id"], each["nodes"][0]["html"]) for each in serious] == []


def test_scripts_are_small_and_hold_no_markup() -> None:
    for script in (WEB / "console").glob("*.js"):
        text = script.read_text("utf-8")
        assert text.count("\n") <= 300, script.name
        assert "innerHTML" not in text, script.name
