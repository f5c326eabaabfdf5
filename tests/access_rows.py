"""Every endpoint with what it asks for: the permission, and what somebody of another shop is told.

A row's `call` makes a request about a shop that succeeds with `ok` for whom may; `other` is the answer to those whose
key is for another shop: 403 where the request names the shop, 404 where it names an object, None where neither.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from starlette.testclient import TestClient

from assistant.service.access import Permission
from knowledge.audit import SYSTEM
from knowledge.store import Store
from tests.entry_examples import draft
from tests.small_knowledge import CUP


@dataclass(frozen=True)
class Call:
    """One request: what stands for the braces of the path, and what goes with it."""

    path: dict[str, object] = field(default_factory=dict)
    params: dict[str, str | int] = field(default_factory=dict)
    json: Any = None
    content: bytes | None = None


@dataclass(frozen=True)
class World:
    """Makes the objects that requests are about, as an admin of all shops."""

    admin: TestClient
    store: Store
    numbers: Iterator[int] = field(default_factory=count)
    evaluated: dict[str, int] = field(default_factory=dict)

    def fresh(self, stem: str) -> str:
        """A name that was not used before."""
        return f"{stem}-{next(self.numbers)}"

    def draft(self, shop: str | None, **fields: Any) -> dict[str, Any]:
        """A draft of a new entry."""
        name = self.fresh("e")
        usual = {"shop_id": shop, "title": f"问题 {name}", "questions": [f"请问 {name}"]}
        return draft(name, **{**usual, **fields}).model_dump(mode="json")

    def made(self, path: str, body: Any, **params: str) -> dict[str, Any]:
        """What a POST brought about."""
        raw = {"content": body} if isinstance(body, bytes) else {"json": body}
        answer = self.admin.post(path, params=params, **raw)
        assert answer.is_success, answer.text
        made: dict[str, Any] = answer.json()
        return made

    def entry(self, shop: str | None) -> str:
        """A stored entry with one version."""
        return str(self.made("/v1/entries", self.draft(shop))["id"])

    def proposal(self, shop: str | None, *steps: str) -> int:
        """A proposal of a new entry, taken so far."""
        made = self.made("/v1/proposals", {"draft": self.draft(shop)})
        for step in steps:
            self.made(f"/v1/proposals/{made['id']}/{step}", {})
        return int(made["id"])

    def test(self, shop: str) -> int:
        """A labelled test."""
        return int(self.made("/v1/tests", {**TEST, "shop_id": shop})["id"])

    def upload(self, shop: str) -> str:
        """An uploaded file."""
        data = (json.dumps(self.draft(shop)) + "\n").encode()
        return str(self.made("/v1/imports", data, filename="a.jsonl", shop_id=shop)["id"])

    def checked(self, shop: str) -> str:
        """An uploaded file of which every row was looked at."""
        import_id = self.upload(shop)
        self.made(f"/v1/imports/{import_id}/check", {})
        self.wait(f"/v1/imports/{import_id}")
        return import_id

    def evaluation(self, shop: str) -> int:
        """An evaluation that has ended; each takes a while, so there is one a shop."""
        if shop not in self.evaluated:
            self.test(shop)
            made = self.made("/v1/evaluations", {"name": "一轮", "source": "tests", "shop_id": shop})
            self.wait(f"/v1/evaluations/{made['id']}")
            self.evaluated[shop] = int(made["id"])
        return self.evaluated[shop]

    def failed(self, shop: str) -> int:
        """An evaluation that came to nothing, which is quickly made."""
        begun = self.store.evaluations.begin(shop, "半轮", "tests", None, 1, SYSTEM)
        self.store.evaluations.fail(begun.id, "停了")
        return begun.id

    def wait(self, path: str) -> None:
        """Wait until the work that an address tells of has ended."""
        ends = time.monotonic() + PATIENCE_S
        while (state := self.admin.get(path).json()["state"]) in WORKING:
            assert time.monotonic() < ends, f"{path} is still {state}"
            time.sleep(0.05)

    def conversation(self, shop: str) -> str:
        """A conversation with one message."""
        name = self.fresh("c")
        self.made(f"/v1/conversations/{name}/messages", {"shop_id": shop, "messages": [MESSAGE]})
        return name

    def handover(self, shop: str) -> int:
        """Something on the hand-over table."""
        return int(self.made("/v1/handovers", {"title": "回电话", "shop_id": shop})["id"])

    def key(self, shop: str | None) -> int:
        """A key."""
        return int(self.made("/v1/keys", {"name": "临时", "role": "agent", "shop_id": shop})["id"])


PATIENCE_S = 120
WORKING = {"checking", "running"}
MESSAGE = {"role": "buyer", "text": "什么时候发货"}
TEST = {"messages": [{**MESSAGE, "labels": {"intents": ["order.urge_ship"]}}]}


@dataclass(frozen=True)
class Row:
    """One endpoint."""

    method: str
    path: str
    permission: Permission
    call: Callable[[World, str], Call]
    other: int | None = 403
    ok: int = 200


def _named(**params: str) -> Callable[[World, str], Call]:
    """A request that names the shop in its address."""
    return lambda _, shop: Call(params={"shop_id": shop, **params})


def _posts(**body: object) -> Callable[[World, str], Call]:
    """A request that names the shop in its body."""
    return lambda _, shop: Call(json={"shop_id": shop, **body})


def _nothing(_: World, _shop: str) -> Call:
    return Call()


def _on(name: str, make: Callable[[World, str], object], **more: Any) -> Callable[[World, str], Call]:
    """A request about an object of the shop."""
    return lambda world, shop: Call(path={name: make(world, shop)}, **more)


def _replaces_entry(world: World, shop: str) -> Call:
    return Call({"entry_id": world.entry(shop)}, json=world.draft(shop, id=None))


def _two_versions(world: World, shop: str) -> str:
    entry_id = world.entry(shop)
    assert world.admin.put(f"/v1/entries/{entry_id}", json=world.draft(shop, id=entry_id)).is_success
    return entry_id


def _tested(world: World, shop: str) -> Call:
    world.test(shop)
    return Call(json={"shop_id": shop, "name": "又一轮", "source": "tests"})


def _compared(world: World, shop: str) -> Call:
    number = world.evaluation(shop)
    return Call(params={"a": number, "b": number})


SESSION = [
    Row("GET", "/v1/session", "suggest", _nothing, None),
    Row("DELETE", "/v1/session", "suggest", _nothing, None, 204),
    Row("GET", "/v1/vocabulary", "suggest", _nothing, None),
    Row("GET", "/metrics", "admin", _nothing, None),
]
ADMIN = [
    Row("GET", "/v1/keys", "admin", _nothing, None),
    Row("POST", "/v1/keys", "admin", _posts(name="小王", role="agent"), ok=201),
    Row("DELETE", "/v1/keys/{key_id}", "admin", _on("key_id", World.key), 404, 204),
    Row("GET", "/v1/audit", "admin", _named()),
    Row("GET", "/v1/shops/{shop_id}/policy", "suggest", _on("shop_id", lambda _, shop: shop)),
    Row("PUT", "/v1/shops/{shop_id}/policy", "admin", _on("shop_id", lambda _, shop: shop, json={})),
]
AGENT = [
    Row("POST", "/v1/suggestions", "suggest", _posts(messages=[MESSAGE])),
    Row("POST", "/v1/lint", "suggest", _posts(text="亲，好的")),
    Row("GET", "/v1/items", "suggest", _named()),
    Row("GET", "/v1/phrases", "suggest", _named()),
    Row("POST", "/v1/phrases", "suggest", _posts()),
    Row("POST", "/v1/feedback", "suggest", _posts(request_id="r", action="shown"), ok=201),
    Row("GET", "/v1/conversations", "suggest", _named()),
    Row("POST", "/v1/conversations/{conversation_id}/messages", "suggest",
        lambda world, shop: Call({"conversation_id": world.fresh("c")}, json={"shop_id": shop, "context": {}}), ok=202),
    Row("PUT", "/v1/conversations/{conversation_id}", "suggest",
        lambda world, shop: Call({"conversation_id": world.fresh("c")}, json={"shop_id": shop, "context": {}})),
    Row("GET", "/v1/conversations/{conversation_id}", "suggest",
        lambda world, shop: Call({"conversation_id": world.conversation(shop)}, {"shop_id": shop})),
    Row("GET", "/v1/conversations/{conversation_id}/events", "suggest",
        lambda world, shop: Call({"conversation_id": world.conversation(shop)}, {"shop_id": shop})),
    Row("GET", "/v1/handovers", "suggest", _named()),
    Row("POST", "/v1/handovers", "suggest", _posts(title="回电话"), ok=201),
    Row("GET", "/v1/handovers/export", "suggest", _named()),
    Row("PUT", "/v1/handovers/{handover_id}", "suggest",
        _on("handover_id", World.handover, json={"title": "已回"}), 404),
]  # fmt: skip
EDITOR = [
    Row("GET", "/v1/entries", "knowledge.read", _named()),
    Row("POST", "/v1/entries", "knowledge.write", lambda world, shop: Call(json=world.draft(shop)), ok=201),
    Row("GET", "/v1/entries/{entry_id}", "knowledge.read", _on("entry_id", World.entry), 404),
    Row("PUT", "/v1/entries/{entry_id}", "knowledge.write", _replaces_entry, 404),
    Row("DELETE", "/v1/entries/{entry_id}", "knowledge.write", _on("entry_id", World.entry), 404, 204),
    Row("POST", "/v1/entries/bulk", "knowledge.write",
        lambda world, shop: Call(json={"ids": [world.entry(shop)], "action": "archive"}), 404),
    Row("POST", "/v1/entries/check", "knowledge.read", lambda world, shop: Call(json={"draft": world.draft(shop)})),
    Row("GET", "/v1/entries/export", "knowledge.read", _named(format="jsonl")),
    Row("GET", "/v1/entries/{entry_id}/versions", "knowledge.read", _on("entry_id", World.entry), 404),
    Row("GET", "/v1/entries/{entry_id}/versions/diff", "knowledge.read",
        _on("entry_id", _two_versions, params={"from": 1, "to": 2}), 404),
    Row("POST", "/v1/entries/{entry_id}/rollback", "knowledge.write",
        _on("entry_id", _two_versions, json={"version": 1}), 404),
    Row("PUT", "/v1/items/{item_id}", "knowledge.write",
        lambda _, shop: Call({"item_id": "cup-9"}, json={**CUP.model_dump(mode="json"), "shop_id": shop})),
    Row("POST", "/v1/test-bench", "knowledge.read",
        lambda _, shop: Call(json={"request": {"shop_id": shop, "messages": [MESSAGE]}})),
    Row("GET", "/v1/answers/fields", "knowledge.read", _nothing, None),
    Row("POST", "/v1/answers/preview", "knowledge.read", lambda _, shop: Call(json={
        "intent": "order.urge_ship", "answers": ["亲，好的"], "requests": [{"shop_id": shop, "messages": [MESSAGE]}]})),
    Row("GET", "/v1/imports/template", "knowledge.write", _nothing, None),
    Row("POST", "/v1/imports", "knowledge.write",
        lambda _, shop: Call(params={"shop_id": shop, "filename": "a.jsonl"}, content=b"{}"), ok=201),
    Row("GET", "/v1/imports/{import_id}", "knowledge.write", _on("import_id", World.upload), 404),
    Row("DELETE", "/v1/imports/{import_id}", "knowledge.write", _on("import_id", World.upload), 404, 204),
    Row("POST", "/v1/imports/{import_id}/check", "knowledge.write", _on("import_id", World.upload, json={}), 404, 202),
    Row("POST", "/v1/imports/{import_id}/run", "knowledge.write", _on("import_id", World.upload, json={}), 404, 202),
    Row("GET", "/v1/imports/{import_id}/failed-rows", "knowledge.write", _on("import_id", World.checked), 404),
]  # fmt: skip
REVIEW = [
    Row("GET", "/v1/proposals", "knowledge.write", _named()),
    Row("POST", "/v1/proposals", "knowledge.write",
        lambda world, shop: Call(json={"draft": world.draft(shop)}), ok=201),
    Row("GET", "/v1/proposals/{proposal_id}", "knowledge.write", _on("proposal_id", World.proposal), 404),
    Row("PUT", "/v1/proposals/{proposal_id}", "knowledge.write",
        lambda world, shop: Call({"proposal_id": world.proposal(shop)}, json={"draft": world.draft(shop)}), 404),
    Row("DELETE", "/v1/proposals/{proposal_id}", "knowledge.write", _on("proposal_id", World.proposal), 404, 204),
    Row("POST", "/v1/proposals/{proposal_id}/submit", "knowledge.write", _on("proposal_id", World.proposal), 404),
    Row("POST", "/v1/proposals/{proposal_id}/return", "knowledge.write",
        _on("proposal_id", lambda world, shop: world.proposal(shop, "submit"), json={}), 404),
    Row("POST", "/v1/proposals/{proposal_id}/test", "knowledge.write", _on("proposal_id", World.proposal), 404),
    Row("POST", "/v1/proposals/{proposal_id}/publish", "knowledge.write", _on("proposal_id", World.proposal), 404),
    Row("GET", "/v1/tests", "knowledge.read", _named()),
    Row("POST", "/v1/tests", "knowledge.write", _posts(**TEST), ok=201),
    Row("PUT", "/v1/tests/{test_id}", "knowledge.write", _on("test_id", World.test, json=TEST), 404),
    Row("DELETE", "/v1/tests/{test_id}", "knowledge.write", _on("test_id", World.test), 404, 204),
    Row("POST", "/v1/tests/run", "knowledge.write", _named()),
    Row("GET", "/v1/clusters", "knowledge.write", _named()),
    Row("GET", "/v1/briefing", "knowledge.read", _named()),
    Row("GET", "/v1/shops/{shop_id}/periods", "knowledge.read", _on("shop_id", lambda _, shop: shop)),
    Row("PUT", "/v1/shops/{shop_id}/periods", "knowledge.write",
        _on("shop_id", lambda _, shop: shop, json={"periods": []})),
]  # fmt: skip
EVALUATOR = [
    Row("GET", "/v1/insight", "insight", _named()),
    Row("GET", "/v1/insight/agents", "insight", _named()),
    Row("GET", "/v1/insight/export", "insight", _named()),
    Row("GET", "/v1/evaluations", "evaluate", _named()),
    Row("POST", "/v1/evaluations", "evaluate", _tested, ok=202),
    Row("GET", "/v1/evaluations/{evaluation_id}", "evaluate", _on("evaluation_id", World.evaluation), 404),
    Row("GET", "/v1/evaluations/{evaluation_id}/report", "evaluate", _on("evaluation_id", World.evaluation), 404),
    Row("GET", "/v1/evaluations/{evaluation_id}/result", "evaluate", _on("evaluation_id", World.evaluation), 404),
    Row("DELETE", "/v1/evaluations/{evaluation_id}", "evaluate", _on("evaluation_id", World.failed), 404, 204),
    Row("GET", "/v1/evaluations/compare", "evaluate", _compared, 404),
    Row("GET", "/v1/evaluations/compare/export", "evaluate", _compared, 404),
]
ROWS = [*SESSION, *ADMIN, *AGENT, *EDITOR, *REVIEW, *EVALUATOR]
