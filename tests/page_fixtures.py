"""A served Xiaoer and other people's web pages around it, for tests in a browser.

A module asks for them by `pytest_plugins = ["tests.page_fixtures", "tests.service_fixtures"]`.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.service_processes import Server, serving

expect.set_options(timeout=20_000)  # a machine that is busy with other tests is slow, not wrong
HOST_PAGES = Path(__file__).parent / "host_pages"


class _Silent(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002  # the parent's name
        """Say nothing."""


@contextmanager
def elsewhere() -> Iterator[str]:
    """The origin of a site that is not Xiaoer's and serves the host pages."""
    site = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Silent, directory=str(HOST_PAGES)))
    thread = threading.Thread(target=site.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{site.server_address[1]}"
    finally:
        site.shutdown()
        site.server_close()
        thread.join(10)


@pytest.fixture(scope="module")
def host_origin() -> Iterator[str]:
    """The origin of a chat window that may show the sidebar."""
    with elsewhere() as origin:
        yield origin


@pytest.fixture(scope="module")
def foreign_origin() -> Iterator[str]:
    """The origin of a site that may not."""
    with elsewhere() as origin:
        yield origin


@pytest.fixture(scope="module")
def service(starter_folder: Path, host_origin: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A served Xiaoer with the starter knowledge, which the host's pages may embed."""
    data = shutil.copytree(starter_folder, tmp_path_factory.mktemp("served") / "data")
    with serving(data, settings={"embed_origins": host_origin, "reply_target_s": "60"}) as server:
        yield server


@pytest.fixture(scope="module")
def server(service: Server) -> str:
    """The address of a served Xiaoer."""
    return f"{service.url}/"
