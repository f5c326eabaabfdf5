"""Every endpoint × every role × one's own and another shop's object: allowed or refused as the table states."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from httpx2 import Response
from starlette.routing import BaseRoute, Route
from starlette.testclient import TestClient

import assistant.service.routes.conversations
from assistant.service.access import PERMISSIONS
from assistant.service.api import create_app
from assistant.service.pages import PAGES
from assistant.service.wiring import Parts
from assistant.suggester import Suggester
from eval.serving import DialogsEvaluator
from knowledge.api_keys import ROLES, Role
from knowledge.base import KnowledgeBase
from knowledge.changes import Changes
from knowledge.store import Store
from models.calibration import load_calibration
from models.encoder import Encoder
from tests.access_rows import ROWS, Call, Row, World
from tests.small_knowledge import CUP, LOCAL, SMALL, settings_over

pytest_plugins = ["tests.service_fixtures"]

OWN, OTHER = "demo", "other"
ABSENT = "absent"
OPEN = {"/healthz", "/readyz", "/openapi.json", "/open", *(page.path for page in PAGES)}
# Who signs in has no key to show yet; `test_session_route` has its cases.
SIGN_IN = ("POST", "/v1/session")


@dataclass(frozen=True)
class Service:
    """A running service with the people who ask it."""

    app: FastAPI
    world: World
    people: dict[Role, TestClient]
    admin: TestClient

    def ask(self, who: TestClient, row: Row, shop: str) -> Response:
        """The row's request about that shop."""
        return self.send(who, row, row.call(self.world, shop))

    def send(self, who: TestClient, row: Row, call: Call) -> Response:
        """A request, by somebody."""
        body: dict[str, Any] = {"json": call.json} if call.json is not None else {"content": call.content}
        answer = who.request(row.method, row.path.format(**call.path), params=call.params, **body)
        if answer.status_code == 202 and "state" in answer.text:  # one after the other is what a shop may do
            self.world.wait(f"{row.path.split('{')[0].rstrip('/')}/{answer.json()['id']}")
        return answer


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Iterator[Service]:
    """Two shops; a key of each role for the first, and an admin of all."""
    settings = settings_over(tmp_path_factory.mktemp("access"))
    store = Store(settings.store_url)
    base = KnowledgeBase.open(store, encoder, settings.index_dir)
    with closing(base):
        base.write(SMALL)
        base.write(Changes(items=[CUP.model_copy(update={"shop_id": OTHER})]))
        parts = Parts(
            settings,
            store,
            base,
            Suggester(base, encoder, load_calibration(encoder.id), OWN),
            evaluator=DialogsEvaluator(),
        )
        app = create_app(parts)
        with TestClient(app, base_url=LOCAL):
            people = {role: person(app, store.api_keys.create(role, role, OWN)) for role in ROLES}
            admin = person(app, store.api_keys.create("老板"))
            yield Service(app, World(admin, store), people, admin)


def person(app: FastAPI, secret: str) -> TestClient:
    headers = {"Authorization": f"Bearer {secret}"}
    return TestClient(app, base_url=LOCAL, headers=headers, raise_server_exceptions=False)


@pytest.fixture(autouse=True)
def _streams_end_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assistant.service.routes.conversations, "STREAM_S", 0.0)


def endpoints(routes: Iterable[BaseRoute]) -> Iterator[Route | APIRoute]:
    """Every route of an app, also those of the routers in it."""
    for route in routes:
        router = getattr(route, "original_router", None)
        if router is not None:
            yield from endpoints(router.routes)
        elif isinstance(route, Route):
            yield route


def asked_permission(route: APIRoute) -> str | None:
    """The permission that a route's signature asks for."""
    waiting, found = [route.dependant], set()
    while waiting:
        dependant = waiting.pop()
        waiting += dependant.dependencies
        found.add(getattr(dependant.call, "permission", None))
    [permission] = (found - {None}) or [None]
    return permission


name = "{0.method} {0.path}".format


def test_every_endpoint_has_one_row_and_nothing_else_is_served(service: Service) -> None:
    served = [(method, route.path) for route in endpoints(service.app.routes) for method in route.methods or ()]
    guarded = [one for one in served if one[1] not in OPEN and one != SIGN_IN]
    assert sorted(guarded) == sorted((row.method, row.path) for row in ROWS)


@pytest.mark.parametrize("row", ROWS, ids=name)
def test_every_endpoint_names_the_permission_of_the_table(service: Service, row: Row) -> None:
    [route] = [
        route
        for route in endpoints(service.app.routes)
        if isinstance(route, APIRoute) and route.path == row.path and row.method in (route.methods or ())
    ]
    assert asked_permission(route) == row.permission


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("row", ROWS, ids=name)
def test_a_role_does_what_it_may_in_its_own_shop(service: Service, row: Row, role: Role) -> None:
    answer = service.ask(service.people[role], row, OWN)
    expected = row.ok if row.permission in PERMISSIONS[role] else 403
    assert answer.status_code == expected, answer.text


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("row", [row for row in ROWS if row.other], ids=name)
def test_no_role_reaches_another_shop(service: Service, row: Row, role: Role) -> None:
    answer = service.ask(service.people[role], row, OTHER)
    expected = row.other if row.permission in PERMISSIONS[role] else 403
    assert answer.status_code == expected, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("row", ROWS, ids=name)
def test_an_admin_of_all_shops_reaches_every_one(service: Service, row: Row) -> None:
    answer = service.ask(service.admin, row, OTHER)
    assert answer.status_code == row.ok, answer.text


@pytest.mark.parametrize("row", ROWS, ids=name)
def test_without_a_key_nothing_is_reached(service: Service, row: Row) -> None:
    call = row.call(service.world, OWN)
    nobody = TestClient(service.app, base_url=LOCAL)
    assert service.send(nobody, row, call).status_code == 401


@pytest.mark.parametrize("row", [row for row in ROWS if row.other == 404], ids=name)
def test_another_shops_object_is_told_apart_from_none_by_nothing(service: Service, row: Row) -> None:
    """Else somebody could find out by trying what is there."""
    admin = service.people["admin"]
    call = row.call(service.world, OTHER)
    others = service.send(admin, row, call)
    if "compare" in row.path:
        theirs, absent = str(call.params["a"]), "2000000000"
        none = service.send(admin, row, Call(params={"a": absent, "b": absent}))
    elif row.path == "/v1/entries/bulk":
        [theirs], absent = call.json["ids"], ABSENT
        none = service.send(admin, row, Call(json={**call.json, "ids": [absent]}))
    else:
        [(place, found)] = call.path.items()
        theirs, absent = str(found), "2000000000" if isinstance(found, int) else ABSENT
        none = service.send(admin, row, Call({place: absent}, call.params, call.json, call.content))
    assert none.status_code == 404
    assert others.json()["detail"].replace(theirs, "…") == none.json()["detail"].replace(absent, "…")


SHARED = [row for row in ROWS if row.path.startswith("/v1/entries/{entry_id}") and row.permission == "knowledge.write"]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("row", SHARED, ids=name)
def test_what_all_shops_share_only_an_admin_of_all_changes(service: Service, row: Row, role: Role) -> None:
    answer = service.ask(service.people[role], row, None)  # type: ignore[arg-type]
    assert answer.status_code == 403
    assert service.ask(service.admin, row, None).status_code == row.ok  # type: ignore[arg-type]


@pytest.mark.parametrize("role", ROLES)
def test_what_all_shops_share_everybody_reads(service: Service, role: Role) -> None:
    entry_id = service.world.entry(None)
    assert service.people[role].get(f"/v1/entries/{entry_id}").status_code == 200


def test_an_entry_cannot_be_moved_to_another_shop_or_to_all(service: Service) -> None:
    entry_id, editor = service.world.entry(OWN), service.people["editor"]
    for shop in (OTHER, None):
        moved = service.world.draft(shop, id=entry_id)
        assert editor.put(f"/v1/entries/{entry_id}", json=moved).status_code == 403
    assert editor.get(f"/v1/entries/{entry_id}").json()["shop_id"] == OWN


@pytest.mark.parametrize("role", ROLES)
def test_lists_hold_nothing_of_another_shop(service: Service, role: Role) -> None:
    world, who = service.world, service.people[role]
    theirs = {world.entry(OTHER), world.conversation(OTHER)}
    for make in (world.proposal, world.handover, world.test, world.failed, world.key):
        make(OTHER)
    for row in ROWS:
        if row.method != "GET" or "{" in row.path or row.other == 404 or row.permission not in PERMISSIONS[role]:
            continue
        answer = who.get(row.path, params={"format": "jsonl"} if row.path == "/v1/entries/export" else {})
        assert answer.status_code == 200, row.path
        assert f'"shop_id":"{OTHER}"' not in answer.text.replace('": "', '":"'), row.path
        assert not any(f'"{one}"' in answer.text for one in theirs), row.path


def test_a_new_shop_is_made_by_an_admin_of_all_only(service: Service, tmp_path: Path) -> None:
    shop = f"shop-{tmp_path.name}"
    editor = person(service.app, service.world.made("/v1/keys", {"name": "总编", "role": "editor"})["secret"])
    item = {**CUP.model_dump(mode="json"), "shop_id": shop}
    assert editor.post("/v1/entries", json=service.world.draft(shop)).status_code == 403
    assert editor.put("/v1/items/cup-9", json=item).status_code == 403
    assert service.people["admin"].put(f"/v1/shops/{shop}/policy", json={}).status_code == 403
    assert service.admin.put(f"/v1/shops/{shop}/policy", json={}).status_code == 200
    assert editor.post("/v1/entries", json=service.world.draft(shop)).status_code == 201


def test_an_import_cannot_write_into_another_shop(service: Service) -> None:
    editor, world = service.people["editor"], service.world
    rows = [world.draft(OTHER), world.draft(None)]
    data = "\n".join(json.dumps(row) for row in rows).encode()
    made = editor.post("/v1/imports", params={"filename": "a.jsonl"}, content=data).json()
    assert editor.post(f"/v1/imports/{made['id']}/run", json={}).status_code == 202
    for row in rows:
        assert service.admin.get(f"/v1/entries/{row['id']}").status_code == 404
