"""Buttons that cannot be pressed just now can be read on every page, in both themes, and look it."""

from __future__ import annotations

from typing import Any, Literal

import pytest
from playwright.sync_api import Browser

from assistant.service.pages import PAGES
from tests.accessibility import contrast
from tests.complaints import quiet_page

pytest_plugins = ["tests.page_fixtures", "tests.browser_fixtures", "tests.service_fixtures"]
ENOUGH = 4.5  # WCAG 2.2 AA for small text
ADD = """() => {
    const [able, disabled] = ["", "disabled"].map((state) => {
        document.body.insertAdjacentHTML("beforeend", `<button class="primary" ${state}>全部跑一遍</button>`);
        const { color, backgroundColor } = getComputedStyle(document.body.lastChild);
        return { color, ground: backgroundColor };
    });
    return { able, disabled };
}"""


@pytest.mark.parametrize("path", [page.path for page in PAGES])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_disabled_primary_button_is_readable(
    server: str, browser: Browser, path: str, scheme: Literal["light", "dark"]
) -> None:
    with quiet_page(browser, color_scheme=scheme, reduced_motion="reduce") as page:
        page.goto(f"{server.rstrip('/')}{path}?another")  # or the sign-in page would lead elsewhere at once
        found: dict[str, Any] = page.evaluate(ADD)
    assert contrast(**found["disabled"]) >= ENOUGH
    assert found["disabled"]["ground"] != found["able"]["ground"]
