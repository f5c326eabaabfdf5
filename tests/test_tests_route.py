"""Labelled tests over HTTP: saved from the test bench, listed, changed, run, thrown away."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from assistant.service.wiring import Parts
from knowledge.changes import Changes
from knowledge.shop_policy import ShopPolicy
from tests.people import person

pytest_plugins = ["tests.service_fixtures"]
TESTS = "/v1/tests"


@pytest.fixture
def parts(parts: Parts) -> Parts:
    parts.base.write(Changes(policies={"other": ShopPolicy(name="别家")}))
    return parts


@pytest.fixture
def ann(parts: Parts) -> TestClient:
    return person(parts, "小安")


def dialog(text: str = "啥时候发货呀", **labels: Any) -> dict[str, Any]:
    message = {"role": "buyer", "text": text, "labels": labels or {"intents": ["order.urge_ship"]}}
    return {"dialog_id": "发货", "context": {"item": {"item_id": "cup-9"}}, "messages": [message]}


def test_a_test_is_kept_in_the_contracts_form_and_can_be_put_back_as_it_was_read(ann: TestClient) -> None:
    made = ann.post(TESTS, json=dialog(intents=["order.urge_ship"], complaint=0, entry_ids=["policy-ship"]))
    assert made.status_code == 201, made.text
    listed = ann.get(TESTS).json()
    assert listed == {"tests": [made.json()], "total": 1}
    [test] = listed["tests"]
    assert (test["dialog_id"], test["shop_id"], test["author"]) == ("发货", "demo", "小安")
    assert test["context"] == {"item": {"item_id": "cup-9"}}
    labels = test["messages"][0]["labels"]
    assert labels == {"intents": ["order.urge_ship"], "complaint": False, "entry_ids": ["policy-ship"]}
    again = ann.put(f"{TESTS}/{test['id']}", json=test)
    assert {**again.json(), "updated_at": ""} == {**test, "updated_at": ""}


def test_a_test_without_a_name_gets_one(ann: TestClient) -> None:
    without = {name: value for name, value in dialog().items() if name != "dialog_id"}
    names = {ann.post(TESTS, json=without).json()["dialog_id"] for _ in range(2)}
    assert len(names) == 2


def test_the_report_tells_what_passes_and_what_is_wrong_with_the_rest(ann: TestClient) -> None:
    passing = ann.post(TESTS, json=dialog()).json()
    failing = ann.post(TESTS, json=dialog("地址写错了", intents=["order.urge_ship"])).json()
    report = ann.post(f"{TESTS}/run", json={}).json()
    assert [(each["test_id"], each["outcome"]) for each in report["results"]] == [
        (failing["id"], "fails"),
        (passing["id"], "passes"),
    ]
    assert (report["tests"], report["total"], report["passed_after"]) == (2, 2, 1)
    assert "应为“催发货与发货时间”" in report["results"][0]["after"]["faults"][0]
    assert ann.delete(f"{TESTS}/{failing['id']}").status_code == 204
    assert ann.post(f"{TESTS}/run").json()["passed_after"] == ann.get(TESTS).json()["total"] == 1


def test_a_message_that_the_shop_opens_with_can_be_a_test(ann: TestClient) -> None:
    opening = {"dialog_id": "催付", "intent": "agent.remind_pay", "messages": []}
    answer = ann.post(TESTS, json=opening)
    if answer.status_code == 422:
        codes = answer.json()["detail"]
        opening["intent"] = codes.split("：")[-1].split("、")[0].split("（")[0]
        answer = ann.post(TESTS, json=opening)
    assert answer.status_code == 201, answer.text


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"messages": [{"role": "buyer", "text": "在吗"}]}, "没有标注"),
        ({"messages": [{"role": "buyer", "text": "在吗", "labels": {}}]}, "什么也没写"),
        ({"messages": [{"role": "buyer", "text": "在吗", "labels": {"intents": ["no.such"]}}]}, "没有意图 no.such"),
        ({"messages": [{"role": "buyer", "text": "在吗", "labels": {"intent": ["pre.size"]}}]}, "intents"),
        ({"messages": [{"role": "agent", "text": "在的", "labels": {"complaint": 1}}]}, "只能标在买家"),
        ({"messages": [{"role": "owner", "text": "在吗"}]}, "role"),
        ({"dialog_id": ""}, "dialog_id"),
        ({"intent": "order.urge_ship"}, "客服发起"),
    ],
)
def test_what_tests_nothing_is_refused_with_the_reason(ann: TestClient, change: dict[str, Any], told: str) -> None:
    answer = ann.post(TESTS, json={**dialog(), **change})
    assert answer.status_code == 422, answer.text
    assert told in answer.json()["detail"]
    assert ann.get(TESTS).json()["total"] == 0


def test_characters_that_no_database_takes_do_no_harm(ann: TestClient) -> None:
    body = '{"messages": [{"role": "buyer", "text": "\\u0000 \\ud83d 在吗", "labels": {"complaint": 0}}]}'
    made = ann.post(TESTS, content=body, headers={"Content-Type": "application/json"})
    assert made.status_code == 201, made.text
    assert ann.get(TESTS).json()["tests"][0]["messages"][0]["text"] == "\0 � 在吗"


def test_another_shops_tests_are_as_if_absent(parts: Parts, ann: TestClient) -> None:
    here = f"{TESTS}/{ann.post(TESTS, json=dialog()).json()['id']}"
    stranger = person(parts, "邻居", "editor", "other")
    assert {stranger.put(here, json=dialog()).status_code, stranger.delete(here).status_code} == {404}
    assert stranger.get(TESTS).json() == {"tests": [], "total": 0}
    named = [stranger.get(TESTS, params={"shop_id": "demo"}), stranger.post(f"{TESTS}/run?shop_id=demo")]
    named += [stranger.post(TESTS, json={**dialog(), "shop_id": "demo"})]
    assert {each.status_code for each in named} == {403}


def test_agents_read_tests_and_leave_them_alone(parts: Parts) -> None:
    agent = person(parts, "小客", "agent")
    assert agent.get(TESTS).status_code == 200
    answers = [agent.post(TESTS, json=dialog()), agent.post(f"{TESTS}/run"), agent.delete(f"{TESTS}/1")]
    assert {each.status_code for each in answers} == {403}


def test_a_shop_that_nobody_knows_is_told(parts: Parts) -> None:
    boss = person(parts, "老板", "admin", None)
    assert boss.post(TESTS, json={**dialog(), "shop_id": "nobody"}).status_code == 404
    assert boss.get(TESTS, params={"shop_id": "nobody"}).status_code == 404
