"""Signing in at the pages: cookie, CSRF token, the one-time link, and who is kept out."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from assistant.service.access import ROLE_ZH
from assistant.service.api import create_app
from assistant.service.cookies import COOKIE
from assistant.service.one_time_link import OneTimeLink
from assistant.service.wiring import Parts
from knowledge.api_keys import ROLES, Role
from knowledge.changes import Changes
from knowledge.shop_policy import ShopPolicy
from tests.small_knowledge import LOCAL

pytest_plugins = ["tests.service_fixtures"]

SESSION = "/v1/session"
LINT = "/v1/lint"
TEXT = {"text": "亲，好的"}


@pytest.fixture
def link() -> OneTimeLink:
    return OneTimeLink()


@pytest.fixture
def browser(parts: Parts, link: OneTimeLink) -> Iterator[TestClient]:
    """A browser at this machine, which keeps cookies, against a service that printed a link."""
    app = create_app(parts, one_time_link=link)
    with TestClient(app, base_url=LOCAL, follow_redirects=False) as client:
        yield client


@contextmanager
def embedding(parts: Parts, base_url: str, *origins: str) -> Iterator[TestClient]:
    settings = parts.settings.model_copy(update={"embed_origins": origins})
    app = create_app(replace(parts, settings=settings), "0.0.0.0")  # noqa: S104
    with TestClient(app, base_url=base_url) as client:
        yield client


def sign_in(client: TestClient, parts: Parts, role: Role = "agent", shop_id: str | None = None) -> Response:
    """Sign in with a new key."""
    answer = client.post(SESSION, json={"key": parts.store.api_keys.create("小王", role, shop_id)})
    assert answer.status_code == 201
    return answer


def test_a_key_opens_a_session_and_the_cookie_keeps_it(browser: TestClient, parts: Parts) -> None:
    signed_in = sign_in(browser, parts, "editor", "demo").json()
    session = browser.get(SESSION).json()
    assert session == signed_in
    assert (session["name"], session["role"], session["role_zh"], session["shop_id"]) == (
        "小王",
        "editor",
        "知识编辑",
        "demo",
    )
    assert "knowledge.write" in session["permissions"]
    assert session["shops"] == [{"shop_id": "demo", "name": "小店"}]
    assert session["csrf"]


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(browser: TestClient, parts: Parts) -> None:
    cookie = sign_in(browser, parts).headers["set-cookie"]
    assert cookie.startswith(f"{COOKIE}=xs_")
    assert {"HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Secure" not in cookie, "plain http on this machine could not keep it"


def test_over_https_the_cookie_is_secure(parts: Parts) -> None:
    with embedding(parts, "https://xiaoer.example") as client:
        assert sign_in(client, parts).headers["set-cookie"].endswith("SameSite=Lax; Secure")


def test_in_a_frame_of_an_allowed_site_the_cookie_is_kept_apart(parts: Parts) -> None:
    with embedding(parts, "https://xiaoer.example", "https://chat.example") as client:
        assert sign_in(client, parts).headers["set-cookie"].endswith("SameSite=None; Secure; Partitioned")


@pytest.mark.parametrize("key", ["xk_wrong", " ", "错的", "\0"])
def test_a_wrong_key_is_refused_with_the_remedy(browser: TestClient, parts: Parts, key: str) -> None:
    parts.store.api_keys.create("小王")
    answer = browser.post(SESSION, json={"key": key})
    assert answer.status_code == 401
    assert "管理员" in answer.json()["detail"]
    assert COOKIE not in browser.cookies


@pytest.mark.parametrize("body", [{}, {"key": ""}, {"key": "x" * 201}, {"key": None}])
def test_what_is_no_key_at_all_is_refused_by_its_field(browser: TestClient, body: dict[str, object]) -> None:
    answer = browser.post(SESSION, json=body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "key"


def test_a_change_needs_the_csrf_token_and_reading_does_not(browser: TestClient, parts: Parts) -> None:
    csrf = sign_in(browser, parts).json()["csrf"]
    assert browser.get("/v1/items").status_code == 200
    for headers in ({}, {"X-CSRF-Token": ""}, {"X-CSRF-Token": "x"}, {"X-CSRF-Token": csrf[:-1]}):
        refused = browser.post(LINT, json=TEXT, headers=headers)
        assert refused.status_code == 403
        assert "X-CSRF-Token" in refused.json()["detail"]
    assert browser.post(LINT, json=TEXT, headers={b"X-CSRF-Token": "密".encode()}).status_code == 403
    assert browser.post(LINT, json=TEXT, headers={"X-CSRF-Token": csrf}).status_code == 200


def test_a_token_of_another_session_does_not_count(browser: TestClient, parts: Parts) -> None:
    other = sign_in(browser, parts).json()["csrf"]
    mine = sign_in(browser, parts).json()["csrf"]
    assert other != mine
    assert browser.post(LINT, json=TEXT, headers={"X-CSRF-Token": other}).status_code == 403


def test_a_program_with_a_key_needs_no_csrf_token(browser: TestClient, parts: Parts) -> None:
    sign_in(browser, parts)
    bearer = {"Authorization": f"Bearer {parts.store.api_keys.create('插件')}"}
    assert browser.post(LINT, json=TEXT, headers=bearer).status_code == 200


def test_signing_out_ends_it_here_and_on_the_server(browser: TestClient, parts: Parts) -> None:
    csrf = sign_in(browser, parts).json()["csrf"]
    token = browser.cookies[COOKIE]
    assert browser.delete(SESSION).status_code == 403
    assert browser.delete(SESSION, headers={"X-CSRF-Token": csrf}).status_code == 204
    assert COOKIE not in browser.cookies
    assert browser.get(SESSION).status_code == 401
    assert browser.get(SESSION, headers={"Cookie": f"{COOKIE}={token}"}).status_code == 401


def test_signing_in_anew_ends_the_session_before(browser: TestClient, parts: Parts) -> None:
    sign_in(browser, parts)
    old = browser.cookies[COOKIE]
    sign_in(browser, parts, "admin")
    assert browser.get(SESSION).json()["role"] == "admin"
    browser.cookies.clear()
    assert browser.get(SESSION, headers={"Cookie": f"{COOKIE}={old}"}).status_code == 401


def test_a_revoked_key_ends_its_sessions_at_once(browser: TestClient, parts: Parts) -> None:
    sign_in(browser, parts)
    parts.store.api_keys.revoke(1)
    assert browser.get(SESSION).status_code == 401


@pytest.mark.parametrize("role", ROLES)
def test_each_role_is_told_its_pages(browser: TestClient, parts: Parts, role: Role) -> None:
    session = sign_in(browser, parts, role).json()
    paths = {page["path"] for page in session["pages"]}
    assert session["role_zh"] == ROLE_ZH[role]
    assert "/" in paths
    assert ("/admin" in paths) == (role == "admin")
    assert "/sign-in" not in paths


def test_all_shops_are_named_to_whom_may_see_all(browser: TestClient, parts: Parts) -> None:
    parts.base.write(Changes(policies={"other": ShopPolicy()}))
    assert [shop["shop_id"] for shop in sign_in(browser, parts).json()["shops"]] == ["demo", "other"]
    assert [shop["shop_id"] for shop in sign_in(browser, parts, "agent", "demo").json()["shops"]] == ["demo"]


def test_without_keys_this_machine_is_an_admin_without_a_cookie(browser: TestClient) -> None:
    session = browser.get(SESSION).json()
    assert (session["role"], session["csrf"]) == ("admin", None)
    assert browser.post(LINT, json=TEXT).status_code == 200


def test_the_link_opens_the_pages_once(browser: TestClient, link: OneTimeLink) -> None:
    opened = browser.get(link.path)
    assert (opened.status_code, opened.headers["location"]) == (303, "/")
    assert browser.get(SESSION).json()["csrf"]
    browser.cookies.clear()
    again = browser.get(link.path)
    assert (again.status_code, again.headers["location"]) == (303, "/sign-in?link=used")
    assert COOKIE not in browser.cookies


@pytest.mark.parametrize("token", ["", "wrong", "密", "%00"])
def test_a_wrong_link_opens_nothing_and_leaves_the_right_one_good(
    browser: TestClient, link: OneTimeLink, token: str
) -> None:
    assert browser.get(f"/open?token={token}").headers["location"] == "/sign-in?link=used"
    assert browser.get(link.path).headers["location"] == "/"


def test_a_link_is_good_for_fifteen_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.monotonic()
    link, late = OneTimeLink(), OneTimeLink()
    monkeypatch.setattr(time, "monotonic", lambda: now + 14.9 * 60)
    assert link.use(link.token)
    monkeypatch.setattr(time, "monotonic", lambda: now + 15.1 * 60)
    assert not late.use(late.token)


def test_no_link_is_good_where_none_was_printed(client: TestClient) -> None:
    answer = client.get("/open?token=", follow_redirects=False)
    assert answer.headers["location"] == "/sign-in?link=used"


def test_who_came_by_the_link_stays_admin_when_the_first_key_is_made(
    browser: TestClient, parts: Parts, link: OneTimeLink
) -> None:
    browser.get(link.path)
    parts.store.api_keys.create("插件", "agent")
    assert browser.get(SESSION).json()["role"] == "admin"


def test_who_makes_the_first_key_on_this_machine_is_not_locked_out(browser: TestClient) -> None:
    assert browser.post("/v1/keys", json={"name": "插件", "role": "agent"}).status_code == 201
    session = browser.get(SESSION).json()
    assert (session["role"], bool(session["csrf"])) == ("admin", True)


def test_a_session_of_this_machine_is_worth_nothing_from_elsewhere(
    browser: TestClient, parts: Parts, link: OneTimeLink
) -> None:
    browser.get(link.path)
    token = browser.cookies[COOKIE]
    parts.store.api_keys.create("插件")
    with embedding(parts, "http://192.0.2.7:8000") as outside:
        assert outside.get(SESSION, headers={"Cookie": f"{COOKIE}={token}"}).status_code == 401


@pytest.mark.parametrize("site", ["cross-site", "same-site", "same-origin", "none"])
@pytest.mark.parametrize(("method", "path"), [("POST", LINT), ("POST", SESSION), ("DELETE", SESSION)])
def test_what_a_page_of_another_site_sends_is_refused(browser: TestClient, site: str, method: str, path: str) -> None:
    answer = browser.request(method, path, json={**TEXT, "key": "xk_"}, headers={"Sec-Fetch-Site": site})
    assert (answer.status_code == 403) == (site == "cross-site")


def test_a_page_of_another_site_may_be_the_one_that_leads_here(browser: TestClient) -> None:
    for path in (SESSION, "/", "/sign-in"):
        assert browser.get(path, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200
