"""The pages: served without a key, under a strict content security policy, and framed only by whom we allow."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from assistant.service.api import create_app
from assistant.service.pages import PAGES, WEB, Page
from assistant.service.wiring import Parts
from tests.small_knowledge import LOCAL

pytest_plugins = ["tests.service_fixtures"]

CHAT = "https://chat.example"
HTML = sorted(WEB.rglob("*.html"))


@pytest.fixture
def embedding(parts: Parts) -> Iterator[TestClient]:
    """The service, of which a chat program may show the sidebar."""
    settings = parts.settings.model_copy(update={"embed_origins": (CHAT,)})
    with TestClient(create_app(replace(parts, settings=settings)), base_url=LOCAL) as client:
        yield client


def policy(client: TestClient, page: Page) -> dict[str, list[str]]:
    header = client.get(page.path).headers["content-security-policy"]
    return {name: values for name, *values in (part.split() for part in header.split(";"))}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.path)
def test_a_page_loads_and_runs_nothing_but_its_own(client: TestClient, parts: Parts, page: Page) -> None:
    parts.store.api_keys.create("插件")
    answer = client.get(page.path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    allowed = policy(client, page)
    for source in ("default-src", "script-src", "style-src", "connect-src", "frame-ancestors"):
        assert allowed[source] == ["'self'"]
    assert allowed["object-src"] == allowed["base-uri"] == ["'none'"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.path)
def test_other_sites_may_frame_the_sidebar_and_the_way_into_it_and_nothing_else(
    embedding: TestClient, page: Page
) -> None:
    ancestors = policy(embedding, page)["frame-ancestors"]
    assert ancestors == (["'self'", CHAT] if page.path in ("/sidebar", "/sign-in") else ["'self'"])


@pytest.mark.parametrize("file", HTML, ids=lambda file: str(file.relative_to(WEB)))
def test_no_page_has_script_or_style_inside_it_or_from_elsewhere(client: TestClient, file: object) -> None:
    html = (WEB / str(file)).read_text("utf-8")
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", html)
    for address in re.findall(r'(?:src|href)="([^"#]+)"', html):
        assert address.startswith("/"), address
        assert client.get(address).status_code == 200, address


def test_every_html_file_is_a_page() -> None:
    assert {str(file.relative_to(WEB)) for file in HTML} == {page.file for page in PAGES}
