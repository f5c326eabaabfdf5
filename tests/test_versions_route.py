"""Versions over HTTP: who saved what, what changed, and the way back, also for deleted entries."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from assistant.service.wiring import Parts
from knowledge.changes import Changes
from knowledge.shop_policy import ShopPolicy
from tests.entry_examples import draft
from tests.people import person

pytest_plugins = ["tests.service_fixtures"]
HERE = "/v1/entries/own-ship"
OWN = draft("own-ship", shop_id="demo", title="今天能发货吗", questions=["今天发得出吗"])


@pytest.fixture
def parts(parts: Parts) -> Parts:
    parts.base.write(Changes(drafts=[OWN], policies={"other": ShopPolicy(name="别家")}))
    return parts


@pytest.fixture
def ann(parts: Parts) -> TestClient:
    return person(parts, "小安")


def save(who: TestClient, **fields: Any) -> None:
    answer = who.put(HERE, json={**OWN.model_dump(mode="json"), **fields})
    assert answer.status_code == 200, answer.text


def versions(who: TestClient) -> list[tuple[int, bool, str | None]]:
    return [(one["version"], one["deleted"], one["by"]) for one in who.get(f"{HERE}/versions").json()["versions"]]


def test_versions_are_listed_with_who_and_when_the_newest_first(ann: TestClient) -> None:
    save(ann, title="第二版")
    assert versions(ann) == [(2, False, "小安"), (1, False, "系统")]
    page = ann.get(f"{HERE}/versions", params={"limit": 1, "offset": 1}).json()
    assert (page["total"], page["versions"][0]["entry"]["title"]) == (2, "今天能发货吗")
    assert page["versions"][0]["saved_at"]


def test_the_difference_is_told_field_by_field(ann: TestClient) -> None:
    save(ann, title="明天能发货吗", questions=["今天发得出吗", "今天发吗"], answers=["亲，今天发。"])
    diff = ann.get(f"{HERE}/versions/diff", params={"from": 1, "to": 2}).json()
    changes = {change["field"]: change for change in diff["changes"]}
    assert list(changes) == ["title", "questions", "answers"]
    assert changes["title"]["segments"][:2] == [{"op": "delete", "text": "今"}, {"op": "insert", "text": "明"}]
    assert changes["questions"]["items"] == [{"kind": "added", "before": None, "after": "今天发吗", "segments": []}]
    assert diff["summary"] == "标准问有改动，相似问法新增 1 条，答案修改 1 条"
    back = ann.get(f"{HERE}/versions/diff", params={"from": 2, "to": 1}).json()
    assert [change["after"] for change in back["changes"]] == [change["before"] for change in diff["changes"]]


def test_rolling_back_is_a_new_version_that_the_next_suggestion_knows(ann: TestClient) -> None:
    save(ann, answers=["亲，错误的话。"])
    back = ann.post(f"{HERE}/rollback", json={"version": 1}, headers={"If-Match": '"2"'})
    assert (back.status_code, back.headers["ETag"], back.json()["version"]) == (200, '"3"', 3)
    assert back.json()["answers"] == OWN.model_dump(mode="json")["answers"]
    asked = ann.post("/v1/suggestions", json={"messages": [{"role": "buyer", "text": "今天发得出吗"}]}).json()
    assert asked["suggestions"][0]["source"]["version"] == 3
    assert versions(ann)[0] == (3, False, "小安")


def test_a_deleted_entry_is_listed_and_restored(ann: TestClient) -> None:
    ann.delete(HERE)
    assert versions(ann)[0] == (2, True, "小安")
    diff = ann.get(f"{HERE}/versions/diff", params={"from": 1, "to": 2}).json()
    assert {change["after"] for change in diff["changes"] if change["field"] == "title"} == {None}
    assert ann.post(f"{HERE}/rollback", json={"version": 2}).status_code == 422
    assert ann.post(f"{HERE}/rollback", json={"version": 1}, headers={"If-Match": '"1"'}).status_code == 412
    restored = ann.post(f"{HERE}/rollback", json={"version": 1}, headers={"If-Match": '"2"'})
    assert (restored.status_code, restored.json()["version"]) == (200, 3)
    assert ann.get(HERE).json()["title"] == "今天能发货吗"


def test_an_older_state_is_not_rolled_back_over_somebody_elses_work(parts: Parts, ann: TestClient) -> None:
    save(person(parts, "小本"), title="本的话")
    stale = ann.post(f"{HERE}/rollback", json={"version": 1}, headers={"If-Match": '"1"'})
    assert stale.status_code == 412
    assert ann.get(HERE).json()["title"] == "本的话"


def test_what_would_not_be_saved_today_is_not_rolled_back_to(parts: Parts, ann: TestClient) -> None:
    unfit = OWN.model_copy(update={"answers": draft(answers=["亲，这是全网最低价。"]).answers})
    parts.store.write(Changes(drafts=[unfit]))  # as an older program with fewer checks left it
    save(ann, title="第三版")
    refused = ann.post(f"{HERE}/rollback", json={"version": 2})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "answers[0].text")
    assert ann.get(HERE).json()["version"] == 3


@pytest.mark.parametrize("path", ["versions", "versions/diff?from=1&to=1"])
def test_another_shops_versions_are_as_if_absent(parts: Parts, path: str) -> None:
    stranger = person(parts, "邻居", "editor", "other")
    assert stranger.get(f"{HERE}/{path}").status_code == 404
    assert stranger.post(f"{HERE}/rollback", json={"version": 1}).status_code == 404


def test_versions_of_the_time_when_an_entry_was_another_shops_are_not_told(parts: Parts) -> None:
    boss, stranger = person(parts, "老板", "admin", None), person(parts, "邻居", "editor", "other")
    save(boss, shop_id="other")
    assert [one["version"] for one in stranger.get(f"{HERE}/versions").json()["versions"]] == [2]
    assert stranger.get(f"{HERE}/versions/diff", params={"from": 1, "to": 2}).status_code == 404
    assert stranger.post(f"{HERE}/rollback", json={"version": 1}).status_code == 404


def test_agents_read_versions_but_do_not_roll_back(parts: Parts) -> None:
    agent = person(parts, "小客", "agent")
    assert agent.get(f"{HERE}/versions").status_code == 200
    assert agent.post(f"{HERE}/rollback", json={"version": 1}).status_code == 403


def test_what_is_not_there_is_not_found(ann: TestClient) -> None:
    assert ann.get("/v1/entries/nobody/versions").status_code == 404
    assert ann.get(f"{HERE}/versions/diff", params={"from": 1, "to": 7}).status_code == 404
    assert ann.post(f"{HERE}/rollback", json={"version": 7}).status_code == 404
    assert ann.get(f"{HERE}/versions/diff", params={"from": 0, "to": 10**12}).status_code == 422
