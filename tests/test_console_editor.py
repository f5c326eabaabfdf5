"""The editor of an entry in a browser: nothing typed is lost, and what is wrong stands where it is."""

from __future__ import annotations

import pytest
from httpx2 import Client
from playwright.sync_api import Route, expect

from tests.open_console import Console

pytest_plugins = ["tests.page_fixtures", "tests.browser_fixtures", "tests.service_fixtures", "tests.console_fixtures"]


def test_nothing_typed_is_lost_by_a_reload_or_by_leaving(console: Console, api: Client, gift: str) -> None:
    console.edit(gift)
    console.answer().fill("亲，写到一半")
    console.page.get_by_label("添加相似问法").fill("第二件有礼物吗\n两件有赠品吗")
    console.page.get_by_label("添加相似问法").press("Enter")
    console.page.reload()
    expect(console.page.locator("[data-kind='restored']")).to_contain_text("已恢复您")
    expect(console.answer()).to_have_value("亲，写到一半")
    assert console.phrasings == ["两件的小礼物是什么", "第二件有礼物吗", "两件有赠品吗"]
    console.open("#entries")
    console.edit(gift)
    expect(console.answer()).to_have_value("亲，写到一半")
    console.page.get_by_role("button", name="放弃这些修改").click()
    console.dialog.get_by_role("button", name="放弃").click()
    expect(console.answer()).to_have_value("亲，买两件送您一个帆布袋哦。")
    assert api.get(f"/v1/entries/{gift}").json()["version"] == 1


@pytest.mark.parametrize("width", [360, 1440])
def test_hint_of_the_tone_is_read_whole(console: Console, gift: str, width: int) -> None:
    console.page.set_viewport_size({"width": width, "height": 800})
    console.edit(gift)
    tone = console.page.get_by_label("语气", exact=True)
    tone.fill(tone.get_attribute("placeholder") or "")
    assert tone.evaluate("box => box.scrollWidth <= box.clientWidth")


def test_what_was_typed_stays_when_the_service_is_away_and_is_saved_when_it_is_back(
    console: Console, gift: str
) -> None:
    console.edit(gift)
    console.answer().fill("亲，断网时写的话。")
    console.page.route("**/v1/proposals", lambda route: route.abort())
    console.act("存草稿")
    console.toast("没有存成")
    expect(console.answer()).to_have_value("亲，断网时写的话。")
    console.page.unroute("**/v1/proposals")
    console.act("存草稿")
    console.toast("草稿已保存")
    console.page.reload()
    expect(console.answer()).to_have_value("亲，断网时写的话。")


def test_what_is_typed_while_a_draft_is_saved_and_published_is_kept(console: Console, api: Client, gift: str) -> None:
    held: list[Route] = []
    console.page.route("**/v1/proposals", lambda route: held.append(route))
    console.page.route("**/v1/proposals/*/publish", lambda route: held.append(route))
    console.edit(gift)
    console.answer().fill("亲，先写的话。")
    with console.page.expect_request("**/v1/proposals"):
        console.act("存草稿")
    console.answer().fill("亲，存的时候写的话。")
    held.pop().continue_()
    console.toast("草稿已保存")
    console.page.reload()
    expect(console.answer()).to_have_value("亲，存的时候写的话。")
    with console.page.expect_request("**/publish"):
        console.act("发布")
    console.answer().fill("亲，发布的时候写的话。")
    held.pop().continue_()
    console.toast("已发布")
    expect(console.page.locator("[data-kind='restored']")).to_contain_text("已恢复您")
    expect(console.answer()).to_have_value("亲，发布的时候写的话。")
    assert api.get(f"/v1/entries/{gift}").json()["answers"][0]["text"] == "亲，存的时候写的话。"


def test_what_was_typed_stays_when_the_entry_is_archived(console: Console, api: Client, gift: str) -> None:
    console.edit(gift)
    console.answer().fill("亲，还没保存的话。")
    console.page.get_by_role("button", name="归档", exact=True).click()
    console.dialog.get_by_role("button", name="归档").click()
    console.toast("已归档")
    expect(console.page.locator("[data-kind='restored']")).to_contain_text("已恢复您")
    expect(console.answer()).to_have_value("亲，还没保存的话。")
    assert api.get(f"/v1/entries/{gift}").json()["status"] == "archived"


def test_leaving_while_an_entry_is_published_stays_where_one_went(console: Console, gift: str) -> None:
    held: list[Route] = []
    console.page.route("**/v1/proposals/*/publish", lambda route: held.append(route))
    console.edit(gift)
    console.answer().fill("亲，买两件送您一把伞哦。")
    with console.page.expect_request("**/publish"):
        console.act("发布")
    console.page.get_by_role("link", name="‹ 返回").click()
    expect(console.rows.first).to_be_visible()
    held.pop().continue_()
    console.toast("已发布")
    assert "#entry" not in console.page.url
    expect(console.rows.first).to_be_visible()


def test_pasted_lines_become_phrasings_and_doubles_are_marked_and_dropped(console: Console) -> None:
    console.open("#new")
    console.title.fill("可以送礼盒吗")
    box = console.page.get_by_label("添加相似问法")
    box.focus()
    console.page.evaluate(
        """text => {
            const data = new DataTransfer();
            data.setData("text", text);
            const options = {clipboardData: data, bubbles: true, cancelable: true};
            document.activeElement.dispatchEvent(new ClipboardEvent("paste", options));
        }""",
        "有礼盒吗\r\n\r\n有礼盒吗？\n能包装一下吗 ",
    )  # fmt: skip
    assert console.phrasings == ["有礼盒吗", "能包装一下吗"]
    console.page.locator(".phrasings input").last.fill("可以送礼盒吗？")
    expect(console.page.locator(".phrasings .double")).to_contain_text("与标准问重复")
    console.page.get_by_role("button", name="去掉重复").click()
    assert console.phrasings == ["有礼盒吗"]


def test_conditions_placeholders_and_preview_say_what_a_buyer_would_read(console: Console) -> None:
    console.open("#new")
    console.title.fill("包裹到哪里了")
    console.page.get_by_label("意图", exact=True).select_option("order.track")
    console.answer().fill("亲，您的单号是")
    console.page.get_by_text("插入占位符").click()
    console.page.get_by_label("找占位符").fill("单号")
    console.page.get_by_role("button", name="运单号", exact=True).click()
    expect(console.answer()).to_have_value("亲，您的单号是{运单号}")
    console.page.get_by_label("添加条件").select_option("order.state")
    values = console.page.get_by_role("group", name="订单状态的值")
    values.get_by_text("运输中", exact=True).click()
    values.get_by_text("已签收", exact=True).click()
    expect(console.page.locator(".when-words")).to_have_text("当订单状态是运输中或已签收时说")
    samples = console.page.get_by_role("radiogroup", name="样例订单状态").locator("label")
    expect(samples.filter(has_text="运输中")).to_contain_text("答案 1")
    expect(samples.filter(has_text="待付款")).to_contain_text("不说")
    expect(console.page.locator(".preview-line")).to_contain_text("订单状态不符合")
    samples.filter(has_text="运输中").click()
    expect(console.page.locator(".preview-line .said")).to_have_text("亲，您的单号是73100000000001")


def test_check_stands_at_the_field_offers_a_replacement_and_names_like_entries(console: Console) -> None:
    console.open("#new")
    console.title.fill("能开发票吗")
    console.answer().fill("亲，全网最低价，可以开票。")
    answers = console.page.locator("[data-field='answers']")
    expect(answers.locator(".problem")).to_contain_text("全网最低价")
    expect(console.page.locator("[data-field='intent']")).to_contain_text("还没选意图")
    answers.get_by_role("button", name="改为「").click()
    expect(answers.locator(".problem")).to_have_count(0)
    console.page.get_by_label("意图", exact=True).select_option("order.track")
    expect(console.page.locator("[data-field='intent'] .problem")).to_have_count(0)
    expect(console.page.locator(".check-list .duplicate").first).to_contain_text("发票")
    console.page.locator(".check-list").get_by_role("button", name="对照").first.click()
    expect(console.dialog).to_contain_text("正在写的")


def test_a_refused_draft_names_its_fields_and_stays(console: Console) -> None:
    console.open("#new")
    console.title.fill("没有意图的条目")
    console.answer().fill("亲，{没有这个占位符}。")
    console.act("发布")
    console.toast("没有发布")
    expect(console.page.locator("[data-field='answers']")).to_contain_text("没有占位符")
    expect(console.title).to_have_value("没有意图的条目")


def test_emergency_entry_is_tagged_and_ends_by_itself(console: Console, api: Client, gift: str) -> None:
    console.edit(gift)
    console.page.get_by_role("button", name="设为应急…").click()
    console.dialog.get_by_label("有效至").fill("2099-11-12T09:00")
    console.dialog.get_by_role("button", name="填入表单").click()
    expect(console.page.get_by_role("list", name="标签")).to_contain_text("应急")
    console.act("发布")
    console.toast("已发布")
    entry = api.get(f"/v1/entries/{gift}").json()
    assert "emergency" in entry["tags"]
    assert entry["effective_until"] == "2099-11-12T09:00:00+08:00"


def test_effective_times_are_filled_from_a_named_period(console: Console) -> None:
    console.open("#new")
    named = console.page.get_by_label("按活动期填写")
    expect(named).to_contain_text("双11")
    period = named.locator("option").filter(has_text="双11").get_attribute("value")
    named.select_option(period)
    assert console.page.get_by_label("生效时间").input_value().endswith("-10-15T20:00")
    assert console.page.get_by_label("失效时间").input_value().endswith("-11-15T00:00")


def test_editor_of_one_shop_cannot_write_shared_entries_and_copies_one_instead(console: Console, api: Client) -> None:
    told = api.get("/v1/session").json() | {"role": "editor", "shop_id": "demo", "permissions":
                                            ["suggest", "knowledge.read", "knowledge.write"]}  # fmt: skip
    console.page.route("**/v1/session", lambda route: route.fulfill(json=told))
    shared = api.get("/v1/entries", params={"q": "发票", "limit": 1}).json()["entries"][0]
    console.edit(shared["id"])
    console.page.reload()
    expect(console.page.locator("[data-kind='foreign']")).to_contain_text("各店共用")
    expect(console.page.locator(".editor-bar")).to_have_count(0)
    console.page.get_by_role("button", name="复制", exact=True).first.click()
    expect(console.title).to_have_value(f"{shared['title']}（副本）")
    expect(console.page.get_by_label("适用店铺")).to_have_value("demo")
    expect(console.page.locator(".editor-bar")).to_be_visible()
