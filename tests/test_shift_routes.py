"""What a day begins with, over HTTP: clusters to write from, the briefing, the named periods."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from assistant.service.wiring import Parts
from knowledge.changes import Changes
from knowledge.records.feedback import Feedback
from knowledge.shop_policy import ShopPolicy
from tests.entry_examples import draft
from tests.people import person
from tests.record_fixtures import REPLY, record

pytest_plugins = ["tests.service_fixtures"]
NOW = datetime.now(UTC)


@pytest.fixture
def parts(parts: Parts) -> Parts:
    parts.base.write(Changes(policies={"other": ShopPolicy(name="别家")}))
    return parts


@pytest.fixture
def ann(parts: Parts) -> TestClient:
    return person(parts, "小安")


def log(parts: Parts, *texts: str, **fields: Any) -> None:
    usual = {"abstained": True, "replies": [], "at": NOW, "intents": [("pre.spec", 0.4)]}
    for number, text in enumerate(texts):
        each = {"request_id": f"r-{text}", "conversation_id": f"c-{number}-{text}", "message": text}
        parts.store.suggestion_log.add([record(**(usual | each | fields))])


def test_a_cluster_is_one_click_from_a_proposal_and_that_from_an_entry(parts: Parts, ann: TestClient) -> None:
    log(parts, "能刻字吗", "可以刻字吗", "能不能刻字")
    listed = ann.get("/v1/clusters").json()
    [only] = listed["clusters"]
    assert (only["size"], only["intent"], listed["total"], listed["messages_read"]) == (3, "pre.spec", 1, 3)
    assert {one["text"] for one in only["messages"]} == {"能刻字吗", "可以刻字吗", "能不能刻字"}
    made = ann.post("/v1/proposals", json={"draft": only["draft"]})
    assert made.status_code == 201, made.text
    written = {**made.json()["draft"], "answers": ["亲，可以免费刻字哦。"]}
    here = f"/v1/proposals/{made.json()['id']}"
    assert ann.put(here, json={"draft": written}).status_code == 200
    assert ann.post(f"{here}/publish", json={}).status_code == 200
    asked = ann.post("/v1/suggestions", json={"messages": [{"role": "buyer", "text": "可以刻字吗"}]}).json()
    assert asked["suggestions"][0]["text"] == "亲，可以免费刻字哦。"


def test_disliked_answers_come_with_their_entries(parts: Parts, ann: TestClient) -> None:
    log(parts, "啥时候发货", abstained=False, replies=[REPLY])
    parts.store.feedback.add(Feedback("demo", "r-啥时候发货", "disliked", suggestion_id="s-1", reason="outdated"))
    [only] = ann.get("/v1/clusters", params={"kind": "disliked"}).json()["clusters"]
    assert only["entries"] == [{"entry_id": "policy-ship", "title": "什么时候发货", "times": 1}]
    assert ann.get("/v1/clusters").json()["clusters"] == []


def test_clusters_are_the_shops_own_and_since_a_moment(parts: Parts, ann: TestClient) -> None:
    log(parts, "能刻字吗")
    log(parts, "别家的话", shop_id="other")
    later = (NOW + timedelta(minutes=1)).isoformat()
    assert [one["title"] for one in ann.get("/v1/clusters").json()["clusters"]] == ["能刻字吗"]
    assert ann.get("/v1/clusters", params={"since": later}).json()["messages_read"] == 0
    assert ann.get("/v1/clusters", params={"shop_id": "other"}).status_code == 403
    assert ann.get("/v1/clusters", params={"since": "0001-01-01T00:00:00+14:00"}).status_code == 422
    assert person(parts, "小客", "agent").get("/v1/clusters").status_code == 403


def write(parts: Parts, entry_id: str, **fields: Any) -> None:
    parts.base.write(Changes(drafts=[draft(entry_id, **fields)]))


def briefing(who: TestClient, since: datetime) -> dict[str, Any]:
    answer = who.get("/v1/briefing", params={"since": since.isoformat()})
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    return document


def ids(lines: list[dict[str, Any]]) -> list[str]:
    return [line["entry_id"] for line in lines]


def test_the_briefing_tells_what_agents_can_say_that_they_could_not(parts: Parts) -> None:
    agent = person(parts, "小客", "agent")
    write(parts, "old", title="旧的问法")
    write(parts, "gone")
    write(parts, "sketch", status="draft")
    since = datetime.now(UTC)
    write(parts, "old", title="新的问法")
    write(parts, "new", answers=["亲，新的答案。"])
    write(parts, "gone", status="archived")
    write(parts, "sketch", status="draft", title="还没写完")
    write(parts, "theirs", shop_id="other")
    told = briefing(agent, since)
    assert (ids(told["new"]), ids(told["changed"]), ids(told["withdrawn"])) == (["new"], ["old"], ["gone"])
    assert told["new"][0]["text"] == "亲，新的答案。"
    [changed] = told["changed"]
    assert (changed["summary"], changed["by"]) == ("标准问有改动", "系统")
    assert changed["changes"][0]["segments"][0] == {"op": "delete", "text": "旧"}
    assert told["totals"] == {"new": 1, "changed": 1, "withdrawn": 1, "expiring": 0, "emergency": 0}


def test_the_briefing_tells_what_ends_within_a_week_and_the_emergencies(parts: Parts, ann: TestClient) -> None:
    now = datetime.now(UTC)
    for days in (8, 6, 1, -1):
        write(parts, f"ends-{days}", effective_until=now + timedelta(days=days))
    write(parts, "storm", tags=["emergency"], effective_until=now + timedelta(days=2), title="暴雨停发")
    write(parts, "storm-over", tags=["emergency"], effective_until=now - timedelta(hours=1))
    write(parts, "storm-later", tags=["emergency"], effective_from=now + timedelta(hours=1),
          effective_until=now + timedelta(days=30))  # fmt: skip
    told = briefing(ann, now + timedelta(minutes=1))
    assert ids(told["expiring"]) == ["ends-1", "storm", "ends-6"]
    assert ids(told["emergency"]) == ["storm"]
    assert (told["new"], told["changed"]) == ([], [])


def test_without_a_moment_the_briefing_is_about_the_last_day(ann: TestClient) -> None:
    told = ann.get("/v1/briefing").json()
    since, now = (datetime.fromisoformat(told[name]) for name in ("since", "now"))
    assert now - since == timedelta(hours=24)
    assert set(ids(told["new"])) == {"policy-ship", "policy-address"}


PERIODS = "/v1/shops/demo/periods"


def test_a_shop_starts_with_the_usual_periods_and_writes_its_own(parts: Parts, ann: TestClient) -> None:
    usual = ann.get(PERIODS).json()
    assert (usual["own"], usual["periods"][0]["name"]) == (False, "元旦")
    assert all(period["effective_from"] < period["effective_until"] for period in usual["periods"])
    written = {"periods": [{"name": "店庆", "first": "2026-12-01", "last": "2026-12-03", "opens": "10:00"}]}
    assert ann.put(PERIODS, json=written).status_code == 200
    [own] = ann.get(PERIODS).json()["periods"]
    assert (own["name"], own["effective_from"]) == ("店庆", "2026-12-01T10:00:00+08:00")
    assert own["effective_until"] == "2026-12-04T00:00:00+08:00"
    ann.put(PERIODS, json={"periods": []})
    assert ann.get(PERIODS).json() == {"periods": [], "own": True}
    assert [record.action for record in parts.store.audit.page(limit=2)] == ["periods.update"] * 2
    assert parts.store.audit.page()[0].before[0]["name"] == "店庆"


def test_what_is_no_period_is_told_with_its_place(ann: TestClient) -> None:
    answer = ann.put(PERIODS, json={"periods": [{"name": "双11", "first": "11-31", "last": "11-11"}]})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "periods[0].first"
    assert "11-31 不是日期" in answer.json()["detail"]


def test_periods_are_read_by_agents_and_written_by_the_shops_editors(parts: Parts) -> None:
    agent, stranger = person(parts, "小客", "agent"), person(parts, "邻居", "editor", "other")
    assert agent.get(PERIODS).status_code == 200
    assert agent.put(PERIODS, json={"periods": []}).status_code == 403
    assert {stranger.get(PERIODS).status_code, stranger.put(PERIODS, json={"periods": []}).status_code} == {403}
    assert person(parts, "老板", "admin", None).get("/v1/shops/nobody/periods").status_code == 404
