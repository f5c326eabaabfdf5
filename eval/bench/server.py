"""A real server in a process of its own: how long it takes to get ready, what it keeps in memory, requests to it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from time import perf_counter, sleep
from typing import Any, TypeAlias

from eval.bench.load import Call

HOST = "127.0.0.1"
Session: TypeAlias = Callable[..., Any]
"""`call(method, path, body)`: one request on a kept connection, its answer read from JSON (None where it is empty)."""
LONGEST_START, LONGEST_STOP, POLL = 120.0, 20.0, 0.02  # seconds


class ServerFailed(Exception):
    """The server did not get ready, or refused a request."""


@dataclass(frozen=True, slots=True)
class Memory:
    """Resident memory now and at its highest, in MB of 2²⁰ bytes."""

    now_mb: float
    peak_mb: float


@dataclass(frozen=True, slots=True)
class Server:
    """A running server; `start_s` is the time from starting the process to being ready, in seconds."""

    process: subprocess.Popen[bytes]
    port: int
    start_s: float

    @contextmanager
    def client(self, bodies: list[dict[str, Any]]) -> Iterator[Call]:
        """One client on one kept connection, asking with these bodies in turn."""
        requests = [json.dumps(body, ensure_ascii=False).encode() for body in bodies]
        with self._connected() as connection:
            yield lambda number: _asked(connection, "POST", "/v1/suggestions", requests[number % len(requests)])

    @contextmanager
    def session(self) -> Iterator[Session]:
        """One client on one kept connection, asking anything. Raises ServerFailed for a request that is refused."""
        with self._connected() as connection:

            def call(method: str, path: str, body: object = None) -> Any:
                sent = None if body is None else json.dumps(body, ensure_ascii=False).encode()
                answer = _asked(connection, method, path, sent)
                return json.loads(answer) if answer else None

            yield call

    @contextmanager
    def _connected(self) -> Iterator[HTTPConnection]:
        connection = HTTPConnection(HOST, self.port, timeout=60)
        try:
            connection.connect()
            yield connection
        finally:
            connection.close()

    def memory(self) -> Memory | None:
        """What the process keeps resident; None where there is no /proc to ask."""
        status = Path(f"/proc/{self.process.pid}/status")
        if not status.exists():
            return None
        fields = dict(line.split(":", 1) for line in status.read_text().splitlines())
        now, peak = (int(fields[name].split()[0]) / 1024 for name in ("VmRSS", "VmHWM"))
        return Memory(now, peak)


def _asked(connection: HTTPConnection, method: str, path: str, body: bytes | None) -> bytes:
    connection.request(method, path, body, {"Content-Type": "application/json"} if body else {})
    response = connection.getresponse()
    answer = response.read()
    if response.status >= 300:
        raise ServerFailed(f"{method} {path}: {response.status}: {answer.decode(errors='replace')[:300]}")
    return answer


@contextmanager
def serving(data_dir: Path) -> Iterator[Server]:
    """Start a server on a data folder, wait until it is ready, stop it at the end. Raises ServerFailed."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("XIAOER_")}
    environment["XIAOER_DATA_DIR"] = str(data_dir)
    port = _free_port()
    command = [sys.executable, "-m", "assistant.service.cli", "serve", "--port", str(port)]
    data_dir.mkdir(parents=True, exist_ok=True)
    log = data_dir / "server.log"
    started = perf_counter()
    with log.open("wb") as output:
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=output)  # noqa: S603 - our own
        try:
            _wait_until_ready(process, port, log)
            yield Server(process, port, perf_counter() - started)
        finally:
            _stop(process)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        port: int = listener.getsockname()[1]
        return port


def _wait_until_ready(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    end = perf_counter() + LONGEST_START
    while process.poll() is None and perf_counter() < end:
        if _is_ready(port):
            return
        sleep(POLL)
    raise ServerFailed(f"not ready after {LONGEST_START:g} s, or ended: {log.read_text(errors='replace')[-1000:]}")


def _is_ready(port: int) -> bool:
    # The port is open before the parts are loaded, so an early connection waits in the queue: ask with patience.
    connection = HTTPConnection(HOST, port, timeout=LONGEST_START)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(LONGEST_STOP)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
