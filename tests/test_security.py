"""Who may call: this machine while no key exists; with a valid key, and only so, in every other case."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address, ip_network

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from assistant.service.api import create_app
from assistant.service.security import is_loopback
from assistant.service.wiring import Parts
from knowledge.errors import StoreUnavailable

pytest_plugins = ["tests.service_fixtures"]

ITEMS = "/v1/items"
GUARDED = [("GET", "/metrics"), ("POST", "/v1/suggestions"), ("DELETE", "/v1/entries/policy-ship")]  # all: test_access
OPEN = ["/", "/sign-in", "/static/main.js", "/healthz", "/readyz", "/openapi.json"]


@pytest.fixture
def outside(parts: Parts) -> Iterator[TestClient]:
    """A client of the same app, bound to every address of the machine."""
    with TestClient(create_app(parts, "0.0.0.0"), base_url="http://192.0.2.7") as client:  # noqa: S104
        yield client


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def test_this_machine_needs_no_key_while_there_is_none(client: TestClient) -> None:
    assert client.get(ITEMS).status_code == 200


@pytest.mark.parametrize(("method", "path"), GUARDED)
def test_once_a_key_exists_it_is_asked_for(client: TestClient, parts: Parts, method: str, path: str) -> None:
    parts.store.api_keys.create("侧边栏插件")
    answer = client.request(method, path)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.headers["content-type"] == "application/problem+json"
    assert "Authorization: Bearer" in answer.json()["detail"]
    assert "xiaoer keys create" in answer.json()["detail"]


@pytest.mark.parametrize("path", OPEN)
def test_the_page_and_health_ask_for_no_key(client: TestClient, parts: Parts, path: str) -> None:
    parts.store.api_keys.create("侧边栏插件")
    assert client.get(path).status_code == 200


def test_a_valid_key_opens_the_door_in_either_header(client: TestClient, parts: Parts) -> None:
    secret = parts.store.api_keys.create("侧边栏插件")
    for headers in (bearer(secret), {"Authorization": f"bearer  {secret} "}, {"X-API-Key": secret}):
        assert client.get(ITEMS, headers=headers).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [bearer("xk_wrong"), bearer(""), {"Authorization": "Bearer"}, {"X-API-Key": "xk_wrong"}, {"X-API-Key": ""}],
)
@pytest.mark.parametrize("keyless", [True, False])
def test_a_wrong_key_opens_nothing_even_where_none_is_needed(
    client: TestClient, parts: Parts, headers: dict[str, str], keyless: bool
) -> None:
    if not keyless:
        parts.store.api_keys.create("侧边栏插件")
    answer = client.get(ITEMS, headers=headers)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"


def test_a_key_in_an_unreadable_header_is_a_wrong_key(client: TestClient) -> None:
    answer = client.get(ITEMS, headers={b"Authorization": "Bearer 密".encode()})
    assert answer.status_code == 401


def test_a_revoked_key_is_refused_at_once_and_the_door_stays_closed(client: TestClient, parts: Parts) -> None:
    keys = parts.store.api_keys
    secret = keys.create("侧边栏插件")
    assert client.get(ITEMS, headers=bearer(secret)).status_code == 200
    keys.revoke(keys.list()[0].id)
    assert client.get(ITEMS, headers=bearer(secret)).status_code == 401
    assert client.get(ITEMS).status_code == 401


def test_other_machines_always_need_a_key(outside: TestClient, parts: Parts) -> None:
    assert outside.get(ITEMS).status_code == 401
    secret = parts.store.api_keys.create("侧边栏插件")
    assert outside.get(ITEMS).status_code == 401
    answer = outside.get(ITEMS, headers={**bearer(secret), "Origin": "https://plugin.example"})
    assert answer.status_code == 200, "who has a key may call from anywhere"


@pytest.mark.parametrize(
    "origin", ["http://127.0.0.1:8000", "http://localhost:3000", "https://LOCALHOST", "http://[::1]:8000"]
)
def test_pages_of_this_machine_may_call(client: TestClient, origin: str) -> None:
    assert client.get(ITEMS, headers={"Origin": origin}).status_code == 200


@pytest.mark.parametrize(
    "origin",
    [
        "https://shop.example",
        "http://127.0.0.1.shop.example",
        "http://localhost.shop.example",
        "http://localhost@shop.example",
        "null",
        "file://",
        "http://[",
        "http://[::1",
        "http://192.168.1.5",
    ],
)
def test_pages_from_elsewhere_may_not(client: TestClient, origin: str) -> None:
    answer = client.post("/v1/suggestions", json={"messages": []}, headers={"Origin": origin})
    assert answer.status_code == 403
    assert "xiaoer keys create" in answer.json()["detail"]


@pytest.mark.parametrize(("method", "status"), [("POST", 403), ("GET", 200)])
def test_a_page_from_elsewhere_may_lead_here_but_not_change_anything(
    client: TestClient, method: str, status: int
) -> None:
    path = {"POST": "/v1/lint", "GET": ITEMS}[method]
    body = {"text": "亲"} if method == "POST" else None
    assert client.request(method, path, headers={"Sec-Fetch-Site": "cross-site"}, json=body).status_code == status


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost", "LocalHost:9", "[::1]:8000", "127.8.9.10"])
def test_names_of_this_machine_are_its_own(client: TestClient, host: str) -> None:
    assert client.get(ITEMS, headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["shop.example", "127.0.0.1.shop.example", "my_shop.example:8000", "[", "", "192.0.2.7"]
)
def test_a_foreign_name_that_leads_here_is_refused(client: TestClient, host: str) -> None:
    """A hostile page may let its own name point to 127.0.0.1 (DNS rebinding)."""
    assert client.get(ITEMS, headers={"Host": host}).status_code == 403


@settings(deadline=None)
@given(st.ip_addresses(v=4))
def test_loopback_addresses_are_those_of_the_standard(address: IPv4Address) -> None:
    assert is_loopback(str(address)) == (address in ip_network("127.0.0.0/8"))
    assert is_loopback(f"127.{address.packed[1]}.{address.packed[2]}.{address.packed[3]}")


@settings(deadline=None)
@given(st.text(max_size=30).filter(lambda name: name != "localhost"))
def test_no_other_name_is_this_machine(name: str) -> None:
    assert not is_loopback(f"x{name}")
    assert not is_loopback(f"{name}.example")


@pytest.mark.parametrize("host", ["::1", "[::1]", "localhost", "127.0.0.1"])
def test_this_machine_by_any_of_its_names(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["", "0.0.0.0", "::", "[::]", "::2", "0"])  # noqa: S104
def test_every_address_at_once_is_not_this_machine_alone(host: str) -> None:
    assert not is_loopback(host)


def test_a_database_that_is_away_is_told_at_the_door(
    client: TestClient, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> bool:
        raise StoreUnavailable("数据库连不上。")

    monkeypatch.setattr(parts.store.api_keys, "any", away)
    answer = client.get("/v1/entries")
    assert (answer.status_code, answer.json()["detail"]) == (503, "数据库连不上。")
