"""A body that is too large is refused while it arrives, however it is sent."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.exceptions import HTTPException
from starlette.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send

from assistant.service.body_limit import BodyLimit

pytest_plugins = ["tests.service_fixtures"]

LIMIT = 1000
MEGABYTE = b'{"messages":[{"role":"buyer","text":"' + b"x" * 1024 * 1024 + b'"}]}'


async def swallow(_: Scope, receive: Receive, send: Send) -> None:
    """An app that reads its whole body."""
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def status_and_reads(pieces: list[bytes], declared: int | None = None) -> tuple[int, int]:
    """The status that a body in pieces is answered with, and how many of them were read."""
    messages = [{"type": "http.request", "body": piece, "more_body": True} for piece in pieces[:-1]]
    messages += [{"type": "http.request", "body": piece, "more_body": False} for piece in pieces[-1:]]
    sent: list[Message] = []
    waiting = iter(messages)
    read = 0

    async def receive() -> Message:
        nonlocal read
        read += 1
        return next(waiting)

    async def send(message: Message) -> None:
        sent.append(message)

    headers = [] if declared is None else [(b"content-length", str(declared).encode())]
    try:
        asyncio.run(BodyLimit(swallow, LIMIT)({"type": "http", "headers": headers}, receive, send))
    except HTTPException as error:
        return error.status_code, read
    return int(sent[0]["status"]), read


@settings(deadline=None)
@given(st.lists(st.integers(0, 600), min_size=1, max_size=12))
def test_a_body_is_taken_exactly_when_it_is_within_the_limit(sizes: list[int]) -> None:
    status, read = status_and_reads([b"x" * size for size in sizes])
    assert status == (200 if sum(sizes) <= LIMIT else 413)
    assert sum(sizes[: read - 1]) <= LIMIT, "it read on after it knew"


@pytest.mark.parametrize(("declared", "status"), [(LIMIT, 200), (LIMIT + 1, 413), (10**40, 413)])
def test_a_declared_length_decides_before_anything_is_read(declared: int, status: int) -> None:
    answered, read = status_and_reads([b"x"], declared)
    assert answered == status
    assert read == (1 if status == 200 else 0)


def test_a_declared_length_that_lies_does_not_help() -> None:
    assert status_and_reads([b"x" * 600, b"x" * 600], declared=5) == (413, 2)


def test_other_traffic_passes() -> None:
    passed: list[str] = []

    async def app(scope: Scope, _receive: Receive, _send: Send) -> None:
        passed.append(scope["type"])

    async def nothing() -> Message:
        return {}

    async def ignore(_: Message) -> None:
        return None

    asyncio.run(BodyLimit(app, LIMIT)({"type": "lifespan"}, nothing, ignore))
    assert passed == ["lifespan"]


def in_pieces() -> Iterator[bytes]:
    """Without a length, the client sends in chunks."""
    for start in range(0, len(MEGABYTE), 64 * 1024):
        yield MEGABYTE[start : start + 64 * 1024]


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize("path", ["/v1/suggestions", "/v1/entries"])
def test_a_megabyte_is_refused_with_the_limit_and_the_remedy(client: TestClient, path: str, chunked: bool) -> None:
    content = in_pieces() if chunked else MEGABYTE
    answer = client.post(path, content=content, headers={"Content-Type": "application/json"})
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"
    assert "512 KB" in answer.json()["detail"]
    assert "最近的消息" in answer.json()["detail"]
    assert client.get("/healthz").status_code == 200


def test_a_long_conversation_within_the_limit_is_answered(client: TestClient) -> None:
    messages = [{"role": "buyer", "text": "我想问问" + "很" * 700} for _ in range(200)]
    assert client.post("/v1/suggestions", json={"messages": messages}).status_code == 200
