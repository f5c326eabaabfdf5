"""Entries over HTTP: added, read, changed and deleted, each change seen by the very next request."""

from __future__ import annotations

from typing import Any

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from assistant.service.api import create_app
from assistant.service.wiring import Parts
from tests.entry_examples import draft
from tests.small_knowledge import CUP, LOCAL, SHIP
from tests.starter_fixtures import starter_parts as starter_parts

pytest_plugins = ["tests.service_fixtures"]

SUGGESTIONS, ENTRIES = "/v1/suggestions", "/v1/entries"


def entry(entry_id: str | None, **fields: Any) -> dict[str, Any]:
    return draft(entry_id, **fields).model_dump(mode="json")


def ask(client: TestClient, text: str) -> Response:
    return client.post(SUGGESTIONS, json={"messages": [{"role": "buyer", "text": text}]})


def sources(response: Response) -> list[str]:
    assert response.status_code == 200, response.text
    return [one["source"]["entry_id"] for one in response.json()["suggestions"]]


def test_an_added_entry_is_found_by_the_next_request(client: TestClient) -> None:
    added = client.post(ENTRIES, json=entry("policy-engrave", questions=["保温杯可以刻名字吗"], title="能刻字吗"))
    assert added.status_code == 201
    assert added.headers["ETag"] == '"1"'
    assert added.json() == {**entry("policy-engrave"), **added.json(), "version": 1}
    assert "policy-engrave" in sources(ask(client, "保温杯可以刻名字吗"))
    assert {**client.get(f"{ENTRIES}/policy-engrave").json(), "warnings": None} == added.json()


def test_an_entry_without_id_gets_one_of_its_own(client: TestClient) -> None:
    ids = {client.post(ENTRIES, json=entry(None)).json()["id"] for _ in range(2)}
    assert len(ids) == 2
    assert all(client.get(f"{ENTRIES}/{one}").status_code == 200 for one in ids)


def test_adding_an_id_that_is_taken_is_a_conflict_and_changes_nothing(client: TestClient) -> None:
    before = client.get(f"{ENTRIES}/{SHIP.id}").json()
    answer = client.post(ENTRIES, json=entry(str(SHIP.id), title="另一个问题"))
    assert answer.status_code == 409
    assert str(SHIP.id) in answer.json()["detail"]
    assert client.get(f"{ENTRIES}/{SHIP.id}").json() == before


def test_a_changed_entry_answers_in_its_new_words(client: TestClient) -> None:
    words = "亲，包裹今天下午就出发啦，麻烦您再等等。"
    changed = client.put(f"{ENTRIES}/{SHIP.id}", json=entry(None, answers=[words]))
    assert changed.status_code == 200
    assert (changed.json()["id"], changed.json()["version"], changed.headers["ETag"]) == (SHIP.id, 2, '"2"')
    assert words in ask(client, "啥时候发货呀").json()["suggestions"][0]["text"]


def test_saving_the_same_again_is_no_new_version(client: TestClient) -> None:
    revision = client.get("/readyz").json()["revision"]
    again = client.put(f"{ENTRIES}/{SHIP.id}", json=entry(None))
    assert again.headers["ETag"] == '"1"'
    assert client.get("/readyz").json()["revision"] == revision


@pytest.mark.parametrize("match", ['"1"', 'W/"1"', "1", "*", None])
def test_the_version_that_was_read_may_be_saved(client: TestClient, match: str | None) -> None:
    headers = {"If-Match": match} if match else {}
    assert client.put(f"{ENTRIES}/{SHIP.id}", json=entry(None, title="何时发货"), headers=headers).status_code == 200


def test_an_older_version_may_neither_be_saved_nor_deleted(client: TestClient) -> None:
    client.put(f"{ENTRIES}/{SHIP.id}", json=entry(None, title="第二版"))
    stale = {"If-Match": '"1"'}
    saved = client.put(f"{ENTRIES}/{SHIP.id}", json=entry(None, title="第三版"), headers=stale)
    deleted = client.delete(f"{ENTRIES}/{SHIP.id}", headers=stale)
    assert (saved.status_code, deleted.status_code) == (412, 412)
    assert "第 2 版" in saved.json()["detail"]
    assert client.get(f"{ENTRIES}/{SHIP.id}").json()["title"] == "第二版"


@pytest.mark.parametrize("match", ["abc", '""', '"1', "-1", "1.5", "9" * 30, '"1", "2"'])
def test_what_is_no_version_is_refused_and_never_ignored(client: TestClient, match: str) -> None:
    answer = client.delete(f"{ENTRIES}/{SHIP.id}", headers={"If-Match": match})
    if match == '"1':  # a missing quote leaves no doubt about what is meant
        assert answer.status_code == 204
        return
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "If-Match"
    assert client.get(f"{ENTRIES}/{SHIP.id}").status_code == 200


def test_a_deleted_entry_is_gone_from_everywhere(client: TestClient) -> None:
    deleted = client.delete(f"{ENTRIES}/{SHIP.id}", headers={"If-Match": '"1"'})
    assert (deleted.status_code, deleted.content) == (204, b"")
    assert client.get(f"{ENTRIES}/{SHIP.id}").status_code == 404
    assert SHIP.id not in [one["id"] for one in client.get(ENTRIES).json()["entries"]]
    assert SHIP.id not in sources(ask(client, "啥时候发货呀"))


@pytest.mark.parametrize("method", ["get", "put", "delete"])
def test_an_entry_that_is_not_there_is_not_found(client: TestClient, method: str) -> None:
    answer = client.request(method, f"{ENTRIES}/nobody", json=entry(None) if method == "put" else None)
    assert answer.status_code == 404
    assert "nobody" in answer.json()["detail"]


def test_an_address_and_a_body_that_disagree_are_refused(client: TestClient) -> None:
    entry_answer = client.put(f"{ENTRIES}/{SHIP.id}", json=entry("policy-address"))
    item_answer = client.put("/v1/items/cup-1", json=CUP.model_dump(mode="json"))
    assert (entry_answer.status_code, item_answer.status_code) == (422, 422)
    assert entry_answer.json()["errors"][0]["field"] == "id"
    assert item_answer.json()["errors"][0]["field"] == "item_id"


def test_unfit_words_are_refused_with_the_place_and_a_better_wording(client: TestClient) -> None:
    answer = client.post(ENTRIES, json=entry("bad", intent="no.such", answers=["亲，这是全网最低价，{查无此项}"]))
    assert answer.status_code == 422
    assert [one["field"] for one in answer.json()["errors"]] == ["intent", "answers[0].text", "answers[0].text"]
    assert client.get(f"{ENTRIES}/bad").status_code == 404


def test_pages_of_the_list_are_the_whole_list_in_order(starter_parts: Parts) -> None:
    client = TestClient(create_app(starter_parts), base_url=LOCAL)
    total = client.get(ENTRIES, params={"limit": 1}).json()["total"]
    pages = [client.get(ENTRIES, params={"limit": 100, "offset": start}).json() for start in range(0, total, 100)]
    ids = [one["id"] for page in pages for one in page["entries"]]
    assert ids == sorted(entry.id for entry in starter_parts.store.every_entry())
    assert client.get(ENTRIES, params={"offset": total}).json() == {"entries": [], "total": total}


def test_filters_of_the_list_are_all_kept(client: TestClient) -> None:
    client.post(ENTRIES, json=entry("mine", shop_id="demo", status="draft", items=["cup-9"], title="杯子多大"))
    client.post(ENTRIES, json=entry("theirs", shop_id="other-shop", title="杯子多大"))

    def listed(**filters: str) -> set[str]:
        return {one["id"] for one in client.get(ENTRIES, params=filters).json()["entries"]}

    assert listed(shop_id="demo") == {"mine", "policy-ship", "policy-address"}
    assert listed(q="杯子") == {"mine", "theirs"}
    assert listed(q="杯子", shop_id="demo") == {"mine"}
    assert listed(status="draft") == listed(item_id="cup-9") == {"mine"}
    assert listed(intent="order.change_address") == {"policy-address"}
    assert listed(kind="phrase") == set()
