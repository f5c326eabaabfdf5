"""A day of the three people, in real Chromium against one real server: agent, editor, evaluator, each with a key."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from tests.accessibility import faults
from tests.gift_rows import BAD, BAG, GIFTS, HEADINGS, MENDED
from tests.open_console import Console
from tests.service_processes import serving
from tests.table_examples import csv_bytes
from tests.working_day import Keyboard, Shop, hand_out_keys

pytest_plugins = ["tests.browser_fixtures", "tests.page_fixtures", "tests.service_fixtures"]

PANEL: ViewportSize = {"width": 360, "height": 740}
DESK: ViewportSize = {"width": 1440, "height": 900}
PAGES = ["/", "/sidebar", "/console", "/insight", "/evaluation", "/admin"]
DRESS = {"item": {"item_id": "dress-001"}, "buyer": {"nick": "小鱼儿"}}
PAID = {**DRESS, "order": {"order_id": "202611180001", "state": "paid"}}
DELIVERED = {**DRESS, "order": {"order_id": "202611180001", "state": "delivered"}}
RUN_MS = 120_000

ASKED = "买两件送啥小礼物"
SCARF = "亲，买两件送您一条丝巾哦。"


@pytest.fixture(scope="module")
def shop(starter_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """One service for everybody, where nobody gets in without a key."""
    data = shutil.copytree(starter_folder, tmp_path_factory.mktemp("days") / "data")
    keys = hand_out_keys(data)
    with serving(data) as server:
        yield Shop(server, keys)


@pytest.fixture(scope="module")
def agents_day(shop: Shop, browser: Browser) -> None:
    """An agent answers ten messages of a buyer without touching a mouse."""
    path = "/sidebar?conversation=c-day"
    with shop.browser_of("小林", browser, path, viewport=PANEL) as page:
        expect(page.locator("#live")).to_have_attribute("data-state", "live")
        agent = Keyboard(page, shop, "c-day")
        for text, context, rank in (
            ("在吗", DRESS, 1),
            ("啥料子的", DRESS, 2),
            ("我160高100斤穿多大", DRESS, 3),
            ("能改地址吗", PAID, 1),
            ("可以开发票吗", PAID, 2),
            ("有运费险吗", PAID, 1),
        ):
            agent.hears(text, context)
            agent.takes(rank)
            agent.sends()
        edit_with_a_finding(agent)
        dislike(agent)
        hand_over(agent)
        agent.hears("好的谢谢", DELIVERED)
        agent.takes(1)
        with page.expect_response(lambda answer: '"sent"' in (answer.request.post_data or "")):
            agent.sends()  # what became of the suggestions is told in the background, the last of them last
        assert agent.asked == 10
        assert faults(page) == []


def edit_with_a_finding(agent: Keyboard) -> None:
    """A wording that must not be sent is found while it is typed, and replaced."""
    agent.hears("能便宜点吗", DRESS)
    taken = agent.takes(1)
    agent.press("End")
    agent.types("全网最低价哦。")
    replacement = agent.page.locator("#findings li", has_text="全网最低价").get_by_role("button")
    agent.reach(replacement)
    words = replacement.inner_text().removeprefix("改为「").removesuffix("」")
    agent.press("Enter")
    expect(agent.draft).to_have_value(f"{taken}{words}哦。")
    expect(agent.page.locator("#findings")).to_be_hidden()
    agent.sends()


def dislike(agent: Keyboard) -> None:
    """A card that does not suit is disliked with a reason, and words of one's own are sent."""
    agent.hears("会褪色吗", DRESS)
    agent.reach(agent.card(), "Shift+Tab")
    agent.reach(agent.card().get_by_role("button", name="这条不合适"), "ArrowRight")
    agent.press("Enter")
    expect(agent.card().get_by_role("radio", name="不准确")).to_be_focused()
    agent.press("ArrowRight", "Tab")
    agent.types("新批次换了面料")
    with agent.page.expect_response("**/v1/feedback") as told:
        agent.press("Tab", "Enter")
    report = json.loads(told.value.request.post_data or "")
    assert (report["action"], report["reason"], report["comment"]) == ("disliked", "outdated", "新批次换了面料")
    agent.reach(agent.draft)
    agent.types("亲，我问一下仓库这批的色牢度，马上回您。")
    agent.sends()


def hand_over(agent: Keyboard) -> None:
    """A note is changed and saved for the next shift; the buyer is answered."""
    agent.hears("裙子腋下破了个洞！太失望了", DELIVERED)
    note = agent.page.locator(".step[data-kind='order_note']")
    agent.reach(note.get_by_role("textbox"))
    agent.press("Control+a")
    agent.types("破洞，等买家传图后换新")
    agent.reach(note.get_by_role("button", name="记入交接"), "Shift+Tab")
    agent.press("Enter")
    expect(agent.page.locator("#toast")).to_contain_text("已记入交接表")
    agent.takes(1)
    agent.sends()


@pytest.mark.usefixtures("agents_day")
def test_agent_answers_ten_messages_by_keyboard_only(shop: Shop) -> None:
    with shop.client("聊天窗口") as window:
        said = window.get("/v1/conversations/c-day").json()["messages"]
        handovers = window.get("/v1/handovers").json()["handovers"]
    assert [message["role"] for message in said] == ["buyer", "agent"] * 10
    assert "全网最低价" not in "".join(message["text"] for message in said)
    assert [(each["text"], each["agent"]) for each in handovers] == [("破洞，等买家传图后换新", "小林")]
    with shop.client("小许") as evaluator:
        adoption = evaluator.get("/v1/insight", params={"item_id": "dress-001"}).json()["adoption"]
    counts = {name: adoption[name]["n"] for name in ("as_is", "edited", "ignored")}
    assert (adoption["shown"], counts) == (10, {"as_is": 8, "edited": 1, "ignored": 1})


def test_editor_imports_edits_beside_another_publishes_and_rolls_back(shop: Shop, browser: Browser) -> None:
    asking = shop.browser_of("小林", browser, "/sidebar?conversation=c-gift", viewport=PANEL)
    editing = shop.browser_of("小周", browser, "/console#import", viewport=DESK)
    beside = shop.browser_of("老陈", browser, "/console", viewport=DESK)
    with asking as sidebar, editing as page, beside as other:
        agent, console = Keyboard(sidebar, shop, "c-gift"), Console(page, f"{shop.server.url}/")
        import_with_bad_rows(console, shop)
        console.open("#entries")
        console.search("买两件送什么小礼物")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        expect(console.answer()).to_have_value(BAG)
        entry_id = page.url.partition("#entry/")[2]
        agent.hears(ASKED, {"buyer": {"nick": "大橘"}})
        expect(agent.card()).to_contain_text("帆布袋")
        label_a_test(console)

        console.edit(entry_id)
        console.answer().fill(SCARF)
        theirs = Console(other, console.url)
        theirs.edit(entry_id)
        other.get_by_label("内部备注").fill("礼物由市场部定")
        theirs.act("发布")
        theirs.toast("已发布")
        console.act("发布")
        expect(console.dialog).to_contain_text("先保存了这条")
        console.dialog.get_by_role("button", name="合并", exact=True).click()
        expect(page.get_by_label("内部备注")).to_have_value("礼物由市场部定")
        expect(console.answer()).to_have_value(SCARF)

        publish_is_blocked_until_mended(console)
        expect(agent.card()).to_contain_text("丝巾")
        roll_back(console)
        expect(agent.card()).to_contain_text("帆布袋")
        assert faults(page) == []


def import_with_bad_rows(console: Console, shop: Shop) -> None:
    """Three of five rows are wrong: each is named and nothing is stored; the corrected file goes in."""
    verdict, rows = console.page.locator(".verdict"), console.page.locator(".import-rows tbody tr")
    choose(console.page, "礼物.csv", csv_bytes(HEADINGS, *GIFTS, *BAD, encoding="gbk"))
    expect(verdict).to_contain_text("共 5 行，3 行出错，什么都没有写入")
    expect(console.page.get_by_role("button", name="正式导入")).to_be_disabled()
    expect(rows).to_have_count(3)
    for row, named in zip(rows.all(), ("类型（B 列）", "意图（C 列）", "答案1（E 列）"), strict=True):
        expect(row).to_contain_text(named)
    with shop.client("小周") as api:
        assert api.get("/v1/entries", params={"q": GIFTS[0][0]}).json()["total"] == 0
    console.page.reload()
    choose(console.page, "礼物改好.csv", csv_bytes(HEADINGS, *GIFTS, *MENDED, encoding="gbk"))
    console.page.get_by_role("button", name="正式导入").click()
    expect(verdict).to_contain_text("导入完成：新增 5 条")


def choose(page: Page, name: str, data: bytes) -> None:
    """Give the page a file and let it be checked."""
    file = {"name": name, "mimeType": "text/csv", "buffer": data}
    page.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]
    page.get_by_role("button", name="检查一遍").click()
    expect(page.locator(".verdict")).to_be_visible()


def label_a_test(console: Console) -> None:
    """The question that the entry is to answer from now on, kept from the test bench."""
    console.open("#bench")
    console.page.get_by_label("会话").fill(ASKED)
    expect(console.page.get_by_role("region", name="条目排名")).to_contain_text("买两件送什么小礼物")
    console.page.get_by_role("button", name="存为测试…").click()
    console.dialog.get_by_role("button", name="保存").click()
    console.toast("已存为测试")


def publish_is_blocked_until_mended(console: Console) -> None:
    """The entry no longer answers its test: publishing stops; with its question back, it goes on."""
    title, phrasing = "买两件送什么小礼物", "两件的小礼物是什么"
    console.title.fill("发票抬头写错了怎么改")
    console.page.get_by_role("button", name=f"删除「{phrasing}」").click()
    console.page.get_by_label("添加相似问法").fill("发票抬头怎么改")
    console.page.get_by_label("添加相似问法").press("Enter")
    console.act("发布")
    blocked = console.page.get_by_role("region", name="没有发布：有测试会变差")
    expect(blocked).to_contain_text(ASKED)
    blocked.get_by_role("button", name="回去修改").click()
    console.title.fill(title)
    console.page.get_by_role("button", name="删除「发票抬头怎么改」").click()
    console.page.get_by_label("添加相似问法").fill(phrasing)
    console.act("发布")
    console.toast("已发布")


def roll_back(console: Console) -> None:
    """Back to how it was imported."""
    console.page.get_by_role("button", name="版本", exact=True).click()
    console.dialog.get_by_role("button", name="第 1 版").click()
    console.dialog.get_by_role("button", name="恢复到第 1 版").click()
    console.dialog.last.get_by_role("button", name="恢复", exact=True).click()
    console.toast("已恢复到第 1 版")
    expect(console.answer()).to_have_value(BAG)


@pytest.mark.usefixtures("agents_day")
def test_evaluator_runs_compares_exports_and_reads_the_agents_day(shop: Shop, browser: Browser) -> None:
    entry_id = add_a_tested_entry(shop)
    with shop.browser_of("小许", browser, "/evaluation", viewport=DESK) as page:
        first = run(page, "上午", "本店的标注测试")
        expect(first.locator(".numbers div").filter(has_text="首条对").first).to_contain_text("100.0%")
        with shop.client("老陈") as editor:
            editor.delete(f"/v1/entries/{entry_id}").raise_for_status()
        run(page, "下午", "本店的标注测试")
        for name in ("上午", "下午"):
            page.get_by_label(f"选中 {name} 来比较").check()
        page.get_by_role("button", name="比较选中的两次").click()
        compared = page.get_by_role("region", name="比较两次测评")
        expect(compared.locator(".changes .lost").first).to_contain_text("天王盖地虎")
        with page.expect_download() as saved:
            compared.get_by_role("button", name="导出 CSV").click()
        assert "天王盖地虎" in Path(saved.value.path()).read_text("utf-8-sig")
        assert faults(page) == []

        page.get_by_role("link", name="洞察").click()
        page.get_by_label("商品", exact=True).select_option("dress-001")
        expect(page.locator("#report")).to_have_attribute("aria-busy", "false")
        expect(page.locator(".tile", has_text="采用建议")).to_contain_text("90.0%")
        usage = page.get_by_role("region", name="建议用得怎样")
        expect(usage).to_contain_text("看到建议的 10 条消息里")
        for outcome, count in (("原样采用", 8), ("改后采用", 1), ("没有采用", 1)):
            expect(usage.locator("li", has_text=outcome)).to_contain_text(f"{count} 条")
        with page.expect_download() as saved:
            page.get_by_role("button", name="CSV").click()
        assert "90.0%" in Path(saved.value.path()).read_text("utf-8-sig")
        assert faults(page) == []


def add_a_tested_entry(shop: Shop) -> str:
    """An editor's entry and the labelled test that holds it to its question; the entry's id."""
    asked = "主播说报暗号天王盖地虎"
    entry = {"shop_id": "demo", "kind": "policy", "intent": "pre.gift", "title": asked, "questions": [asked],
             "answers": ["亲，暗号对上了，拍下后送您一双袜子哦。"]}  # fmt: skip
    with shop.client("老陈") as editor:
        entry_id: str = editor.post("/v1/entries", json=entry).json()["id"]
        labels = {"intents": ["pre.gift"], "entry_ids": [entry_id]}
        test = {"messages": [{"role": "buyer", "text": asked, "labels": labels}]}
        editor.post("/v1/tests", json=test).raise_for_status()
    return entry_id


def run(page: Page, name: str, source: str) -> Locator:
    """Start a run; its row, once it is done."""
    page.get_by_label("名称").fill(name)
    page.get_by_label(source).check()
    page.get_by_role("button", name="开始测评").click()
    row = page.locator(".run").filter(has=page.get_by_role("heading", name=name))
    expect(row.locator(".numbers")).to_be_visible(timeout=RUN_MS)
    return row


def test_no_page_has_a_serious_accessibility_fault(shop: Shop, browser: Browser) -> None:
    with shop.browser_of("店长", browser, "/", viewport=PANEL) as page:
        for path in PAGES:
            page.goto(f"{shop.server.url}{path}")
            page.wait_for_load_state("networkidle")
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                assert faults(page) == [], (path, scheme)
                assert page.evaluate("document.documentElement.scrollWidth") == PANEL["width"], path
        page.context.clear_cookies()
        page.goto(f"{shop.server.url}/sign-in")
        assert faults(page) == []
