"""The console's bar of rooms and what its rooms say when there is nothing, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.open_console import Console

pytest_plugins = ["tests.page_fixtures", "tests.browser_fixtures", "tests.service_fixtures", "tests.console_fixtures"]


@pytest.mark.parametrize(("room", "neighbours"), [("tests", ["试答", "待补知识"]), ("import", ["交班简报"])])
def test_tab_of_the_room_is_in_sight_with_its_neighbours(console: Console, room: str, neighbours: list[str]) -> None:
    console.page.set_viewport_size({"width": 360, "height": 740})
    console.open(f"#{room}")
    console.page.reload()
    bar = console.page.get_by_role("navigation", name="知识库", exact=True)
    current = bar.locator("[aria-current]")
    expect(current).to_have_attribute("data-room", room)
    for tab in (current, *(bar.get_by_role("link", name=name) for name in neighbours)):
        expect(tab).to_be_in_viewport(ratio=1)
    place, add = current.bounding_box(), bar.locator(".add").bounding_box()
    assert place
    assert add
    assert place["x"] + place["width"] <= add["x"], "the button that stays covers no part of it"


def test_no_clusters_are_told_without_a_claim_about_the_messages(console: Console) -> None:
    console.page.route("**/v1/clusters?*", lambda route: route.fulfill(json={"clusters": []}))
    console.open("#clusters")
    empty = console.page.locator(".empty")
    expect(empty.get_by_role("heading")).to_have_text("暂时没有要补的知识")
    expect(empty).to_contain_text("小二答不上的买家消息会归到这里")
