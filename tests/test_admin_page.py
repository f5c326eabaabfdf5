"""The admin page in a real browser: keys made, shown once and revoked, settings with their errors, the log read."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from assistant.service.pages import WEB
from knowledge.shop_policy import ShopPolicy
from tests.complaints import quiet_page
from tests.service_processes import Server, serving, xiaoer

pytest_plugins = ["tests.service_fixtures", "tests.browser_fixtures"]

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
AGENT = ("小王", "客服")


@pytest.fixture(scope="module")
def server(small_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that has keys, so that the page is behind the sign-in."""
    data = shutil.copytree(small_folder, tmp_path_factory.mktemp("admin") / "data")
    secret = xiaoer(data, "keys", "create", "老板").stdout.strip()
    with serving(data) as server:
        server.secret = secret  # type: ignore[attr-defined]
        yield server


@pytest.fixture
def page(server: Server, browser: Browser) -> Iterator[Page]:
    """The admin page, signed in through the sign-in page; its console must stay silent."""
    with quiet_page(browser) as page:
        page.goto(f"{server.url}/admin")
        page.wait_for_url("**/sign-in?next=%2Fadmin*")
        page.get_by_label("API 密钥").fill(server.secret)  # type: ignore[attr-defined]
        page.get_by_label("API 密钥").press("Enter")
        page.wait_for_url("**/admin")
        expect(page.get_by_role("heading", name="密钥", exact=True)).to_be_visible()
        yield page


def go(page: Page, section: str) -> Locator:
    """Open a section by its link."""
    page.get_by_role("navigation", name="管理的内容").get_by_role("link", name=section).click()
    heading = page.get_by_role("heading", name=section, exact=True)
    expect(heading).to_be_visible()
    return page.locator("section:visible")


def make_key(page: Page, name: str, role: str, shop: str = "全部店铺") -> str:
    """Make a key by the form; its secret."""
    page.get_by_label("给谁用").fill(name)
    page.get_by_label("角色").select_option(label=role)
    page.get_by_label("店铺", exact=True).last.select_option(label=shop)
    page.get_by_role("button", name="新建密钥").click()
    expect(page.get_by_role("heading", name=f"“{name}”的密钥")).to_be_visible()
    return page.locator("#secret").inner_text()


def row(page: Page, name: str) -> Locator:
    return page.locator("tbody tr").filter(has=page.get_by_role("rowheader", name=name, exact=True))


def test_a_key_is_shown_once_works_and_is_revoked_after_a_question(page: Page, server: Server) -> None:
    secret = make_key(page, *AGENT, shop="小店")
    with server.client(Authorization=f"Bearer {secret}") as client:
        session = client.get("/v1/session").json()
        assert (session["name"], session["role"], session["shop_id"]) == ("小王", "agent", "demo")
        expect(row(page, "小王")).to_contain_text("客服")
        page.get_by_role("button", name="我已保存").click()
        assert secret not in page.content()
        page.reload()
        expect(row(page, "小王")).to_be_visible()
        assert secret not in page.content()
        page.get_by_role("button", name="停用 小王").click()
        page.get_by_role("dialog").press("Escape")
        assert client.get("/v1/session").status_code == 200
        page.get_by_role("button", name="停用 小王").click()
        page.get_by_role("dialog").get_by_role("button", name="停用").click()
        expect(row(page, "小王")).to_contain_text("已停用")
        assert client.get("/v1/session").status_code == 401


def test_the_secret_can_be_copied(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    secret = make_key(page, "小李", "质检")
    page.get_by_role("button", name="复制").click()
    expect(page.get_by_role("button", name="已复制")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == secret


def test_a_double_click_makes_one_key(page: Page) -> None:
    page.get_by_label("给谁用").fill("小赵")
    page.get_by_role("button", name="新建密钥").dblclick()
    expect(page.get_by_role("heading", name="“小赵”的密钥")).to_be_visible()
    page.reload()
    expect(row(page, "小赵")).to_have_count(1)


def test_a_wrong_key_is_explained_on_the_sign_in_page(server: Server, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(f"{server.url}/sign-in?next=//evil.example/x")
    page.get_by_label("API 密钥").fill("xk_wrong")
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("alert")).to_contain_text("密钥不对，或已停用")
    page.get_by_label("API 密钥").fill(server.secret)  # type: ignore[attr-defined]
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(f"{server.url}/")  # and never to another site
    page.close()


def test_signing_out_leads_to_the_sign_in_page(page: Page) -> None:
    at_the_door = re.compile("/sign-in")
    page.get_by_role("button", name="退出").click()
    expect(page).to_have_url(at_the_door)
    expect(page.get_by_label("API 密钥")).to_be_visible()
    page.go_back()
    expect(page).to_have_url(at_the_door)


def test_settings_are_saved_and_problems_stand_beside_their_fields(page: Page, server: Server) -> None:
    section = go(page, "店铺设置")
    page.get_by_label("发货时限").fill("三天")
    page.get_by_label("无理由退货", exact=True).fill("3")
    page.get_by_label("要加运费的地区").fill("新疆: 15\n火星: 3")
    page.get_by_role("button", name="保存设置").click()
    expect(section.get_by_text("没有保存：有 3 处要改。")).to_be_visible()
    expect(page.locator("#setting-ship_within_hours-problem")).not_to_be_empty()
    expect(page.locator("#setting-region_surcharges-problem")).to_contain_text("火星")
    expect(page.get_by_label("发货时限")).to_be_focused()
    assert policy(server)["ship_within_hours"] == 48
    page.get_by_label("发货时限").fill("24")
    page.get_by_label("无理由退货", exact=True).fill("15")
    page.get_by_label("要加运费的地区").fill("新疆：15\n西藏")
    page.get_by_label("可以指定的快递").fill("顺丰\n\n 京东 ")
    page.get_by_label("每单赠送运费险").check()
    page.get_by_label("店铺名称").fill("新店名")
    page.get_by_role("button", name="保存设置").click()
    expect(section.get_by_text("已保存。")).to_be_visible()
    expect(page.locator("[aria-invalid]")).to_have_count(0)
    expect(page.locator("#topbar")).to_contain_text("新店名")
    saved = policy(server)
    assert (saved["ship_within_hours"], saved["return_days"], saved["freight_insurance"]) == (24, 15, True)
    assert saved["region_surcharges"] == {"新疆": 15, "西藏": None}
    assert saved["optional_carriers"] == ["顺丰", "京东"]


def policy(server: Server) -> dict[str, Any]:
    with server.client(Authorization=f"Bearer {server.secret}") as client:  # type: ignore[attr-defined]
        found: dict[str, Any] = client.get("/v1/shops/demo/policy").json()
        return found


def test_saving_what_was_not_touched_changes_nothing(page: Page, server: Server) -> None:
    before = policy(server)
    go(page, "店铺设置")
    page.get_by_role("button", name="保存设置").click()
    expect(page.get_by_text("已保存。")).to_be_visible()
    assert policy(server) == before


def test_settings_that_were_typed_stay_while_another_section_is_looked_at(page: Page) -> None:
    go(page, "店铺设置")
    page.get_by_label("发货时限").fill("36")
    go(page, "密钥")
    go(page, "店铺设置")
    expect(page.get_by_label("发货时限")).to_have_value("36")


def test_a_new_shop_can_be_made_and_chosen(page: Page) -> None:
    go(page, "店铺设置")
    page.get_by_label("新店铺的编号").fill("shop-2")
    page.get_by_role("button", name="新建店铺").click()
    expect(page.get_by_text("店铺 shop-2。")).to_be_visible()
    chooser = page.locator("#topbar").get_by_label("店铺", exact=True)
    expect(chooser).to_have_value("shop-2")
    chooser.select_option("demo")
    expect(page.get_by_text("店铺 demo。")).to_be_visible()


def test_the_log_shows_what_was_changed_before_and_after(page: Page, server: Server) -> None:
    with server.client(Authorization=f"Bearer {server.secret}") as client:  # type: ignore[attr-defined]
        for name in ("旧名", "新名"):
            saved = {**policy(server), "name": name}
            assert client.put("/v1/shops/demo/policy", json=saved).status_code == 200
    section = go(page, "操作记录")
    section.get_by_label("操作", exact=True).select_option(label="店铺设置")
    newest = section.locator(".records li").first
    expect(newest).to_contain_text("修改店铺设置 demo")
    expect(newest).to_contain_text("老板")
    newest.locator("summary").click()
    expect(newest.locator("del")).to_have_text("旧名")
    expect(newest.locator("ins")).to_have_text("新名")
    section.get_by_label("谁").fill("没有这个人")
    page.get_by_role("button", name="查看").click()
    expect(section).to_contain_text("没有符合条件的记录")


def test_the_log_names_the_key_that_was_made_and_revoked(page: Page, server: Server) -> None:
    with server.client(Authorization=f"Bearer {server.secret}") as client:  # type: ignore[attr-defined]
        made = client.post("/v1/keys", json={"name": "千牛插件", "role": "agent"}).json()
        assert client.delete(f"/v1/keys/{made['id']}").status_code == 204
    section = go(page, "操作记录")
    section.get_by_label("操作", exact=True).select_option(label="密钥")
    records = section.locator(".records .what")
    expect(records.nth(0)).to_have_text(f"停用密钥 千牛插件（编号 {made['id']}）")
    expect(records.nth(1)).to_have_text(f"新增密钥 千牛插件（编号 {made['id']}）")


@pytest.mark.parametrize("width", [360, 1440])
@pytest.mark.parametrize("section", ["密钥", "店铺设置", "操作记录"])
def test_no_serious_accessibility_fault_and_no_sideways_scrolling(page: Page, section: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    go(page, section)
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        page.wait_for_timeout(200)  # colours fade from one scheme to the other
        found = Axe().run(page).response["violations"]
        serious = [
            (each["id"], each["nodes"][0]["html"]) for each in found if each["impact"] in ("serious", "critical")
        ]
        assert serious == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_form_has_every_setting_of_a_shop() -> None:
    listed = json.loads((WEB / "admin" / "settings.json").read_text("utf-8"))
    assert {each["name"].split(".")[0] for each in listed} == set(ShopPolicy.model_fields)
    assert len({each["name"] for each in listed}) == len(listed)
    assert all(re.search(r"[一-鿿]", each["label"]) for each in listed)
