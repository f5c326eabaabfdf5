"""Many entries edited at once: all of them or none, each with its version and its line in the audit log."""

from __future__ import annotations

from typing import Any

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from assistant.service.wiring import Parts
from knowledge.changes import Changes
from tests.entry_examples import draft
from tests.small_knowledge import ADDRESS, SHIP

pytest_plugins = ["tests.service_fixtures"]

BULK = "/v1/entries/bulk"
IDS = [str(SHIP.id), str(ADDRESS.id)]


def edit(client: TestClient, action: str, ids: list[str] | None = None, **fields: Any) -> Response:
    return client.post(BULK, json={"ids": IDS if ids is None else ids, "action": action, **fields})


def statuses(parts: Parts) -> dict[str, str]:
    return {entry.id: entry.status for entry in parts.store.every_entry()}


def test_archived_entries_answer_no_more_and_restored_ones_again(client: TestClient, parts: Parts) -> None:
    asked = {"messages": [{"role": "buyer", "text": "啥时候发货呀"}]}
    assert edit(client, "archive").json()["saved"] == [
        {"entry_id": entry_id, "version": 2, "outcome": "updated"} for entry_id in IDS
    ]
    assert client.post("/v1/suggestions", json=asked).json()["suggestions"] == []
    assert edit(client, "restore").status_code == 200
    assert set(statuses(parts).values()) == {"published"}
    assert client.post("/v1/suggestions", json=asked).json()["suggestions"] != []


def test_each_entry_is_restored_to_what_it_was(client: TestClient, parts: Parts) -> None:
    parts.base.write(Changes(drafts=[draft("d", status="draft"), draft("born", status="archived")]))
    for _ in range(2):  # archived twice is archived once
        edit(client, "archive", ids=["d", IDS[0]])
    edit(client, "restore", ids=["d", "born", *IDS])
    assert statuses(parts) == {"d": "draft", "born": "draft", IDS[0]: "published", IDS[1]: "published"}


def test_drafts_are_published(client: TestClient, parts: Parts) -> None:
    parts.base.write(Changes(drafts=[draft("d", status="draft")]))
    assert edit(client, "publish", ids=["d", IDS[0]]).json()["saved"] == [
        {"entry_id": "d", "version": 2, "outcome": "updated"},
        {"entry_id": IDS[0], "version": 1, "outcome": "unchanged"},
    ]


def test_tags_come_and_go(client: TestClient, parts: Parts) -> None:
    edit(client, "add_tags", tags=["双11", "常用"])
    edit(client, "add_tags", tags=["常用"], ids=IDS[:1])
    edit(client, "remove_tags", tags=["双11"], ids=IDS[:1])
    assert [parts.store.entry(entry_id).tags for entry_id in IDS] == [("常用",), ("双11", "常用")]


def test_effective_times_are_set_and_taken_back(client: TestClient, parts: Parts) -> None:
    until = "2026-11-12T00:00:00+08:00"
    edit(client, "set_effective", effective_from="2026-11-11T00:00:00+08:00", effective_until=until)
    found = [parts.store.entry(entry_id).effective_until for entry_id in IDS]
    assert [moment and moment.isoformat() for moment in found] == [until, until]
    edit(client, "set_effective")
    assert parts.store.entry(IDS[0]).effective_from is None


def test_one_bad_entry_keeps_all_as_they_are(client: TestClient, parts: Parts) -> None:
    parts.base.write(Changes(drafts=[draft("bare", status="draft", questions=[])]))
    answer = edit(client, "publish", ids=[IDS[0], "bare"])
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "bare.questions")
    edit(client, "archive", ids=["bare"])
    gone = edit(client, "archive", ids=[IDS[0], "nobody"])
    assert (gone.status_code, "nobody" in gone.json()["detail"]) == (404, True)
    assert statuses(parts) == {IDS[0]: "published", IDS[1]: "published", "bare": "archived"}


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"action": "explode"}, "action"),
        ({"action": "add_tags"}, "tags"),
        ({"action": "add_tags", "tags": ["长" * 51]}, "tags[0]"),
        ({"action": "archive", "ids": []}, "ids"),
        ({"action": "archive", "ids": ["a"] * 1001}, "ids"),
        ({"action": "set_effective", "effective_from": "2026-11-11T00:00:00"}, "effective_from"),
        ({"action": "archive", "when": "now"}, "when"),
    ],
)
def test_a_bad_request_names_its_field(client: TestClient, fields: dict[str, Any], field: str) -> None:
    answer = client.post(BULK, json={"ids": IDS, **fields})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


def test_backward_times_are_refused_for_every_entry(client: TestClient) -> None:
    times: dict[str, Any] = {
        "effective_from": "2026-11-12T00:00:00+08:00",
        "effective_until": "2026-11-11T00:00:00+08:00",
    }
    answer = edit(client, "set_effective", **times)
    assert [one["field"] for one in answer.json()["errors"]] == [f"{entry_id}.effective_until" for entry_id in IDS]


def test_every_entry_is_in_the_audit_log(client: TestClient, parts: Parts) -> None:
    edit(client, "archive")
    records = parts.store.audit.page(action="entry.update")
    assert {record.object for record in records} == set(IDS)
    assert {record.who for record in records} == {"本机"}


def test_another_shops_entry_is_as_absent_and_shared_ones_are_not_an_editors(client: TestClient, parts: Parts) -> None:
    parts.base.write(
        Changes(drafts=[draft("theirs", shop_id="other"), draft("mine", shop_id="demo", title="几时发货")])
    )
    secret = parts.store.api_keys.create("小林", role="editor", shop_id="demo")
    headers = {"Authorization": f"Bearer {secret}"}
    tried = {
        one: client.post(BULK, json={"ids": [one], "action": "archive"}, headers=headers).status_code
        for one in ("theirs", IDS[0], "mine")
    }
    assert tried == {"theirs": 404, IDS[0]: 403, "mine": 200}
