"""The page at `/`, open in a browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.open_workbench import Workbench


@pytest.fixture
def bench(server: str, browser: Browser) -> Iterator[Workbench]:
    """The page, opened afresh, with the catalogue in its selects."""
    page = browser.new_page(viewport={"width": 1280, "height": 800}, locale="zh-CN", timezone_id="Asia/Shanghai")
    bench = Workbench(page)
    bench.listen()
    page.goto(server)
    expect(page.get_by_label("商品", exact=True)).to_contain_text("连衣裙")
    yield bench
    page.close()
