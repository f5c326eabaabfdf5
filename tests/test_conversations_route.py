"""Conversations, feedback and hand-overs over HTTP: masked where stored for long, and each shop by itself."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from assistant.service.api import create_app
from assistant.service.running import remove_old
from assistant.service.wiring import Parts
from knowledge.changes import Changes
from knowledge.shop_policy import ShopPolicy
from tests.record_fixtures import rows
from tests.small_knowledge import LOCAL

pytest_plugins = ["tests.service_fixtures"]

CONVERSATIONS, FEEDBACK, HANDOVERS = "/v1/conversations", "/v1/feedback", "/v1/handovers"
MESSAGE = {"id": "m1", "role": "buyer", "text": "能改地址吗"}


def report(client: TestClient, *messages: dict[str, Any], conversation: str = "c1", **fields: Any) -> dict[str, Any]:
    answer = client.post(f"{CONVERSATIONS}/{conversation}/messages", json={"messages": messages, **fields})
    assert answer.status_code == 202, answer.text
    document: dict[str, Any] = answer.json()
    return document


def suggested(client: TestClient, text: str = "能改地址吗", **fields: Any) -> dict[str, Any]:
    body = {"conversation_id": "c1", "messages": [{"id": "m1", "role": "buyer", "text": text}], **fields}
    document: dict[str, Any] = client.post("/v1/suggestions", json=body).json()
    return document


@pytest.fixture
def other_shop(parts: Parts, client: TestClient) -> TestClient:
    """A client with the key of an agent of another shop; the first one then needs a key, too."""
    parts.base.write(Changes(policies={"other": ShopPolicy(name="二店")}))
    client.headers["Authorization"] = f"Bearer {parts.store.api_keys.create('一店客服', 'agent', 'demo')}"
    foreign = parts.store.api_keys.create("二店客服", "agent", "other")
    return TestClient(client.app, base_url=LOCAL, headers={"Authorization": f"Bearer {foreign}"})


# Conversations


def test_reported_messages_are_read_again_with_context_and_waiting_clock(client: TestClient) -> None:
    told = report(client, {**MESSAGE, "sent_at": "2026-11-21T10:00:00+08:00"}, context={"buyer": {"nick": "tb01"}})
    assert told == {"conversation_id": "c1", "seq": 2, "messages_total": 1}
    read = client.get(f"{CONVERSATIONS}/c1").json()
    assert [message["text"] for message in read["messages"]] == ["能改地址吗"]
    assert (read["seq"], read["context"], read["reply_target_s"]) == (2, {"buyer": {"nick": "tb01"}}, 180)
    assert read["waiting_since"] == "2026-11-21T02:00:00Z"
    (waiting,) = client.get(CONVERSATIONS, params={"waiting": True}).json()["conversations"]
    assert (waiting["buyer"], waiting["last_text"], waiting["reply_target_s"]) == ("tb01", "能改地址吗", 180)


def test_private_notes_are_not_messages_and_repetitions_are_one(client: TestClient) -> None:
    note = {"id": "m2", "role": "agent", "text": "这个买家常退货", "private": True}
    assert report(client, MESSAGE, note, MESSAGE)["messages_total"] == 1
    assert report(client, MESSAGE)["messages_total"] == 1
    assert client.get(f"{CONVERSATIONS}/c1").json()["waiting_since"] is not None


def test_numbers_as_ids_and_half_characters_are_taken(client: TestClient) -> None:
    body = '{"messages":[{"id":17,"role":"buyer","text":"好\\ud83d\\u0000的"}]}'
    answer = client.post(f"{CONVERSATIONS}/9/messages", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 202, answer.text
    (message,) = client.get(f"{CONVERSATIONS}/9").json()["messages"]
    assert (message["id"], message["text"]) == ("17", "好�的")


def test_the_context_is_replaced_alone(client: TestClient) -> None:
    assert client.put(f"{CONVERSATIONS}/c1", json={"context": {"channel": "qianniu"}}).json()["seq"] == 1
    assert client.put(f"{CONVERSATIONS}/c1", json={"context": {"item": {"item_id": "cup-9"}}}).json()["seq"] == 2
    assert client.get(f"{CONVERSATIONS}/c1").json()["context"]["item"]["item_id"] == "cup-9"


def test_a_conversation_that_is_not_there_is_told(client: TestClient) -> None:
    answer = client.get(f"{CONVERSATIONS}/nobody")
    assert answer.status_code == 404
    assert "nobody" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"messages": [{"role": "robot", "text": "嗨"}]}, "messages[0].role"),
        ({"messages": [{"role": "buyer"}]}, "messages[0].text"),
        ({"messages": [{"role": "buyer", "text": "嗨", "sent_at": "昨天"}]}, "messages[0].sent_at"),
        ({"message": "嗨"}, "messages"),
        ({"context": None}, "messages"),
        ({}, "messages"),
    ],
)
def test_a_bad_report_names_its_field_and_stores_nothing(client: TestClient, body: dict[str, Any], field: str) -> None:
    answer = client.post(f"{CONVERSATIONS}/c1/messages", json=body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field
    assert client.get(f"{CONVERSATIONS}/c1").status_code == 404


def test_a_misspelt_field_is_named_instead_of_lost(client: TestClient) -> None:
    answer = client.post(f"{CONVERSATIONS}/c1/messages", json={"message": [MESSAGE], "shop_id": "demo"})
    assert answer.status_code == 422
    assert answer.json()["errors"][1] == {
        "field": "message",
        "reason": "没有这个字段",
        "remedy": "是不是想写 messages？",
    }


@pytest.mark.parametrize(
    "body",
    [{"messages": []}, {"context": {"channel": "qianniu"}}, {"messages": [MESSAGE], "context": None, "unread": 3}],
)
def test_a_report_that_names_messages_or_context_is_taken(client: TestClient, body: dict[str, Any]) -> None:
    assert client.post(f"{CONVERSATIONS}/c1/messages", json=body).status_code == 202


def test_an_unknown_shop_is_told(client: TestClient) -> None:
    assert client.get(CONVERSATIONS, params={"shop_id": "nowhere"}).status_code == 404
    assert client.post(f"{CONVERSATIONS}/c1/messages", json={"shop_id": "nowhere", "messages": []}).status_code == 404


def test_another_shops_conversations_are_absent_and_may_not_be_asked_for(
    client: TestClient, other_shop: TestClient
) -> None:
    report(client, MESSAGE)
    assert other_shop.get(f"{CONVERSATIONS}/c1").status_code == 404
    assert other_shop.get(CONVERSATIONS).json() == {"conversations": []}
    for answer in (
        other_shop.get(f"{CONVERSATIONS}/c1", params={"shop_id": "demo"}),
        other_shop.get(f"{CONVERSATIONS}/c1/events", params={"shop_id": "demo"}),
        other_shop.post(f"{CONVERSATIONS}/c1/messages", json={"shop_id": "demo", "messages": [MESSAGE]}),
        other_shop.put(f"{CONVERSATIONS}/c1", json={"shop_id": "demo", "context": {}}),
    ):
        assert answer.status_code == 403
    report(other_shop, {**MESSAGE, "text": "二店的"})
    assert client.get(f"{CONVERSATIONS}/c1").json()["messages"][0]["text"] == "能改地址吗"


# Suggestions and feedback


def test_what_was_suggested_in_a_conversation_is_written_down_masked(client: TestClient, parts: Parts) -> None:
    response = suggested(client, "能改地址吗，13800001111")
    client.app.state.recorder.settle(20)  # type: ignore[attr-defined]
    (row,) = rows(parts.store, "suggestions")
    assert (row["request_id"], row["conversation_id"], row["shop_id"]) == (response["request_id"], "c1", "demo")
    assert row["message"] == "能改地址吗，138****1111"
    assert [reply["entry_id"] for reply in rows(parts.store, "suggested")] == [
        one["source"]["entry_id"] for one in response["suggestions"]
    ]


def test_without_a_conversation_or_with_recording_off_nothing_is_written_down(parts: Parts) -> None:
    off = parts.settings.model_copy(update={"record": "off"})
    silent = Parts(off, parts.store, parts.base, parts.suggester)
    for made, conversation in ((parts, None), (silent, "c1")):
        with TestClient(create_app(made), base_url=LOCAL) as client:
            suggested(client, conversation_id=conversation)
    assert rows(parts.store, "suggestions") == []


def test_with_recording_off_feedback_counts_but_what_was_sent_is_not_kept(parts: Parts) -> None:
    silent = Parts(parts.settings.model_copy(update={"record": "off"}), parts.store, parts.base, parts.suggester)
    with TestClient(create_app(silent), base_url=LOCAL) as client:
        body = {"request_id": "r-1", "action": "sent", "sent_text": "亲，今天发出", "conversation_id": "c1"}
        assert client.post(FEEDBACK, json=body).status_code == 201
    (row,) = rows(parts.store, "feedback")
    assert (row["action"], row["sent_text"]) == ("sent", None)


def test_feedback_right_after_the_response_names_its_entry(client: TestClient, parts: Parts) -> None:
    response = suggested(client)
    one = response["suggestions"][0]
    body = {"request_id": response["request_id"], "suggestion_id": one["id"], "action": "edited"}
    answer = client.post(
        FEEDBACK, json={**body, "sent_text": f"{one['text']}，电话13800001111", "conversation_id": "c1"}
    )
    assert answer.status_code == 201
    assert answer.json()["entry_id"] == one["source"]["entry_id"]
    assert answer.json()["edit_distance"] == len("，电话138****1111")
    (row,) = rows(parts.store, "feedback")
    assert row["sent_text"].endswith("电话138****1111")
    assert row["agent"] == "本机"
    assert rows(parts.store, "suggestions")[0]["waited_s"] is not None


def test_feedback_keeps_reason_and_masked_comment(client: TestClient, parts: Parts) -> None:
    body = {
        "request_id": "r-1",
        "action": "disliked",
        "reason": "outdated",
        "comment": "寄到文三路138号的",
        "agent": "小王",
    }
    assert client.post(FEEDBACK, json=body).json()["entry_id"] is None
    (row,) = rows(parts.store, "feedback")
    assert (row["reason"], row["comment"], row["agent"]) == ("outdated", "寄到****的", "小王")


@pytest.mark.parametrize(
    "wrong", [{"action": "burnt"}, {"reason": "dull"}, {"request_id": ""}, {"sent_text": "长" * 20_001}]
)
def test_feedback_that_means_nothing_is_refused(client: TestClient, parts: Parts, wrong: dict[str, Any]) -> None:
    assert client.post(FEEDBACK, json={"request_id": "r-1", "action": "liked", **wrong}).status_code == 422
    assert rows(parts.store, "feedback") == []


def test_feedback_on_another_shops_suggestion_learns_nothing(client: TestClient, other_shop: TestClient) -> None:
    response = suggested(client)
    body = {"request_id": response["request_id"], "suggestion_id": response["suggestions"][0]["id"], "action": "liked"}
    assert client.post(FEEDBACK, json=body).json()["entry_id"] is not None
    assert other_shop.post(FEEDBACK, json=body).json()["entry_id"] is None
    assert other_shop.post(FEEDBACK, json={**body, "shop_id": "demo"}).status_code == 403


# Hand-overs


def test_a_hand_over_is_added_changed_and_exported(client: TestClient) -> None:
    one = client.post(HANDOVERS, json={"title": "改地址", "text": "=买家要改到拱墅区", "agent": "小王"}).json()
    changed = client.put(f"{HANDOVERS}/{one['id']}", json={"title": "改地址", "text": "=已改", "status": "done"}).json()
    assert (changed["status"], changed["agent"], changed["shop_id"]) == ("done", "小王", "demo")
    assert [each["id"] for each in client.get(HANDOVERS, params={"status": "done"}).json()["handovers"]] == [one["id"]]
    table = client.get(f"{HANDOVERS}/export")
    assert table.headers["content-type"] == "text/csv; charset=utf-8"
    assert table.content.startswith(b"\xef\xbb\xbf")
    assert "'=已改" in table.text
    assert "=已改" in client.get(f"{HANDOVERS}/export", params={"format": "md"}).text
    later = {"since": "2090-01-01T00:00:00+08:00"}
    assert "已改" not in client.get(f"{HANDOVERS}/export", params=later).text


def test_a_blank_title_is_refused(client: TestClient) -> None:
    answer = client.post(HANDOVERS, json={"title": "  ", "text": "x"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "title"


def test_another_shops_hand_overs_are_absent(client: TestClient, other_shop: TestClient) -> None:
    one = client.post(HANDOVERS, json={"title": "改地址"}).json()
    assert other_shop.put(f"{HANDOVERS}/{one['id']}", json={"title": "x"}).status_code == 404
    assert other_shop.put(f"{HANDOVERS}/99", json={"title": "x"}).status_code == 404
    assert other_shop.get(HANDOVERS).json() == {"handovers": []}
    assert "改地址" not in other_shop.get(f"{HANDOVERS}/export").text
    assert other_shop.get(HANDOVERS, params={"shop_id": "demo"}).status_code == 403
    assert client.get(HANDOVERS).json()["handovers"][0]["title"] == "改地址"


def test_what_is_older_than_the_settings_allow_is_removed(client: TestClient, parts: Parts) -> None:
    report(client, MESSAGE)
    remove_old(parts.store, parts.settings)
    assert client.get(f"{CONVERSATIONS}/c1").status_code == 200
    remove_old(parts.store, parts.settings.model_copy(update={"conversation_days": -1}))
    assert client.get(f"{CONVERSATIONS}/c1").status_code == 404
