"""Pages that somebody's role may not use: whose key can is said, it can be changed, what cannot work is gone."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.complaints import quiet_page
from tests.service_processes import Server, serving, xiaoer

pytest_plugins = ["tests.service_fixtures", "tests.browser_fixtures"]
ROLES = {"/admin": "管理员", "/insight": "质检、管理员", "/evaluation": "质检、管理员"}
TOOLS = {"/admin": ".sections", "/insight": "#filters", "/evaluation": "#side, #compare"}


@pytest.fixture(scope="module")
def keys(small_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, str, str]]:
    """A server with an agent's and an admin's key."""
    data = shutil.copytree(small_folder, tmp_path_factory.mktemp("keys") / "data")
    agent, admin = (xiaoer(data, "keys", "create", role, "--role", role).stdout.strip() for role in ("agent", "admin"))
    with serving(data) as server:
        yield server, agent, admin


@pytest.fixture
def page(keys: tuple[Server, str, str], browser: Browser) -> Iterator[Page]:
    """A page of an agent who is signed in."""
    server, agent, _ = keys
    with quiet_page(browser, base_url=server.url) as page:
        assert page.request.post("/v1/session", data={"key": agent}).ok
        yield page


@pytest.mark.parametrize("path", ROLES)
def test_a_page_says_whose_key_it_wants_and_takes_it(page: Page, keys: tuple[Server, str, str], path: str) -> None:
    page.goto(path)
    main = page.get_by_role("main")
    expect(main).to_contain_text(f"请换用{ROLES[path]}的密钥")
    expect(page.get_by_role("button", name="重试")).to_have_count(0)
    tools = page.locator(TOOLS[path])
    for tool in tools.all():
        expect(tool).to_be_hidden()
    page.get_by_role("link", name="换一把密钥登录").click()
    page.get_by_label("API 密钥").fill(keys[2])
    page.get_by_label("API 密钥").press("Enter")
    page.wait_for_url(f"**{path}")
    expect(tools.first).to_be_visible()
    expect(main).not_to_contain_text("请换用")


def test_a_key_that_was_not_changed_after_all_stays_signed_in(page: Page) -> None:
    page.goto("/insight")
    page.get_by_role("link", name="换一把密钥登录").click()
    expect(page.get_by_label("API 密钥")).to_be_visible()
    page.goto("/sidebar")
    expect(page.locator("#topbar")).to_contain_text("agent · 客服")


def test_a_room_of_the_console_offers_another_key_in_place_of_another_try(page: Page) -> None:
    page.route("**/v1/clusters?*", lambda route: route.fulfill(
        status=403, content_type="application/problem+json",
        json={"title": "不允许", "status": 403, "detail": "客服的密钥不能看知识，请换用管理员的密钥。"}))  # fmt: skip
    page.goto("/console#clusters")
    alert = page.get_by_role("alert")
    expect(alert.get_by_role("link", name="换一把密钥登录")).to_be_visible()
    expect(alert.get_by_role("button")).to_have_count(0)
