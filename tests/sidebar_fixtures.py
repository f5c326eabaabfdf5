"""The sidebar of a new conversation, open in a browser."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.open_sidebar import Desk
from tests.service_processes import Server

_numbers = itertools.count(1)


@pytest.fixture
def desk(service: Server, browser: Browser) -> Iterator[Desk]:
    """The sidebar of a new conversation, at the width of a side panel."""
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, locale="zh-CN", timezone_id="Asia/Shanghai", accept_downloads=True
    )
    desk = Desk(context.new_page(), service, f"c-desk-{next(_numbers)}")
    desk.listen()
    desk.page.goto(f"{service.url}/sidebar?conversation={desk.conversation}")
    expect(desk.page.locator("#live")).to_have_attribute("data-state", "live")
    yield desk
    context.close()
