"""Import and export in the console, in a real browser: an editor's file with bad rows, mended and imported."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Download, Page, expect

from knowledge.exchange.reading import open_rows
from tests.complaints import quiet_page
from tests.table_examples import csv_bytes, read, xlsx_bytes

pytest_plugins = ["tests.page_fixtures", "tests.browser_fixtures", "tests.service_fixtures"]

HEADINGS = ["用户问题", "类型", "意图", "相似问法", "回复", "负责人"]
GOOD = [
    [f"礼盒第{number}种能单买吗", "规则", "pre.gift 赠品", f"第{number}种礼盒单卖不", "亲，可以单买的。", "小王"]
    for number in range(1, 8)
]
BAD = [
    ["礼盒有几种", "规定", "pre.gift", "礼盒几种", "亲，有七种。", ""],
    ["礼盒多大", "规则", "pre.giff", "礼盒尺寸", "亲，见详情页。", ""],
    ["礼盒多重", "规则", "pre.gift", "礼盒重量", "亲，{礼盒重量}。", ""],
]


@pytest.fixture
def page(server: str, browser: Browser) -> Iterator[Page]:
    """The room of import, opened afresh; its console must stay silent."""
    with quiet_page(browser, viewport={"width": 1440, "height": 900}, reduced_motion="reduce") as page:
        page.goto(f"{server}console#import")
        expect(page.get_by_role("heading", name="导入", exact=True)).to_be_visible()
        yield page


def choose(page: Page, name: str, data: bytes) -> None:
    page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": data}
    )
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    expect(page.get_by_role("button", name="检查一遍")).to_be_visible()


def check(page: Page) -> None:
    page.get_by_role("button", name="检查一遍").click()
    expect(page.locator(".verdict")).to_be_visible()


def tiles(page: Page) -> dict[str, int]:
    """The counts above the rows; those behind the first are its parts."""
    names, counts = (page.locator(f".counts {tag}").all_inner_texts() for tag in ("dt", "dd"))
    found = dict(zip(names, map(int, counts), strict=True))
    assert found["读到"] == sum(found.values()) - found["读到"]
    return found


def saved(download: Download) -> bytes:
    return Path(download.path()).read_bytes()


def test_a_file_with_three_bad_rows_is_mended_and_imported(page: Page) -> None:
    choose(page, "礼盒.csv", csv_bytes(HEADINGS, *GOOD[:4], *BAD, *GOOD[4:], encoding="gbk"))
    expect(page.get_by_label("A 列“用户问题”作为")).to_have_value("title")
    expect(page.get_by_label("F 列“负责人”作为")).to_have_value("")
    check(page)
    expect(page.locator(".verdict")).to_contain_text("共 10 行，3 行出错，什么都没有写入")
    expect(page.get_by_role("button", name="正式导入")).to_be_disabled()
    expect(page.locator(".import-report")).to_contain_text("请在原文件里改好，再导入整个原文件")
    expect(page.locator(".import-report")).not_to_contain_text("导入这个文件")
    assert tiles(page) == {"读到": 10, "新增": 0, "更新": 0, "未变": 0, "出错": 3, "未写入": 7}
    rows = page.locator(".import-rows tbody tr")
    expect(rows).to_have_count(3)
    expect(rows.first).to_contain_text("6")
    expect(rows.first).to_contain_text("类型（B 列）")
    expect(page.locator(".import-notes")).to_contain_text("负责人（F 列）没有对应的字段")
    page.get_by_label("显示哪些行").select_option("全部行")
    expect(rows).to_have_count(10)

    with page.expect_download() as waiting:
        page.get_by_role("link", name="下载出错的行").click()
    mended = saved(waiting.value).decode("utf-8-sig")
    for wrong, right in (("规定", "规则"), ("pre.giff", "pre.gift"), ("{礼盒重量}", "看详情页")):
        mended = mended.replace(f",{wrong}", f",{right}").replace(wrong + "。", right + "。")
    page.get_by_role("button", name="改列和选项").click()
    page.get_by_label("有的行出错时").check()
    check(page)
    expect(page.locator(".import-report")).to_contain_text("先点“正式导入”写入其余的行；这个文件改好后，再单独导入它")
    page.get_by_role("button", name="正式导入").click()
    expect(page.locator(".verdict")).to_contain_text("导入完成：新增 7 条，更新 0 条，0 条没有变化，跳过出错的 3 行")
    expect(page.locator(".import-report")).to_contain_text("改好后可以直接导入这个文件")
    assert tiles(page) == {"读到": 10, "新增": 7, "更新": 0, "未变": 0, "出错": 3}

    page.get_by_role("button", name="再导入一个").click()
    choose(page, "出错的行.csv", mended.encode())
    check(page)
    expect(page.locator(".verdict")).to_contain_text("可以导入：将新增 3 条")
    page.get_by_role("button", name="正式导入").click()
    expect(page.locator(".verdict")).to_contain_text("导入完成：新增 3 条")
    page.get_by_role("link", name="去看条目").click()
    expect(page.locator(".entry-list")).to_be_visible()


def test_rows_of_jsonl_are_mended_in_their_own_file_whatever_the_mode(page: Page) -> None:
    choose(page, "礼盒.jsonl", b'{"id": "a"}\n{not json\n')
    page.get_by_label("有的行出错时").check()
    check(page)
    expect(page.locator(".import-report")).to_contain_text("请在原文件里改好，再导入整个原文件")
    expect(page.locator(".import-report")).not_to_contain_text("直接导入这个文件")


def test_an_import_that_stores_nothing_is_not_called_done(page: Page) -> None:
    """Rows that were good at the check may be bad at the import, when somebody else changed the entries meanwhile."""
    choose(page, "礼盒.csv", csv_bytes(HEADINGS, *GOOD))
    check(page)
    counts = {"read": 2, "created": 0, "updated": 0, "unchanged": 1, "failed": 1, "skipped": 0}
    report = {**counts, "notes": [], "rows": [], "rows_total": 0}
    page.route("**/v1/imports/*/run", lambda route: route.fulfill(json={"state": "done", "report": report}))
    page.get_by_role("button", name="正式导入").click()
    expect(page.locator(".verdict")).to_contain_text("1 行出错，什么都没有写入")
    expect(page.get_by_role("link", name="去看条目")).to_have_count(0)


def test_columns_of_a_wide_table_are_in_sight_on_a_narrow_screen(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    wide = ["买家最常问到的一个问题", "类型", "意图", "相似问法", "客服应当怎么回复买家", "负责人"]
    choose(page, "宽表.csv", csv_bytes(wide, *[[*row[:4], row[4] * 9, row[5]] for row in GOOD]))
    select = page.get_by_label("A 列“买家最常问到的一个问题”作为")
    expect(select).to_be_focused()
    for part in (page.get_by_role("rowheader", name="买家最常问"), page.get_by_text(GOOD[0][0]), select):
        expect(part).to_be_in_viewport(ratio=1)
    assert page.locator(".table-scroll").evaluate("box => box.scrollWidth <= box.clientWidth")


def test_columns_are_set_right_and_missing_fields_filled_in(page: Page) -> None:
    choose(page, "旧表.xlsx", xlsx_bytes(["甲", "乙", "丙"], ["新品几号上", "亲，下周一上新。", "几时上新呀"]))
    check_button = page.get_by_role("button", name="检查一遍")
    check_button.click()
    expect(page.get_by_role("alert")).to_contain_text("没有找到“标准问”这一列")
    page.get_by_role("button", name="重试").click()
    for heading, field in (("甲", "标准问"), ("乙", "答案1"), ("丙", "相似问法")):
        page.get_by_label(f"列“{heading}”作为").select_option(field)
    page.get_by_label("类型", exact=True).select_option("规则")
    page.get_by_label("意图", exact=True).select_option("pre.presale")
    check(page)
    expect(page.locator(".verdict")).to_contain_text("可以导入：将新增 1 条")


def test_a_check_that_is_stopped_ends_at_the_choice_of_a_file(page: Page) -> None:
    choose(page, "礼盒.csv", csv_bytes(HEADINGS, *GOOD))
    under_way = {"state": "checking", "step": "rows", "done": 1, "total": None}
    page.route("**/v1/imports/*/check", lambda route: route.fulfill(json=under_way))
    page.route("**/v1/imports/*?limit=50", lambda route: route.fulfill(json=under_way))
    page.get_by_role("button", name="检查一遍").click()
    expect(page.get_by_text("已检查 1 行")).to_be_visible()
    page.get_by_role("button", name="停止").click()
    expect(page.locator("#toast")).to_contain_text("已停止，没有写入")
    page.wait_for_timeout(1_000)  # the page looks after the work every 400 ms
    expect(page.get_by_text("选择文件，或拖到这里")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)


def test_a_file_that_cannot_be_read_says_how_to_save_it(page: Page) -> None:
    page.locator("input[type=file]").set_input_files(
        {"name": "旧.xls", "mimeType": "x/y", "buffer": b"\xd0\xcf\x11\xe0"}
    )
    expect(page.get_by_role("alert")).to_contain_text("另存为 .xlsx")
    page.get_by_role("button", name="换一个文件").click()
    expect(page.get_by_text("选择文件，或拖到这里")).to_be_visible()


def test_a_file_is_dropped_into_the_page(page: Page) -> None:
    page.evaluate("""() => {
        const data = new DataTransfer();
        data.items.add(new File(["标准问,答案1\\r\\n上新吗,亲，下周一。"], "拖.csv"));
        const drop = new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true });
        document.querySelector(".drop-zone").dispatchEvent(drop);
    }""")
    expect(page.get_by_role("heading", name="拖.csv")).to_be_visible()


def test_export_and_template_are_downloaded(page: Page) -> None:
    for name, ending in (("Excel 表格", "xlsx"), ("CSV 表格", "csv"), ("程序用", "jsonl")):
        with page.expect_download() as waiting:
            page.get_by_role("link", name=name).click()
        assert waiting.value.suggested_filename.endswith(f".{ending}")
        assert len(list(open_rows(saved(waiting.value), f"a.{ending}").rows)) > 400
    page.get_by_label("带上各店共用的条目").uncheck()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="程序用").click()
    assert all(row.draft and row.draft.shop_id == "demo" for row in open_rows(saved(waiting.value), "a.jsonl").rows)
    with page.expect_download() as waiting:
        page.get_by_role("link", name="CSV 模板").click()
    assert len(read(saved(waiting.value))) == 3


@pytest.mark.parametrize("width", [360, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_step_is_accessible_and_fits(page: Page, width: int, scheme: str, tmp_path: Path) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]

    def look(step: str) -> None:
        page.screenshot(path=tmp_path / f"{step}.png")
        findings = [one for one in Axe().run(page).response["violations"] if one["impact"] in ("serious", "critical")]
        assert findings == [], step
        assert page.evaluate("document.documentElement.scrollWidth") <= width, step

    look("choose")
    choose(page, "礼盒.csv", csv_bytes(HEADINGS, *GOOD[:4], *BAD))
    look("columns")
    check(page)
    expect(page.locator(".import-rows tbody tr")).to_have_count(3)
    look("report")
