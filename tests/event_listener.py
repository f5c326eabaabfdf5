"""A page that listens to server-sent events, for tests against a real server."""

from __future__ import annotations

import json
import queue
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from httpx2 import Client, HTTPError

from tests.service_processes import Server


@dataclass
class Heard:
    """One event as it arrived."""

    event: str
    data: dict[str, Any]
    id: str | None
    at: float


@dataclass
class Listening:
    """An open stream; what it hears waits in `events`."""

    events: queue.Queue[Heard] = field(default_factory=queue.Queue)
    ended: threading.Event = field(default_factory=threading.Event)
    opened: threading.Event = field(default_factory=threading.Event)
    connection: socket.socket | None = None

    def hang_up(self) -> None:
        """End the stream from this side."""
        if self.connection is not None:
            with suppress(OSError):
                self.connection.shutdown(socket.SHUT_RDWR)
        assert self.ended.wait(30)

    def next(self, event: str, seconds: float = 10) -> Heard:
        """The next event of that name; others before it are passed over."""
        until = time.monotonic() + seconds
        while True:
            heard = self.events.get(timeout=max(until - time.monotonic(), 0.001))
            if heard.event == event:
                return heard

    def hears_nothing(self, seconds: float) -> bool:
        """Whether nothing arrives for that long."""
        try:
            self.events.get(timeout=seconds)
        except queue.Empty:
            return True
        return False


@contextmanager
def listening(
    server: Server, conversation: str, headers: Mapping[str, str] | None = None, **params: Any
) -> Iterator[Listening]:
    """Listen to a conversation until the block ends; begins when the server has answered."""
    page = Listening()
    with server.client(**(headers or {})) as client:
        threading.Thread(target=_listen, args=(client, conversation, params, page), daemon=True).start()
        assert page.opened.wait(30)
        try:
            yield page
        finally:
            page.hang_up()


def _listen(client: Client, conversation: str, params: Mapping[str, Any], page: Listening) -> None:
    try:
        with client.stream("GET", f"/v1/conversations/{conversation}/events", params=params) as response:
            assert response.status_code == 200
            page.connection = response.extensions["network_stream"].get_extra_info("socket")
            page.opened.set()
            lines: dict[str, str] = {}
            for line in response.iter_lines():
                name, _, value = line.partition(": ")
                if line and name:
                    lines[name] = value
                elif "data" in lines:
                    page.events.put(Heard(lines["event"], json.loads(lines["data"]), lines.get("id"), time.monotonic()))
                    lines = {}
    except HTTPError:
        pass  # hung up at the end of a test
    finally:
        page.ended.set()
