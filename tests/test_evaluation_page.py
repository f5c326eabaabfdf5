"""The evaluation page in a real browser: a run started, followed, read, compared, exported and thrown away."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, Route, expect

from assistant.service.pages import WEB
from tests.complaints import quiet_page
from tests.service_processes import Server, serving

pytest_plugins = ["tests.service_fixtures", "tests.browser_fixtures"]
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
RUN_MS = 120_000
ASKED = [("什么时候发货", "order.urge_ship"), ("能改地址吗", "order.change_address")]
LIST = "**/v1/evaluations?*"


def dialog(number: int, text: str, intent: str) -> dict[str, Any]:
    return {"dialog_id": f"d{number}", "messages": [{"role": "buyer", "text": text, "labels": {"intents": [intent]}}]}


@pytest.fixture(scope="module")
def labelled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of labelled dialogs."""
    path = tmp_path_factory.mktemp("labelled") / "标注.jsonl"
    path.write_text(
        "\n".join(json.dumps(dialog(n, *each), ensure_ascii=False) for n, each in enumerate(ASKED)), "utf-8"
    )
    return path


@pytest.fixture
def server(small_folder: Path, tmp_path: Path) -> Iterator[Server]:
    with serving(shutil.copytree(small_folder, tmp_path / "data")) as server:
        yield server


@pytest.fixture
def page(server: Server, browser: Browser) -> Iterator[Page]:
    """The page; its console must stay silent."""
    with quiet_page(browser) as page:
        open_page(page, server)
        yield page


def open_page(page: Page, server: Server, query: str = "") -> None:
    page.goto(f"{server.url}/evaluation{query}")
    expect(page.locator("#evaluation")).to_have_attribute("aria-busy", "false", timeout=30_000)


def start(page: Page, name: str, file: Path) -> Locator:
    """Start a run over the file; its row, once it is done."""
    page.get_by_label("名称").fill(name)
    page.get_by_label("上传标注对话").check()
    page.get_by_label("标注对话文件").set_input_files(file)
    page.get_by_role("button", name="开始测评").click()
    row = page.locator(".run").filter(has=page.get_by_role("heading", name=name))
    expect(row.locator(".numbers")).to_be_visible(timeout=RUN_MS)
    return row


def spoil(server: Server) -> None:
    """Take the entry away that answers the first message."""
    with server.client() as client:
        entry = client.get("/v1/entries/policy-ship").json()
        client.delete("/v1/entries/policy-ship", headers={"If-Match": f'"{entry["version"]}"'}).raise_for_status()


def test_an_evaluators_day(page: Page, server: Server, labelled: Path) -> None:
    first = start(page, "改之前", labelled)
    expect(first).to_contain_text("标注.jsonl")
    expect(first.locator(".numbers div").filter(has_text="首条对").first).to_contain_text("100.0%")

    first.get_by_role("button", name="看报告").click()
    report = page.frame_locator("#report iframe")
    expect(report.get_by_role("heading", name="小二测评报告")).to_be_visible()
    assert page.locator("#report iframe").get_attribute("sandbox") == "allow-scripts"
    report.get_by_role("link", name="错在哪里").click()
    page.get_by_role("region", name="测评报告").get_by_role("button", name="关闭").click()
    expect(page.locator("#report")).to_be_hidden()

    spoil(server)
    second = start(page, "改之后", labelled)
    expect(second.locator(".numbers div").filter(has_text="首条对").first).to_contain_text("下降50.0")
    page.get_by_label("选中 改之后 来比较").check()
    page.get_by_label("选中 改之前 来比较").check()
    page.get_by_role("button", name="比较选中的两次").click()
    compared = page.get_by_role("region", name="比较两次测评")
    expect(compared.get_by_role("heading", name="改之前")).to_contain_text("改之后")
    expect(compared.locator(".changes li").first).to_contain_text("什么时候发货")
    compared.get_by_role("button", name="变好", exact=True).click()
    expect(compared.locator(".changes .lost")).to_have_count(0)
    with page.expect_download() as saved:
        compared.get_by_role("button", name="导出 CSV").click()
    assert "什么时候发货" in Path(saved.value.path()).read_text("utf-8-sig")

    shared = page.url
    page.goto(f"{server.url}/insight")
    page.goto(shared)
    expect(page.get_by_role("region", name="比较两次测评").locator(".changes li").first).to_be_visible()

    page.get_by_role("button", name="删除：改之前").click()
    page.get_by_role("dialog").get_by_role("button", name="删除").click()
    expect(page.locator(".run")).to_have_count(1)


def test_a_report_and_a_result_are_saved_as_files(page: Page, labelled: Path) -> None:
    row = start(page, "存档", labelled)
    for button, name in (("下载报告", "测评报告-存档.html"), ("下载结果", "测评结果-存档.json")):
        with page.expect_download() as saved:
            row.get_by_role("button", name=button).click()
        assert saved.value.suggested_filename == name
    assert json.loads(Path(saved.value.path()).read_text("utf-8"))["format"] == "xiaoer-eval/1"


def test_what_is_wrong_with_a_file_is_told_beside_the_button(page: Page, tmp_path: Path) -> None:
    page.get_by_label("上传标注对话").check()
    page.get_by_role("button", name="开始测评").click()
    expect(page.get_by_role("alert")).to_contain_text("请选择")
    for name, content, told in (
        ("gbk.jsonl", "什么时候发货".encode("gbk"), "不是 UTF-8"),
        ("bad.jsonl", b'{"dialog_id": "d"}', "第 1 行"),
    ):
        (tmp_path / name).write_bytes(content)
        page.get_by_label("标注对话文件").set_input_files(tmp_path / name)
        page.get_by_role("button", name="开始测评").click()
        expect(page.get_by_role("alert")).to_contain_text(told, timeout=60_000)


def test_a_run_under_way_is_watched_and_can_be_stopped(page: Page) -> None:
    page.get_by_label("自带的标注对话").check()
    page.get_by_role("button", name="开始测评").click()
    progress = page.get_by_role("region", name="正在测评")
    expect(progress.get_by_role("progressbar")).to_be_visible(timeout=30_000)
    expect(page.get_by_role("button", name="开始测评")).to_be_disabled()
    progress.get_by_role("button", name="停止").click()
    expect(progress).to_be_hidden(timeout=30_000)
    expect(page.get_by_role("button", name="开始测评")).to_be_enabled()
    expect(page.locator("#runs")).to_contain_text("还没有测评过")


def test_words_on_the_page_hold_at_any_width_and_say_that_it_may_be_closed(page: Page) -> None:
    expect(page.locator(".start .note")).to_contain_text("在后台进行，可以关掉本页，它会继续做完")
    expect(page.locator("#runs")).to_have_text("还没有测评过。选好测什么，点“开始测评”。")


def test_missing_libraries_are_told_with_what_to_install(page: Page, server: Server) -> None:
    def lacking(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, json={**answer.json(), "missing": "请运行 make install。"})

    page.route(LIST, lacking)
    open_page(page, server)
    expect(page.get_by_role("note")).to_contain_text("make install")
    expect(page.get_by_role("button", name="开始测评")).to_be_disabled()


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", [360, 1440])
def test_it_is_accessible_and_fits_at_any_width(
    page: Page, server: Server, labelled: Path, width: int, scheme: Literal["light", "dark"]
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    start(page, "改之前", labelled)
    spoil(server)
    start(page, "改之后", labelled)
    open_page(page, server, "?a=1&b=2")
    expect(page.locator(".changes li").first).to_be_visible(timeout=30_000)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    violations = Axe().run(page).response["violations"]
    serious = [each for each in violations if each["impact"] in ("serious", "critical")]
    assert [(each["id"], each["nodes"][0]["html"]) for each in serious] == []


def test_scripts_are_small_and_hold_no_markup() -> None:
    for script in (WEB / "evaluation").glob("*.js"):
        text = script.read_text("utf-8")
        assert text.count("\n") <= 300, script.name
        assert "innerHTML" not in text, script.name
