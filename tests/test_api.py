"""The HTTP API: every route does what the contract says, and a change is seen by the very next request."""

from __future__ import annotations

import re
from typing import Any

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from assistant.response import SuggestionResponse
from assistant.service.api import create_app
from assistant.service.routes.suggestions import REQUEST_EXAMPLE, RESPONSE_EXAMPLE
from assistant.service.wiring import Parts
from models.intents import intents
from tests.entry_examples import draft
from tests.small_knowledge import CUP, LOCAL
from tests.starter_fixtures import starter_parts as starter_parts

pytest_plugins = ["tests.service_fixtures"]

SUGGESTIONS, ENTRIES = "/v1/suggestions", "/v1/entries"


def entry(entry_id: str | None, **fields: Any) -> dict[str, Any]:
    return draft(entry_id, **fields).model_dump(mode="json")


def ask(client: TestClient, text: str, **fields: Any) -> Response:
    return client.post(SUGGESTIONS, json={"messages": [{"role": "buyer", "text": text}], **fields})


def sources(response: Response) -> list[str]:
    assert response.status_code == 200, response.text
    return [one["source"]["entry_id"] for one in response.json()["suggestions"]]


def without_nulls(value: Any) -> Any:
    """FastAPI leaves every null out of its document."""
    if isinstance(value, dict):
        return {name: without_nulls(one) for name, one in value.items() if one is not None}
    return [without_nulls(one) for one in value] if isinstance(value, list) else value


# Suggestions


def test_the_contracts_request_gets_the_contracts_response(starter_parts: Parts) -> None:
    answer = TestClient(create_app(starter_parts), base_url=LOCAL).post(SUGGESTIONS, json=REQUEST_EXAMPLE)
    assert answer.status_code == 200
    response = answer.json()
    assert response.keys() >= RESPONSE_EXAMPLE.keys()
    assert response["understanding"].keys() >= RESPONSE_EXAMPLE["understanding"].keys()
    first = response["suggestions"][0]
    assert first.keys() >= RESPONSE_EXAMPLE["suggestions"][0].keys()
    assert first["source"].keys() >= RESPONSE_EXAMPLE["suggestions"][0]["source"].keys()
    assert (response["request_id"], response["for_message_id"]) == ("r-1", "m4")
    assert response["understanding"]["complaint"]["value"] is True
    assert first["parts"][0]["role"] == "empathy"
    assert "evidence" in [step["kind"] for step in response["next_steps"]]
    for rank, one in enumerate(response["suggestions"], start=1):
        assert one["rank"] == rank
        assert not set("{}") & set(one["text"])


def test_request_id_is_echoed_and_made_up_when_absent(client: TestClient) -> None:
    assert ask(client, "能改地址吗", request_id="编号-7").json()["request_id"] == "编号-7"
    first, second = ask(client, "能改地址吗").json(), ask(client, "能改地址吗").json()
    assert first["request_id"] != second["request_id"]


def test_a_question_finds_the_entry_that_answers_it(client: TestClient) -> None:
    assert sources(ask(client, "地址写错了怎么改"))[0] == "policy-address"


@pytest.mark.parametrize("limit", [1, 2])
def test_no_more_suggestions_than_asked_for(starter_parts: Parts, limit: int) -> None:
    client = TestClient(create_app(starter_parts), base_url=LOCAL)
    assert len(sources(ask(client, "什么时候发货", limit=limit))) == limit


def test_fields_that_the_contract_does_not_name_are_ignored(client: TestClient) -> None:
    assert ask(client, "能改地址吗", plugin={"version": 3}).status_code == 200


def test_an_unknown_shop_is_not_found(client: TestClient) -> None:
    answer = ask(client, "能改地址吗", shop_id="shop-nobody")
    assert answer.status_code == 404
    assert "shop-nobody" in answer.json()["detail"]


def test_silence_gives_its_reason_and_nothing_but_holding_phrases(starter_parts: Parts) -> None:
    response = ask(TestClient(create_app(starter_parts), base_url=LOCAL), "今天天气怎么样").json()
    assert response["abstained"] is True
    assert response["reason"]
    assert all(one["fallback"] for one in response["suggestions"])


# Catalogue, settings, names


def test_a_changed_item_is_what_the_next_suggestion_quotes(client: TestClient) -> None:
    told = entry("spec-volume", kind="product_spec", intent="pre.spec", title="容量多大", questions=["能装多少水"])
    told["answers"] = [{"text": "亲，这款的容量是{属性:容量}。", "when": {}, "tone": None}]
    assert client.post(ENTRIES, json=told).status_code == 201
    bigger = {**CUP.model_dump(mode="json"), "attributes": {"容量": "620ml"}}
    assert client.put("/v1/items/cup-9", json=bigger).json()["attributes"] == {"容量": "620ml"}
    assert client.get("/v1/items").json()["items"][0]["attributes"] == {"容量": "620ml"}
    response = ask(client, "能装多少水", context={"item": {"item_id": "cup-9"}}).json()
    assert "620ml" in response["suggestions"][0]["text"]


def test_items_are_those_of_the_shop_alone(client: TestClient) -> None:
    client.put("/v1/items/lamp", json={"item_id": "lamp", "shop_id": "other-shop", "title": "台灯"})
    assert [one["item_id"] for one in client.get("/v1/items").json()["items"]] == ["cup-9"]
    others = client.get("/v1/items", params={"shop_id": "other-shop"}).json()["items"]
    assert [one["item_id"] for one in others] == ["lamp"]


def test_settings_of_a_shop_can_be_read_and_replaced(client: TestClient) -> None:
    policy = client.get("/v1/shops/demo/policy").json()
    assert policy["name"] == "小店"
    changed = {**policy, "return_days": 15, "cutoff": "17:30"}
    assert client.put("/v1/shops/demo/policy", json=changed).json() == changed
    assert client.get("/v1/shops/demo/policy").json() == changed
    assert client.get("/v1/shops/nobody/policy").status_code == 404


def test_a_shop_begins_with_its_settings(client: TestClient) -> None:
    assert ask(client, "能改地址吗", shop_id="new-shop").status_code == 404
    assert client.put("/v1/shops/new-shop/policy", json={"name": "新店"}).status_code == 200
    assert sources(ask(client, "能改地址吗", shop_id="new-shop"))[0] == "policy-address"


def test_every_code_of_a_response_has_a_chinese_name(client: TestClient) -> None:
    names = client.get("/v1/vocabulary").json()
    assert names["intents"].keys() == intents().keys()
    assert {one["phase"] for one in names["intents"].values()} <= names["phases"].keys()
    assert names["emotions"].keys() == {"positive", "neutral", "anxious", "upset", "angry"}
    assert names["order_states"]["paid"] == "已付款未发货"
    words = [one["zh"] for one in names["intents"].values()] + [*names["phases"].values(), *names["fields"].values()]
    assert all(re.search("[一-鿿]", word) for word in words)


# Health


def test_alive_and_ready_say_what_is_served(client: TestClient, parts: Parts) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    ready = client.get("/readyz")
    assert ready.status_code == 200
    assert ready.json() == {
        "ready": True,
        "encoder": parts.suggester.encoder.id,
        "revision": 1,
        "store_revision": 1,
        "entries": 2,
    }
    client.post(ENTRIES, json=entry("more"))
    assert client.get("/readyz").json()["entries"] == 3


# The document and the page


def test_the_interface_document_carries_the_contracts_examples(client: TestClient) -> None:
    document = client.get("/openapi.json").json()
    operation = document["paths"][SUGGESTIONS]["post"]
    examples = operation["requestBody"]["content"]["application/json"]["examples"]
    assert REQUEST_EXAMPLE in [one["value"] for one in examples.values()]
    assert operation["responses"]["200"]["content"]["application/json"]["example"] == without_nulls(RESPONSE_EXAMPLE)
    SuggestionResponse.model_validate(RESPONSE_EXAMPLE)
    for one in examples.values():
        assert client.post(SUGGESTIONS, json=one["value"]).status_code == 200
    for path, methods in document["paths"].items():
        for operation in methods.values():
            assert operation["responses"]["422"]["content"].keys() >= {"application/problem+json"}, path


def test_no_page_loads_anything_from_elsewhere(client: TestClient) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert "default-src 'self'" in page.headers["content-security-policy"]
    assert "unsafe" not in page.headers["content-security-policy"]
    loaded = re.findall(r'(?:src|href)="([^"#]+)"', page.text)
    assert loaded
    for address in loaded:
        assert address.startswith("/static/"), address
        assert client.get(address).status_code == 200, address
    assert not re.search(r"<script(?![^>]*src=)|\son\w+=", page.text), "the CSP would refuse inline scripts"
    assert client.get("/docs").status_code == client.get("/redoc").status_code == 404


def test_files_beside_the_pages_are_not_served(client: TestClient) -> None:
    for address in ("/static/..%2fapi.py", "/static/%2e%2e/api.py", "/static//etc/passwd"):
        assert client.get(address).status_code == 404


def test_every_response_forbids_guessing_its_type(client: TestClient) -> None:
    for address in ("/", "/static/base.css", "/healthz", "/v1/items", "/nowhere"):
        assert client.get(address).headers["x-content-type-options"] == "nosniff"
