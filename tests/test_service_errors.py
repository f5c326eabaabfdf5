"""Every error is a problem document that names field, reason and remedy, and tells nothing of the inside."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from httpx2 import Response
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError
from starlette.testclient import TestClient

from assistant.request import SuggestionRequest
from assistant.service.api import create_app
from assistant.service.errors import STATUS, TITLES, ForeignOrigin, Unauthorised, problem_of
from assistant.service.schemas import ProblemDocument
from assistant.service.wiring import Parts
from knowledge import errors as knowledge
from knowledge.errors import Problem
from models.errors import CalibrationUnusable

pytest_plugins = ["tests.service_fixtures"]

SUGGESTIONS, ENTRY = "/v1/suggestions", "/v1/entries/policy-ship"
BUYER = {"role": "buyer", "text": "在吗"}
SECRET = "the inside of the program"


def require_problem(answer: Response, status: int) -> ProblemDocument:
    """The problem that an answer is, in Chinese, as RFC 9457 has it."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    document = ProblemDocument.model_validate_json(answer.content)
    assert document.status == status
    for text in (document.title, document.detail):
        assert re.search("[一-鿿]", text), text
    for one in document.errors:
        assert one.field in document.detail
        assert one.reason in document.detail
        assert re.search("[一-鿿]|例如", one.remedy), one
    return document


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/nowhere", None, 404),
        ("GET", "/v1/nowhere", None, 404),
        ("GET", "/static/nowhere.js", None, 404),
        ("GET", SUGGESTIONS, None, 405),
        ("POST", "/", None, 405),
        ("PATCH", ENTRY, {}, 405),
        ("GET", "/v1/entries/nobody", None, 404),
        ("GET", "/v1/entries/%00", None, 404),
        ("GET", "/v1/shops/nobody/policy", None, 404),
        ("POST", SUGGESTIONS, {"messages": [BUYER], "shop_id": "nobody"}, 404),
    ],
)
def test_what_is_not_there_is_a_problem(client: TestClient, method: str, path: str, body: Any, status: int) -> None:
    assert require_problem(client.request(method, path, json=body), status).status == status


def test_a_method_that_is_not_allowed_says_which_are(client: TestClient) -> None:
    assert client.get(SUGGESTIONS).headers["allow"] == "POST"


@pytest.mark.parametrize(
    ("method", "path", "body", "field"),
    [
        ("POST", SUGGESTIONS, {}, "body"),
        ("POST", SUGGESTIONS, [], "body"),
        ("POST", SUGGESTIONS, {"messages": "在吗"}, "messages"),
        ("POST", SUGGESTIONS, {"messages": [None]}, "messages[0]"),
        ("POST", SUGGESTIONS, {"messages": [BUYER, {"role": "seller", "text": "在"}]}, "messages[1].role"),
        ("POST", SUGGESTIONS, {"messages": [{"role": "buyer"}]}, "messages[0].text"),
        ("POST", SUGGESTIONS, {"messages": [{**BUYER, "sent_at": "2026-01-01T00:00:00"}]}, "messages[0].sent_at"),
        ("POST", SUGGESTIONS, {"messages": [{**BUYER, "text": "长" * 20_001}]}, "messages[0].text"),
        ("POST", SUGGESTIONS, {"messages": [BUYER] * 501}, "messages"),
        ("POST", SUGGESTIONS, {"messages": [BUYER], "limit": 0}, "limit"),
        ("POST", SUGGESTIONS, {"messages": [BUYER], "limit": 11}, "limit"),
        ("POST", SUGGESTIONS, {"messages": [BUYER], "limit": "三"}, "limit"),
        ("POST", SUGGESTIONS, {"intent": "order.urge_ship"}, "intent"),
        ("POST", SUGGESTIONS, {"messages": [BUYER], "context": {"now": "昨天"}}, "context.now"),
        ("POST", SUGGESTIONS, {"messages": [BUYER], "context": {"order": {"state": "lost"}}}, "context.order.state"),
        ("POST", SUGGESTIONS, {"messages": [BUYER], "context": {"item": {"stock": -1}}}, "context.item.stock"),
        ("GET", "/v1/entries?limit=0", None, "limit"),
        ("GET", "/v1/entries?limit=501", None, "limit"),
        ("GET", "/v1/entries?offset=-1", None, "offset"),
        ("GET", "/v1/entries?status=lost", None, "status"),
        ("PUT", ENTRY, {"titel": "错字"}, "titel"),
        ("PUT", "/v1/items/cup-9", {"item_id": "cup-9", "shop_id": "demo"}, "title"),
        ("PUT", "/v1/shops/demo/policy", {"return_days": 3}, "return_days"),
        ("PUT", "/v1/shops/demo/policy", {"timezone": "月球"}, "timezone"),
    ],
)
def test_a_wrong_field_is_named_with_reason_and_remedy(
    client: TestClient, method: str, path: str, body: Any, field: str
) -> None:
    document = require_problem(client.request(method, path, json=body), 422)
    assert field in [one.field for one in document.errors]


def test_every_wrong_field_is_named_at_once(client: TestClient) -> None:
    body = {"messages": [{"role": "x", "text": 3.5}], "limit": 99, "context": {"order": {"amount": "贵"}}}
    fields = [one.field for one in require_problem(client.post(SUGGESTIONS, json=body), 422).errors]
    assert {"messages[0].role", "limit", "context.order.amount"} <= set(fields)


@pytest.mark.parametrize("path", [SUGGESTIONS, "/v1/entries"])
def test_a_body_that_is_no_json_says_what_it_should_be(client: TestClient, path: str) -> None:
    as_json = {"Content-Type": "application/json"}
    broken = require_problem(client.post(path, content=b"{messages: 1}", headers=as_json), 422)
    assert [one.field for one in broken.errors] == ["body"]
    gbk = require_problem(client.post(path, content='{"a": "在吗"}'.encode("gbk"), headers=as_json), 400)
    assert "UTF-8" in gbk.detail
    require_problem(client.post(path, content=b"[" * 100_000, headers=as_json), 400)
    require_problem(client.post(path, content=b"", headers=as_json), 422)


def test_a_body_that_does_not_say_it_is_json_is_told_the_header(client: TestClient) -> None:
    content = json.dumps({"messages": [BUYER]}).encode()
    document = require_problem(client.post(SUGGESTIONS, content=content, headers={"Content-Type": "text/plain"}), 415)
    assert "Content-Type: application/json" in document.detail


def test_half_a_character_is_read_as_an_unknown_one(client: TestClient) -> None:
    """Plug-ins that cut a text in the middle of an emoji send it."""
    content = b'{"messages":[{"role":"buyer","text":"\\ud83d"}]}'
    answer = client.post(SUGGESTIONS, content=content, headers={"Content-Type": "application/json"})
    assert answer.status_code == 200


class Inside(BaseModel):
    """Something that the program itself got wrong."""

    number: int


def failing_app(parts: Parts, error: Exception) -> FastAPI:
    """The app with one more route, which fails."""
    app = create_app(parts)

    def fail() -> None:
        raise error

    app.add_api_route("/fail", fail)
    return app


def own_fault() -> ValidationError:
    try:
        Inside.model_validate({"number": SECRET})
    except ValidationError as error:
        return error
    raise AssertionError


@pytest.mark.parametrize("error", [RuntimeError(SECRET), KeyError(SECRET), own_fault()], ids=lambda e: type(e).__name__)
def test_what_nobody_expected_is_logged_and_tells_nothing_of_the_inside(
    parts: Parts, error: Exception, capsys: pytest.CaptureFixture[str]
) -> None:
    client = TestClient(failing_app(parts, error), base_url="http://127.0.0.1", raise_server_exceptions=False)
    answer = client.get("/fail")
    require_problem(answer, 500)
    assert SECRET not in answer.text
    assert type(error).__name__ not in answer.text
    logged = "".join(capsys.readouterr())
    assert "unexpected_error" in logged
    assert "/fail" in logged


def test_a_database_that_fails_later_is_unavailable_not_a_crash(client: TestClient, parts: Parts) -> None:
    with closing(sqlite3.connect(parts.settings.data_dir / "xiaoer.db")) as connection:
        connection.execute("DROP TABLE revision")
    for answer in (client.post(SUGGESTIONS, json={"messages": [BUYER]}), client.get("/readyz")):
        assert "备份" in require_problem(answer, 503).detail or "数据库" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (Unauthorised("请带上密钥"), 401),
        (ForeignOrigin("只接受本机"), 403),
        (knowledge.EntryNotFound("a"), 404),
        (knowledge.ShopUnknown("a"), 404),
        (knowledge.EntryExists("a"), 409),
        (knowledge.VersionConflict("a", 1, 2), 412),
        (knowledge.EntryInvalid([Problem("title", "是空的", "请填写")]), 422),
        (knowledge.ImportFailed("读不了"), 422),
        (knowledge.StoreUnavailable("不能写"), 503),
        (CalibrationUnusable("读不出来"), 503),
        (knowledge.KnowledgeError(SECRET), 500),
        (ZeroDivisionError(SECRET), 500),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else str(value),
)
def test_every_kind_of_error_has_its_status(error: Exception, status: int) -> None:
    document = problem_of(error)
    assert document["status"] == status
    assert document["title"] == TITLES[status]
    assert SECRET not in str(document)
    assert status == 500 or document["detail"] == str(error)


def test_every_kind_in_the_table_is_tried_above_and_has_a_title() -> None:
    assert set(STATUS.values()) <= TITLES.keys()
    for kind in vars(knowledge).values():
        if isinstance(kind, type) and issubclass(kind, knowledge.KnowledgeError):
            assert STATUS.keys() & set(kind.__mro__) or kind is knowledge.KnowledgeError


@pytest.mark.parametrize("part", ["body", "query", "path", "header"])
def test_a_fields_place_is_told_as_its_sender_knows_it(part: str) -> None:
    error = RequestValidationError([{"type": "missing", "loc": (part, "messages", 0, "text"), "msg": "", "input": {}}])
    assert problem_of(error)["errors"][0]["field"] == "messages[0].text"


def test_a_field_that_is_called_like_a_part_keeps_its_name() -> None:
    error = RequestValidationError([{"type": "missing", "loc": ("body", "path", "query"), "msg": "", "input": {}}])
    assert problem_of(error)["errors"][0]["field"] == "path.query"


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
names = st.sampled_from(["item_id", "sku_id", "title", "attributes", "size_chart", "skus", "stock", "price", "state",
                         "amount", "paid_at", "carrier", "receiver", "now", "nick", "is_returning"])  # fmt: skip
part = st.dictionaries(names, anything, max_size=4) | anything
context = st.dictionaries(st.sampled_from(["now", "item", "order", "buyer", "agent", "channel"]), part, max_size=3)
message = st.fixed_dictionaries(
    {"role": st.sampled_from(["buyer", "agent", "system"]), "text": st.text(max_size=30)},
    optional={"id": anything, "sent_at": anything},
)
near_requests = st.fixed_dictionaries(
    {"messages": st.lists(message, min_size=1, max_size=3) | st.lists(message | anything, max_size=3)},
    optional={"context": context | anything, "limit": anything, "shop_id": anything, "intent": anything},
)


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(near_requests | anything)
def test_whatever_is_sent_gets_a_response_or_a_problem_that_names_a_field(client: TestClient, body: Any) -> None:
    answer = client.post(SUGGESTIONS, content=json.dumps(body), headers={"Content-Type": "application/json"})
    if answer.status_code == 200:
        SuggestionRequest.model_validate_json(json.dumps(body))
        assert not any(set("{}") & set(one["text"]) for one in answer.json()["suggestions"])
    else:
        assert require_problem(answer, answer.status_code if answer.status_code == 404 else 422)
