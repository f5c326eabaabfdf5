"""The list of entries over HTTP: by text, meaning and pinyin, within what the caller's shop may see."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from assistant.service.wiring import Parts
from knowledge.audit import Author
from knowledge.changes import Changes
from tests.entry_examples import draft

pytest_plugins = ["tests.service_fixtures"]

ENTRIES = "/v1/entries"
SHELF = [
    draft("invoice", title="能开发票吗", questions=["可以开票吗"], shop_id="demo", short_code="kp", tags=["财务"]),
    draft("theirs", title="发票怎么开", questions=["开票"], shop_id="other"),
    draft("size", title="尺码怎么选", questions=["我穿多大"], status="draft", effective_from="2999-01-01T00:00:00Z"),
]


@pytest.fixture
def shelf(client: TestClient, parts: Parts) -> TestClient:
    parts.base.write(Changes(drafts=SHELF), by=Author("小林", "editor"))
    return client


def listed(client: TestClient, headers: dict[str, str] | None = None, **query: Any) -> list[str]:
    answer = client.get(ENTRIES, params=query, headers=headers)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert found["total"] == len(found["entries"])
    return [one["id"] for one in found["entries"]]


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ({"q": "开票"}, ["invoice", "theirs"]),
        ({"q": "kaipiao", "mode": "pinyin"}, ["invoice", "theirs"]),
        ({"q": "cm", "mode": "pinyin"}, ["size"]),
        ({"short_code": "KP"}, ["invoice"]),
        ({"tag": "财务"}, ["invoice"]),
        ({"tag": ["财务", "常用"]}, []),
        ({"author": "小林"}, ["invoice", "size", "theirs"]),
        ({"author": "小林", "sort": "title"}, ["size", "theirs", "invoice"]),
        ({"effective": "future"}, ["size"]),
        ({"effective": "expired"}, []),
        ({"author": "小林", "never_matched": True}, ["invoice", "size", "theirs"]),
        ({"disliked": True}, []),
        ({"q": "", "mode": "meaning", "author": "小林"}, ["invoice", "size", "theirs"]),
    ],
)
def test_each_way_of_searching(shelf: TestClient, query: dict[str, Any], ids: list[str]) -> None:
    assert listed(shelf, **query) == ids


def test_by_meaning_the_nearest_come_first_with_how_near(shelf: TestClient) -> None:
    found = shelf.get(ENTRIES, params={"q": "我要发票", "mode": "meaning"}).json()["entries"]
    assert {found[0]["id"], found[1]["id"]} == {"invoice", "theirs"}
    similarities = [one["similarity"] for one in found]
    assert similarities == sorted(similarities, reverse=True)
    assert len(found) == 4
    assert "size" not in [one["id"] for one in found]  # a draft is not in the index


def test_a_meaning_is_searched_among_what_the_filters_leave(shelf: TestClient) -> None:
    assert listed(shelf, q="发票", mode="meaning", intent="order.change_address") == ["policy-address"]
    assert listed(shelf, q="发票", mode="meaning", status="draft") == []
    pages = [listed_page(shelf, offset) for offset in range(5)]
    assert [len(page) for page in pages] == [1, 1, 1, 1, 0]
    assert len({one for page in pages for one in page}) == 4


@pytest.mark.parametrize("shop_id", ["demo", "other", None])
def test_all_of_a_shop_is_searched_as_a_list_of_all_is(shelf: TestClient, shop_id: str | None) -> None:
    query: dict[str, Any] = {"q": "发票", "mode": "meaning"} | ({"shop_id": shop_id} if shop_id else {})
    assert listed(shelf, **query) == listed(shelf, **query, status="published") != []


def listed_page(client: TestClient, offset: int) -> list[str]:
    found = client.get(ENTRIES, params={"q": "发票", "mode": "meaning", "limit": 1, "offset": offset}).json()
    assert found["total"] == 4
    return [one["id"] for one in found["entries"]]


def test_a_shops_key_sees_its_own_and_the_shared_ones_only(shelf: TestClient, parts: Parts) -> None:
    headers = {"Authorization": f"Bearer {parts.store.api_keys.create('小林', role='agent', shop_id='demo')}"}
    for query in ({"q": "开票"}, {"q": "发票", "mode": "meaning"}, {"q": "kp", "mode": "pinyin"}, {}):
        ids = listed(shelf, headers, **query)
        assert "invoice" in ids
        assert "theirs" not in ids
    assert shelf.get(ENTRIES, params={"shop_id": "other"}, headers=headers).status_code == 403


@pytest.mark.parametrize("query", [{"mode": "sound"}, {"sort": "size"}, {"effective": "soon"}, {"q": "长" * 2001}])
def test_what_cannot_be_asked_is_refused_with_its_name(client: TestClient, query: dict[str, Any]) -> None:
    answer = client.get(ENTRIES, params=query)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, next(iter(query)))
