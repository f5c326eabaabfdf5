"""A real browser for tests of pages: `pytest_plugins = ["tests.browser_fixtures"]`."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

ARGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
        "--disable-sync", "--no-first-run"]  # fmt: skip


def chromium() -> str | None:
    """The browser to drive: the one named by XIAOER_CHROMIUM, Debian's, or one on the path."""
    named = os.environ.get("XIAOER_CHROMIUM", "/usr/bin/chromium")
    return named if Path(named).exists() else shutil.which("chromium") or shutil.which("google-chrome")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, or a skip that says what is missing; one a module, for two at once are in each other's way."""
    path = chromium()
    if path is None:
        pytest.skip("没有找到 Chromium：安装它，或用 XIAOER_CHROMIUM 指出它的路径")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGS)
        yield browser
        browser.close()
