"""The knowledge console, open in a browser, and an entry to work on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from httpx2 import Client
from playwright.sync_api import Browser

from tests.open_console import ASKED, GIFT, Console
from tests.service_processes import Server


@pytest.fixture
def console(server: str, browser: Browser) -> Iterator[Console]:
    """The console, opened afresh; its console must stay silent."""
    context = browser.new_context(
        viewport={"width": 1440, "height": 900}, locale="zh-CN", timezone_id="Asia/Shanghai", reduced_motion="reduce"
    )
    console = Console(context.new_page(), server)
    console.complaints.listen(console.page)
    console.open()
    yield console
    assert console.complaints.texts == []
    context.close()


@pytest.fixture
def api(service: Server) -> Iterator[Client]:
    """The same service as another program uses it."""
    with service.client() as client:
        yield client


@pytest.fixture
def gift(api: Client) -> Iterator[str]:
    """A published entry of the shop with a labelled test that holds it to its question; both gone afterwards."""
    entry_id: str = api.post("/v1/entries", json=GIFT).json()["id"]
    labels = {"entry_ids": [entry_id]}
    test = api.post("/v1/tests", json={"messages": [{"role": "buyer", "text": ASKED, "labels": labels}]}).json()
    yield entry_id
    api.delete(f"/v1/tests/{test['id']}")
    api.delete(f"/v1/entries/{entry_id}")
