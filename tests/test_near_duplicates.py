"""What an editor is warned of: the same question twice, two answers to it, a phrasing that is another topic's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from assistant.service.wiring import Parts
from knowledge.changes import Changes, Delta
from knowledge.entries import Entry, EntryDraft
from knowledge.near_duplicates import MOST, Duplicate, near_duplicates
from knowledge.snapshot import Snapshot
from tests.counting_encoder import CountingEncoder, shipped
from tests.entry_examples import draft

pytest_plugins = ["tests.service_fixtures"]

NOW = datetime(2026, 11, 11, tzinfo=UTC)
DAY = timedelta(days=1)
SHIP = {"title": "什么时候发货", "questions": ["多久能发货呀"], "answers": ["亲，我们会在48小时内为您发出哦。"]}
CLASH = {"title": "啥时候发货", "questions": ["啥时候能发出"], "answers": ["亲，我们会在72小时内为您发出哦。"]}


def knowledge(*some: EntryDraft) -> Snapshot:
    entries = tuple(Entry.model_validate({**one.model_dump(), "version": 1}) for one in some)
    return Snapshot.empty(shipped()).advanced(Delta(1, entries, frozenset(), (), {}), shipped())


def warned(one: EntryDraft, *others: EntryDraft, shop_id: str | None = "demo") -> list[Duplicate]:
    return near_duplicates(one, knowledge(*others), shipped(), shop_id, NOW)


def kinds(found: list[Duplicate]) -> list[tuple[str, str]]:
    return [(one.entry_id, one.kind) for one in found]


def test_the_same_question_with_the_same_answer_is_a_duplicate() -> None:
    again = draft("b", title="啥时候发货", questions=["几时发货"], answers=["亲，48小时内就给您发货啦~"])
    (found,) = warned(again, draft("a", **SHIP))
    assert (found.entry_id, found.title, found.kind, found.wins) == ("a", "什么时候发货", "near_duplicate", None)
    assert found.similarity > 0.965


def test_the_same_question_with_another_answer_is_a_contradiction() -> None:
    (found,) = warned(draft("b", **CLASH), draft("a", **SHIP))
    assert (found.kind, found.wins) == ("contradiction", None)
    assert "48" in found.reason
    assert "72" in found.reason
    assert found.phrasing in (SHIP["title"], *SHIP["questions"])
    assert found.own_phrasing in (CLASH["title"], *CLASH["questions"])


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ({"items": ["cup"]}, {"items": ["dress"]}),
        ({"effective_until": NOW}, {}),
        ({"effective_until": NOW + DAY}, {"effective_from": NOW + DAY}),
        ({"shop_id": "demo"}, {"shop_id": "other"}),
        ({}, {"status": "draft"}),
        ({}, {"tags": ["empathy"]}),
        ({"tags": ["guide"]}, {}),
        ({"intent": "order.urge_ship"}, {"title": "能开发票吗", "questions": ["开票"]}),
    ],
)
def test_what_never_answers_the_same_message_is_no_matter(mine: dict[str, Any], theirs: dict[str, Any]) -> None:
    assert warned(draft("b", **CLASH | mine), draft("a", **SHIP | theirs)) == []


@pytest.mark.parametrize(
    ("mine", "theirs", "wins"),
    [
        ({"items": ["cup"]}, {}, "draft"),
        ({"effective_until": NOW + DAY}, {}, "draft"),
        ({"shop_id": "demo"}, {}, "draft"),
        ({}, {"shop_id": "demo"}, "other"),
        ({}, {"authority": "platform"}, "other"),
        ({"items": ["cup"]}, {"tags": ["emergency"], "effective_until": NOW + DAY}, "other"),
        ({"items": ["cup", "dress"]}, {"items": ["dress"]}, None),
    ],
)
def test_it_is_said_which_of_both_a_buyer_gets(mine: dict[str, Any], theirs: dict[str, Any], wins: str | None) -> None:
    (found,) = warned(draft("b", **CLASH | mine), draft("a", **SHIP | theirs))
    assert (found.kind, found.wins) == ("contradiction", wins)


def test_an_entry_is_not_its_own_duplicate_and_keeps_its_vectors() -> None:
    snapshot, counting = knowledge(draft("a", **SHIP)), CountingEncoder()
    changed = draft("a", **SHIP | {"answers": ["亲，我们会在72小时内为您发出哦。"]})
    assert near_duplicates(changed, snapshot, counting, "demo", NOW) == []
    assert counting.encoded == []
    longer = draft("a", **SHIP | {"questions": ["多久能发货呀", "今天发吗"]})
    assert near_duplicates(longer, snapshot, counting, "demo", NOW) == []
    assert counting.encoded == ["今天发吗"]


def test_a_phrasing_of_another_topic_is_named() -> None:
    address = draft("addr", intent="order.change_address", title="可以改收货地址吗", questions=["地址写错了"])
    (found,) = warned(draft("b", **SHIP | {"questions": ["多久能发货呀", "地址写错了怎么办"]}), address)
    assert (found.entry_id, found.kind, found.own_phrasing) == ("addr", "phrasing_elsewhere", "地址写错了怎么办")
    assert found.phrasing == "地址写错了"


def test_the_worst_comes_first_and_not_too_much_of_it() -> None:
    many = [draft(f"e{n:02d}", **SHIP) for n in range(30)]
    address = draft("addr", intent="order.change_address", title="可以改收货地址吗", questions=["地址写错了"])
    questions = ["啥时候发货", "发货要多久", "啥时候能发出", "几时能发货", "多久才发货", "地址写错了"]
    found = warned(draft("x", **CLASH | {"questions": questions}), *many, address, draft("same", **CLASH))
    order = ["contradiction", "phrasing_elsewhere", "near_duplicate"]
    assert [one.kind for one in found] == sorted((one.kind for one in found), key=order.index)
    assert {one.kind for one in found} == set(order)
    assert len(found) <= MOST


# ---- over HTTP

CHECK = "/v1/entries/check"


def body(one: EntryDraft) -> dict[str, Any]:
    return {"draft": one.model_dump(mode="json")}


def test_a_check_tells_all_and_saves_nothing(client: TestClient, parts: Parts) -> None:
    before = parts.store.revision()
    unfit = draft("x", **SHIP | {"answers": ["亲，全网最低价，24小时内发货。"]}, short_code="fh", shop_id="demo")
    parts.base.write(Changes(drafts=[draft("y", title="另一个", questions=["另外"], short_code="FH")]))
    found = client.post(CHECK, json=body(unfit)).json()
    assert [one["field"] for one in found["problems"]] == ["answers[0].text", "short_code"]
    assert "y" in found["problems"][1]["reason"]
    assert {(one["field"], one["action"]) for one in found["compliance"]} >= {("answers[0].text", "block")}
    assert "超出政策的承诺" in {one["category"] for one in found["compliance"]}
    assert ("policy-ship", "contradiction") in [(one["entry_id"], one["kind"]) for one in found["duplicates"]]
    assert parts.store.revision() == before + 1


@pytest.mark.parametrize("fields", [{"title": ""}, {"kind": "none"}, {"short_code": "a b"}, {"colour": 1}])
def test_an_unfinished_draft_is_answered_with_its_problems(client: TestClient, fields: dict[str, Any]) -> None:
    one = body(draft("x"))
    one["draft"] |= fields
    answer = client.post(CHECK, json=one)
    assert answer.status_code == 200
    assert [each["field"] for each in answer.json()["problems"]] == list(fields)
    assert answer.json()["duplicates"] == []


def test_half_a_character_in_a_draft_is_no_fault_of_the_service(client: TestClient) -> None:
    text = '{"draft": {"id": "x", "title": "\\ud800", "\\udfff": 1}}'
    answer = client.post(CHECK, content=text, headers={"Content-Type": "application/json"})
    assert answer.status_code == 200


def test_a_save_warns_only_where_that_is_asked_for(client: TestClient) -> None:
    clash = draft("clash", **CLASH).model_dump(mode="json")
    added = client.post("/v1/entries", params={"check": True}, json=clash)
    assert added.status_code == 201
    assert [one["entry_id"] for one in added.json()["warnings"]["duplicates"]] == ["policy-ship"]
    changed = client.put("/v1/entries/clash", json={**clash, "note": "改"})
    assert changed.json()["warnings"] is None
    checked = client.put("/v1/entries/clash?check=true", json={**clash, "note": "改两次"}).json()
    assert checked["warnings"]["duplicates"][0]["kind"] == "contradiction"
    assert checked["warnings"]["problems"] == []


def test_a_check_shows_no_other_shops_entries(client: TestClient, parts: Parts) -> None:
    parts.base.write(
        Changes(
            drafts=[
                draft("theirs", shop_id="other", short_code="zz", **CLASH),
                draft("own", shop_id="demo", title="甲", questions=["乙"]),
            ]
        )
    )
    secret = parts.store.api_keys.create("小林", role="editor", shop_id="demo")
    asked = body(draft("x", **CLASH | {"short_code": "zz"}))
    found = client.post(CHECK, json=asked, headers={"Authorization": f"Bearer {secret}"}).json()
    assert "theirs" not in str(found)
    assert {one["entry_id"] for one in found["duplicates"]} == {"policy-ship"}
    asked["draft"]["shop_id"] = "other"
    assert client.post(CHECK, json=asked, headers={"Authorization": f"Bearer {secret}"}).status_code == 403
