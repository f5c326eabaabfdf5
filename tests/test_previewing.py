"""Answers that are still being written, tried in sample conversations."""

from __future__ import annotations

from typing import Any

from starlette.testclient import TestClient

pytest_plugins = ["tests.service_fixtures"]

PAID = {"order": {"state": "paid"}}
ON_ITS_WAY = {"order": {"state": "collected", "carrier": "中通快递", "tracking_no": "7310001"}}
ANSWERS: list[dict[str, Any]] = [
    {"text": "亲，还没发货，请您稍等。", "when": {"order.state": ["paid"]}},
    {"text": "亲，{快递公司}单号{运单号}，已经在路上了。", "when": {"order.state": ["shipped", "collected"]}},
    {"text": "亲，请问您问的是哪一单呢？"},
]


def _previews(client: TestClient, answers: list[dict[str, Any]], *contexts: dict[str, Any]) -> list[dict[str, Any]]:
    requests = [{"messages": [{"role": "buyer", "text": "发货了吗"}], "context": each} for each in contexts]
    response = client.post(
        "/v1/answers/preview", json={"intent": "order.urge_ship", "answers": answers, "requests": requests}
    )
    assert response.status_code == 200, response.text
    previews: list[dict[str, Any]] = response.json()["previews"]
    return previews


def test_each_conversation_chooses_the_most_particular_answer_that_holds(client: TestClient) -> None:
    previews = _previews(client, ANSWERS, PAID, ON_ITS_WAY, {})
    assert [each["chosen"] for each in previews] == [0, 1, 2]


def test_placeholders_are_filled_from_the_conversation(client: TestClient) -> None:
    [preview] = _previews(client, ANSWERS, ON_ITS_WAY)
    assert preview["answers"][1]["text"] == "亲，中通快递单号7310001，已经在路上了。"


def test_missing_fact_is_worded_and_named(client: TestClient) -> None:
    [preview] = _previews(client, ANSWERS, {"order": {"state": "collected", "carrier": "中通快递"}})
    assert "{" not in preview["answers"][1]["text"]
    assert preview["answers"][1]["missing"] == ["order.tracking_no"]


def test_answer_names_the_condition_that_keeps_it_back(client: TestClient) -> None:
    [preview] = _previews(client, ANSWERS, PAID)
    assert [each["unmet"] for each in preview["answers"]] == [[], ["order.state"], []]


def test_answer_that_needs_an_unknown_fact_without_a_gap_says_which(client: TestClient) -> None:
    [preview] = _previews(client, [{"text": "亲，{会员等级}会员专享。"}], {})
    assert preview["chosen"] is None
    assert preview["answers"][0] == {"unmet": [], "text": None, "missing": ["buyer.member_tier"], "findings": []}


def test_wording_that_must_not_be_sent_is_found(client: TestClient) -> None:
    [preview] = _previews(client, [{"text": "亲，好评返现2元哦。"}], {})
    assert preview["answers"][0]["findings"][0]["action"] == "block"


def test_preview_says_what_a_suggestion_would_say(client: TestClient) -> None:
    asked = {"messages": [{"role": "buyer", "text": "啥时候发货呀"}], "context": PAID}
    first = client.post("/v1/suggestions", json=asked).json()["suggestions"][0]
    entry = client.get(f"/v1/entries/{first['source']['entry_id']}").json()
    [preview] = _previews(client, entry["answers"], PAID)
    assert first["text"].endswith(preview["answers"][preview["chosen"]]["text"])


def test_fields_name_their_values_and_placeholders_in_chinese(client: TestClient) -> None:
    fields = {field["path"]: field for field in client.get("/v1/answers/fields").json()["fields"]}
    assert fields["order.state"]["name"] == "订单状态"
    assert fields["order.state"]["values"]["unpaid"] == "待付款"
    assert fields["order.overdue"]["values"] == {"true": "是", "false": "否"}
    assert fields["order.tracking_no"]["placeholder"] == "运单号"
    assert fields["order.state"]["placeholder"] is None
