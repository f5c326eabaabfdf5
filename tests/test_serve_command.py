"""`xiaoer serve`: ready in one line, stopped by one key, and what keeps it from starting said in one sentence."""

from __future__ import annotations

import re
import signal
import socket
import time
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.service_processes import Server, serving, xiaoer

pytest_plugins = ["tests.service_fixtures"]


def require_one_sentence(done: CompletedProcess[str]) -> str:
    """What a command that failed said, which is one Chinese sentence or two on one line."""
    assert (done.returncode, done.stdout) == (1, "")
    (line,) = done.stderr.strip().splitlines()
    assert line.endswith("。")
    return line


def test_it_serves_the_page_and_the_api_and_ends_quietly_on_ctrl_c(data: Path) -> None:
    with serving(data) as server:
        assert "知识 2 条" in server.log
        assert "Ctrl+C" in server.log
        with server.client() as client:
            assert "小二" in client.get("/").text
            assert client.get("/readyz").json()["ready"] is True
            answer = client.post("/v1/suggestions", json={"messages": [{"role": "buyer", "text": "能改地址吗"}]})
        assert answer.json()["suggestions"][0]["source"]["entry_id"] == "policy-address"
        server.process.send_signal(signal.SIGINT)
        assert server.process.wait(30) in (0, 130)
    _ready, link = server.lines
    assert "/open?token=" in link
    assert "15 分钟" in link


def opening(server: Server) -> str:
    """The path of the one-time link, as soon as it is printed."""
    for _ in range(100):
        if found := re.search(r"/open\?token=\S+", server.log):
            return found[0]
        time.sleep(0.05)
    raise AssertionError(server.log)


def test_the_link_opens_the_pages_once_and_keeps_who_made_the_first_key_in(data: Path) -> None:
    with serving(data) as server:
        path = opening(server)
        with server.client() as browser, server.client() as another:
            assert browser.get(path).headers["location"] == "/"
            assert another.get(path).headers["location"] == "/sign-in?link=used"
            xiaoer(data, "keys", "create", "侧边栏插件")
            assert browser.get("/v1/session").json()["role"] == "admin"
            assert another.get("/v1/session").status_code == 401


def test_with_a_key_no_link_is_printed(data: Path) -> None:
    xiaoer(data, "keys", "create", "侧边栏插件")
    with serving(data) as server:
        assert len(server.lines) == 1, server.log
    assert "token=" not in server.log


def test_it_ends_on_a_polite_request_to_terminate(data: Path) -> None:
    with serving(data) as server:
        server.process.terminate()
        assert server.process.wait(30) in (0, -signal.SIGTERM, 128 + signal.SIGTERM)
    assert xiaoer(data, "kb", "check").returncode == 0


def test_an_empty_data_folder_is_filled_with_the_starter_knowledge_first(empty_data: Path) -> None:
    with serving(empty_data) as server, server.client() as client:
        assert "loading_starter_knowledge" in server.log
        assert client.get("/readyz").json()["entries"] >= 120
        answer = client.post("/v1/suggestions", json={"messages": [{"role": "buyer", "text": "发票可以开吗"}]})
        assert answer.json()["suggestions"]


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])  # noqa: S104
def test_other_machines_are_not_let_in_without_a_key(data: Path, host: str) -> None:
    try:
        socket.create_server((host, 0), family=socket.AF_INET6 if ":" in host else socket.AF_INET).close()
    except OSError:
        pytest.skip(f"this machine has no {host}")
    line = require_one_sentence(xiaoer(data, "serve", "--host", host, "--port", "0"))
    assert host in line
    assert "xiaoer keys create" in line


def test_with_a_key_other_machines_are_let_in_who_show_it(data: Path) -> None:
    secret = xiaoer(data, "keys", "create", "侧边栏插件").stdout.strip()
    with serving(data, "--host", "0.0.0.0") as server:  # noqa: S104
        with server.client() as nobody:
            assert nobody.get("/v1/items").status_code == 401
        with server.client(Authorization=f"Bearer {secret}") as somebody:
            assert somebody.get("/v1/items").status_code == 200


def test_a_key_made_or_revoked_while_it_runs_counts_at_once(data: Path) -> None:
    with serving(data) as server, server.client() as client:
        assert client.get("/v1/items").status_code == 200
        secret = xiaoer(data, "keys", "create", "侧边栏插件").stdout.strip()
        assert client.get("/v1/items").status_code == 401
        headers = {"Authorization": f"Bearer {secret}"}
        assert client.get("/v1/items", headers=headers).status_code == 200
        assert xiaoer(data, "keys", "revoke", "1").returncode == 0
        assert client.get("/v1/items", headers=headers).status_code == 401


def test_what_a_command_imports_the_running_server_suggests_next(data: Path) -> None:
    row = (
        '{"id": "policy-engrave", "kind": "policy", "intent": "pre.spec", "title": "可以刻字吗",'
        ' "questions": ["杯子能刻名字吗"], "answers": ["亲，可以免费刻字的，您把要刻的字发给我就好。"]}'
    )
    with serving(data) as server, server.client() as client:
        done = xiaoer(data, "kb", "import", "-", stdin=row.encode())
        assert done.returncode == 0, done.stdout
        body = {"messages": [{"role": "buyer", "text": "杯子能刻名字吗"}]}
        found = client.post("/v1/suggestions", json=body).json()["suggestions"]
        assert found[0]["source"]["entry_id"] == "policy-engrave"


def test_a_port_in_use_is_said_at_once_with_another_to_try(empty_data: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        line = require_one_sentence(xiaoer(empty_data, "serve", "--port", str(port)))
    assert f"127.0.0.1:{port}" in line
    assert f"例如 --port {port + 1}；" in line
    assert f'make serve ARGS="--port {port + 1}"' in line
    assert not empty_data.exists(), "nothing is loaded for a server that cannot listen"


@pytest.mark.parametrize("host", ["192.0.2.1", "no.such.host.invalid"])
def test_an_address_that_is_not_ours_is_said_in_one_sentence(empty_data: Path, host: str) -> None:
    assert host in require_one_sentence(xiaoer(empty_data, "serve", "--host", host, "--port", "0"))


@pytest.mark.parametrize("port", ["-1", "65536", "eighty"])
def test_what_is_no_port_is_misuse(empty_data: Path, port: str) -> None:
    assert xiaoer(empty_data, "serve", "--port", port).returncode == 2
