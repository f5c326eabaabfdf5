"""Rate limits: 429 with the time to wait, counted by key, failed sign-ins by address, health never."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from assistant.service.access import LOCAL_ADMIN, Principal
from assistant.service.api import create_app
from assistant.service.errors import TooManyRequests
from assistant.service.rate_limit import RateLimits
from assistant.service.wiring import Parts
from tests.small_knowledge import LOCAL

pytest_plugins = ["tests.service_fixtures"]

ITEMS = "/v1/items"
WANG = Principal("小王", "agent", "demo", 1)
LI = Principal("小李", "agent", "demo", 2)


@pytest.fixture
def limited(parts: Parts) -> Iterator[TestClient]:
    """The service with three requests a minute."""
    settings = parts.settings.model_copy(update={"rate_limit": "3/minute"})
    with TestClient(create_app(replace(parts, settings=settings)), base_url=LOCAL) as client:
        yield client


def bearer(parts: Parts, name: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {parts.store.api_keys.create(name)}"}


def test_one_too_many_is_told_when_to_come_back(limited: TestClient) -> None:
    assert [limited.get(ITEMS).status_code for _ in range(4)] == [200, 200, 200, 429]
    refused = limited.get(ITEMS)
    assert refused.headers["content-type"] == "application/problem+json"
    wait = int(refused.headers["retry-after"])
    assert 1 <= wait <= 60
    assert f"{wait} 秒后再试" in refused.json()["detail"]


def test_each_key_has_its_own_count(limited: TestClient, parts: Parts) -> None:
    wang, li = bearer(parts, "小王"), bearer(parts, "小李")
    assert [limited.get(ITEMS, headers=wang).status_code for _ in range(4)][-1] == 429
    assert limited.get(ITEMS, headers=li).status_code == 200


def test_health_and_pages_are_not_counted(limited: TestClient) -> None:
    for path in ("/healthz", "/readyz", "/sign-in", "/static/base.css"):
        assert {limited.get(path).status_code for _ in range(5)} == {200}
    assert limited.get(ITEMS).status_code == 200


def test_callers_without_a_valid_key_are_counted_by_address(limited: TestClient, parts: Parts) -> None:
    key = bearer(parts, "小王")
    wrong = {"Authorization": "Bearer xk_wrong"}
    assert [limited.get(ITEMS, headers=wrong).status_code for _ in range(4)] == [401, 401, 401, 429]
    assert limited.get(ITEMS, headers=key).status_code == 200


def test_the_default_spares_this_machine_while_it_needs_no_key(client: TestClient) -> None:
    limits = RateLimits(None)
    for _ in range(1500):
        limits.count(LOCAL_ADMIN)
    for _ in range(1200):
        limits.count(WANG)
    with pytest.raises(TooManyRequests):
        limits.count(WANG)
    limits.count(LI)
    assert client.get(ITEMS).status_code == 200


def let_through(limits: RateLimits, tries: int) -> int:
    """How many of so many requests of one key pass before one does not."""
    for number in range(tries):
        try:
            limits.count(WANG)
            limits.count_stranger("192.0.2.1")
        except TooManyRequests:
            return number
    return tries


def test_off_counts_nothing() -> None:
    assert let_through(RateLimits("3/minute"), 2000) == 3
    assert let_through(RateLimits("off"), 2000) == 2000


def test_ten_failed_sign_ins_a_minute_and_no_more(client: TestClient, parts: Parts) -> None:
    secret = parts.store.api_keys.create("小王")
    tries = [client.post("/v1/session", json={"key": "xk_wrong"}).status_code for _ in range(11)]
    assert tries == [401] * 10 + [429]
    refused = client.post("/v1/session", json={"key": secret})
    assert refused.status_code == 429, "whoever guesses must not learn that a guess was right"
    assert 1 <= int(refused.headers["retry-after"]) <= 60


def test_sign_ins_that_succeed_are_not_counted(client: TestClient, parts: Parts) -> None:
    secret = parts.store.api_keys.create("小王")
    for _ in range(12):
        assert client.post("/v1/session", json={"key": secret}).status_code == 201


def test_addresses_are_counted_apart() -> None:
    limits = RateLimits(None)
    for _ in range(10):
        limits.count_failed_sign_in("192.0.2.1")
    limits.require_sign_in("192.0.2.2")
    with pytest.raises(TooManyRequests):
        limits.require_sign_in("192.0.2.1")
