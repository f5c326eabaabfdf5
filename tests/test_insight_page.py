"""The insight page in a real browser: figures as the service gives them, filters in the address, charts with words."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, Route, expect

from assistant.service.pages import WEB
from knowledge.store import Store
from tests.complaints import quiet_page
from tests.service_processes import Server, serving
from tests.small_knowledge import settings_over
from tests.traffic import TEXT, Said, past

pytest_plugins = ["tests.service_fixtures", "tests.browser_fixtures"]
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
INSIGHT = "**/v1/insight?*"
TODAY = datetime.now(ZoneInfo("Asia/Shanghai")).date()
EVIL = "<img src=x onerror=alert(1)>"


def made() -> list[Said]:
    """Two weeks with a bit of everything, and a message that would be markup if it were read as such."""
    start = datetime.now(UTC) - timedelta(days=13, hours=4)
    usual = [
        Said(intent="pre.size", item="cup-9", conversation=f"a{n}", agent="小林", waited_s=30.0,
             at=start + timedelta(hours=6 * n), actions=("shown", "inserted", "sent"), sent_text=TEXT)
        for n in range(40)
    ]  # fmt: skip
    trouble = [
        Said(intent="after.defect", item="cup-9", conversation=f"b{n}", agent="大勇", waited_s=400.0, complaint=True,
             at=start + timedelta(hours=30 * n), actions=("shown", "edited"), sent_text="加我微信聊")
        for n in range(9)
    ]  # fmt: skip
    asked = Said(intent="pre.spec", item="cup-9", conversation="c", message=EVIL, missing=("item.attributes",),
                 at=start + timedelta(days=12), abstained=True)  # fmt: skip
    return [*usual, *trouble, asked]


@pytest.fixture(scope="module")
def server(small_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server over a shop with two weeks of traffic."""
    data = shutil.copytree(small_folder, tmp_path_factory.mktemp("insight") / "data")
    with closing(Store(settings_over(data).store_url)) as store:
        store.past.put(past(made()))
    with serving(data) as server:
        yield server


@pytest.fixture
def page(server: Server, browser: Browser) -> Iterator[Page]:
    """The page; its console must stay silent."""
    with quiet_page(browser) as page:
        open_page(page, server)
        yield page


def open_page(page: Page, server: Server, query: str = "") -> None:
    page.goto(f"{server.url}/insight{query}")
    settle(page)


def settle(page: Page) -> None:
    expect(page.locator("#report")).to_have_attribute("aria-busy", "false", timeout=30_000)


def card(page: Page, title: str) -> Locator:
    return page.get_by_role("region", name=title, exact=True)


def tile(page: Page, name: str) -> Locator:
    return page.locator(".tile").filter(has=page.get_by_text(name, exact=True))


def test_headline_numbers_are_those_of_the_service(page: Page, server: Server) -> None:
    with server.client() as client:
        found = client.get("/v1/insight").json()
    expect(tile(page, "买家消息")).to_contain_text(str(found["turns"]))
    expect(tile(page, "采用建议")).to_contain_text(f"{found['adoption']['adopted']['share']:.1%}")
    expect(tile(page, "首次响应").first).to_contain_text("30 秒")
    row = card(page, "买家在问什么").get_by_role("row", name=re.compile("尺码与型号选择"))
    expect(row).to_contain_text(f"{found['topics']['rows'][0]['rate']['share']:.1%}")


def test_the_share_of_adoption_names_what_it_is_a_share_of(page: Page) -> None:
    expect(card(page, "建议用得怎样")).to_contain_text("客服看到过建议的买家消息")


def test_filters_stand_in_the_address_and_come_back_with_it(page: Page, server: Server) -> None:
    with page.expect_response(INSIGHT):
        page.get_by_role("button", name="近 30 天").click()
    settle(page)
    expect(page).to_have_url(re.compile(f"since={TODAY - timedelta(days=29)}"))
    expect(page.get_by_role("button", name="近 30 天")).to_have_attribute("aria-pressed", "true")
    with page.expect_response(INSIGHT):
        page.get_by_label("商品", exact=True).select_option(label="随手杯")
    expect(page).to_have_url(re.compile("item=cup-9"))
    with page.expect_response(INSIGHT):
        page.get_by_label("走势", exact=True).select_option(label="按周")
    expect(page).to_have_url(re.compile("by=week"))
    settle(page)
    shared = page.url
    open_page(page, server)
    page.goto(shared)
    settle(page)
    expect(page.get_by_label("商品", exact=True)).to_have_value("cup-9")
    expect(page.get_by_label("走势", exact=True)).to_have_value("week")
    expect(tile(page, "买家消息")).to_contain_text("50")
    page.go_back()
    settle(page)
    expect(page.get_by_label("商品", exact=True)).to_have_value("")


def test_dates_in_a_wrong_order_are_not_asked_for(page: Page) -> None:
    before = page.url
    page.get_by_label("从", exact=True).fill(str(TODAY + timedelta(days=3)))
    expect(page.locator("#until:invalid")).to_have_count(1)
    assert page.url == before


def test_a_chart_is_told_in_words_and_numbers(page: Page, server: Server) -> None:
    chart = card(page, "首次响应").get_by_role("img", name="首次响应中位数走势")
    expect(chart.locator("desc")).to_contain_text("最低")
    details = card(page, "首次响应").locator("details.numbers")
    details.locator("summary").click()
    assert details.locator("tbody tr").count() == 7
    with server.client() as client:
        buckets = client.get("/v1/insight").json()["buckets"]
    month, day = (int(part) for part in buckets[0]["first"].split("-")[1:])
    expect(details.locator("tbody th").first).to_have_text(f"{month}/{day}")


def test_what_a_buyer_wrote_is_never_read_as_markup(page: Page) -> None:
    expect(card(page, "详情页缺的信息")).to_contain_text(EVIL)
    assert page.locator("main img").count() == 0


def test_an_item_leads_to_the_report_about_it(page: Page) -> None:
    with page.expect_response(INSIGHT):
        card(page, "商品质量问题").get_by_role("link", name="随手杯").click()
    settle(page)
    expect(page.get_by_label("商品", exact=True)).to_have_value("cup-9")


def test_agents_are_shown_for_coaching(page: Page) -> None:
    row = card(page, "客服辅导").get_by_role("row", name=re.compile("大勇"))
    row.locator("summary").click()
    expect(row).to_contain_text("站外联系")


@pytest.mark.parametrize(("button", "suffix"), [("导出 CSV", "csv"), ("导出 Markdown", "md")])
def test_the_report_is_saved_as_a_file(page: Page, button: str, suffix: str) -> None:
    with page.expect_download() as saved:
        page.get_by_role("button", name=button).click()
    assert saved.value.suggested_filename == f"洞察-{TODAY - timedelta(days=6)}-{TODAY}.{suffix}"
    assert "买家在问什么" in Path(saved.value.path()).read_text("utf-8-sig")


def test_days_without_traffic_say_why_there_is_nothing(page: Page, server: Server) -> None:
    open_page(page, server, "?since=2026-01-01&until=2026-01-03")
    expect(page.get_by_role("note")).to_contain_text("没有记录到买家消息")
    expect(card(page, "首次响应")).to_contain_text("还没有能算出等待时间的回复")
    assert page.locator("main svg.line-chart").count() == 0


def test_a_service_that_is_away_is_told_and_asked_again(page: Page) -> None:
    def away(route: Route) -> None:
        route.abort()

    page.route(INSIGHT, away)
    page.get_by_role("button", name="近 30 天").click()
    expect(page.locator(".notice[data-state='away']")).to_be_visible()
    page.unroute(INSIGHT, away)
    page.get_by_role("button", name="重试").click()
    expect(tile(page, "买家消息")).to_be_visible()


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", [360, 1440])
def test_it_is_accessible_and_fits_at_any_width(
    page: Page, server: Server, width: int, scheme: Literal["light", "dark"]
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    open_page(page, server, f"?since={TODAY - timedelta(days=13)}&until={TODAY}")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    violations = Axe().run(page).response["violations"]
    serious = [each for each in violations if each["impact"] in ("serious", "critical")]
    assert [(each["id"], each["nodes"][0]["html"]) for each in serious] == []


def test_scripts_are_small_and_hold_no_markup() -> None:
    for script in [*(WEB / "insight").glob("*.js"), *(WEB / "charts").glob("*.js"), WEB / "download.js"]:
        text = script.read_text("utf-8")
        assert text.count("\n") <= 300, script.name
        assert "innerHTML" not in text, script.name
