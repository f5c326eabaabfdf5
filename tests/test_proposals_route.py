"""Review over HTTP: written, submitted, tried out on the labelled tests, published and seen by the next suggestion."""

from __future__ import annotations

import json
from typing import Any

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from assistant.service.wiring import Parts
from knowledge.changes import Changes
from knowledge.shop_policy import ShopPolicy
from tests.entry_examples import draft
from tests.people import person, with_settings

pytest_plugins = ["tests.service_fixtures"]
PROPOSALS, ENTRIES = "/v1/proposals", "/v1/entries"
OWN = draft("own-ship", shop_id="demo", title="今天能发货吗", questions=["今天发得出吗"])
SHIPS = {
    "messages": [
        {"role": "buyer", "text": "今天发得出吗", "labels": {"intents": ["order.urge_ship"], "entry_ids": ["own-ship"]}}
    ]
}


@pytest.fixture
def parts(parts: Parts) -> Parts:
    parts.base.write(Changes(drafts=[OWN], policies={"other": ShopPolicy(name="别家")}))
    return parts


@pytest.fixture
def ann(parts: Parts) -> TestClient:
    return person(parts, "小安")


@pytest.fixture
def ben(parts: Parts) -> TestClient:
    return person(parts, "小本")


def words(**fields: Any) -> dict[str, Any]:
    return {**OWN.model_dump(mode="json"), **fields}


def propose(who: TestClient, *, entry_id: str | None = "own-ship", **fields: Any) -> dict[str, Any]:
    body = {"entry_id": entry_id, "draft": words(**fields)}
    answer = who.post(PROPOSALS, json=body)
    assert answer.status_code == 201, answer.text
    document: dict[str, Any] = answer.json()
    return document


def step(who: TestClient, proposal: dict[str, Any], name: str, **body: Any) -> Response:
    return who.post(f"{PROPOSALS}/{proposal['id']}/{name}", json=body)


def first_text(who: TestClient, text: str) -> str:
    answer = who.post("/v1/suggestions", json={"messages": [{"role": "buyer", "text": text}]})
    return str(answer.json()["suggestions"][0]["text"])


def test_a_proposal_changes_nothing_until_it_is_published_and_then_the_next_suggestion(
    ann: TestClient, ben: TestClient
) -> None:
    made = propose(ann, answers=["亲，今天下午五点前付款，当天就能发出哦。"])
    assert (made["state"], made["version"], made["base_version"], made["author"]) == ("draft", 1, 1, "小安")
    assert "下午五点" not in first_text(ann, "今天发得出吗")
    assert step(ann, made, "submit").json()["state"] == "in_review"
    published = step(ben, made, "publish")
    assert published.status_code == 200, published.text
    document = published.json()
    assert (document["proposal"]["state"], document["proposal"]["reviewer"]) == ("published", "小本")
    assert (document["entry"]["version"], document["report"]["total"]) == (2, 0)
    assert "下午五点" in first_text(ann, "今天发得出吗")


def test_a_new_entry_is_published_from_a_draft_that_began_without_answers(ann: TestClient) -> None:
    made = propose(
        ann, entry_id=None, id=None, title="能刻字吗", questions=["可以刻名字吗"], answers=[], status="draft"
    )
    assert made["draft"]["answers"] == []
    refused = step(ann, made, "submit")
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "answers")
    body = {"draft": {**made["draft"], "answers": ["亲，可以免费刻名字哦。"]}}
    assert ann.put(f"{PROPOSALS}/{made['id']}", json=body).json()["version"] == 2
    entry = step(ann, made, "publish").json()["entry"]
    assert (entry["status"], entry["version"]) == ("published", 1)
    assert first_text(ann, "可以刻名字吗") == "亲，可以免费刻名字哦。"
    assert ann.get(f"{PROPOSALS}/{made['id']}").json()["entry_id"] == entry["id"]


def test_publishing_is_refused_with_what_would_fail_until_it_is_mended(ann: TestClient) -> None:
    test = ann.post("/v1/tests", json=SHIPS).json()
    made = propose(ann, intent="pre.invoice", title="怎么开发票", questions=["能开发票吗"])
    refused = step(ann, made, "publish")
    assert refused.status_code == 409, refused.text
    [spoilt] = refused.json()["regressions"]
    assert (spoilt["test_id"], spoilt["message"]) == (test["id"], "今天发得出吗")
    assert (spoilt["expected"]["entry_ids"], spoilt["before"]["passed"], spoilt["after"]["passed"]) == (
        ["own-ship"], True, False,
    )  # fmt: skip
    assert step(ann, made, "test").json()["results"][0] == spoilt
    assert ann.get(f"{ENTRIES}/own-ship").json()["version"] == 1
    ann.put(f"{PROPOSALS}/{made['id']}", json={"entry_id": "own-ship", "draft": words(title="今天可以发货吗")})
    assert step(ann, made, "publish").json()["report"]["regressions"] == 0


def test_an_admin_may_publish_all_the_same_and_the_reason_is_on_record(parts: Parts, ann: TestClient) -> None:
    ann.post("/v1/tests", json=SHIPS)
    made = propose(ann, status="archived")
    reason = {"override_reason": "商品下架了"}
    assert step(ann, made, "publish", **reason).status_code == 403
    boss = person(parts, "老板", "admin")
    assert step(boss, made, "publish", override_reason="  ").status_code == 409
    assert step(boss, made, "publish", **reason).json()["entry"]["status"] == "archived"
    record = parts.store.audit.page(action="proposal.publish")[0]
    assert (record.who, record.after["override_reason"]) == ("老板", "商品下架了")


def test_an_entry_that_moved_on_is_told_with_both_versions_and_can_be_merged(ann: TestClient, ben: TestClient) -> None:
    made = propose(ann, title="安的话")
    ben.put(f"{ENTRIES}/own-ship", json=words(title="本的话"))
    refused = step(ann, made, "publish")
    assert refused.status_code == 412
    told = refused.json()
    assert (told["base_version"], told["current"]["version"]) == (1, 2)
    assert (told["current"]["title"], told["draft"]["title"]) == ("本的话", "安的话")
    assert "第 2 版" in told["detail"]
    merged = {"entry_id": "own-ship", "base_version": 2, "draft": words(title="合并的话")}
    ann.put(f"{PROPOSALS}/{made['id']}", json=merged)
    assert step(ann, made, "publish").json()["entry"]["title"] == "合并的话"


def test_an_entry_that_was_deleted_is_told_too(ann: TestClient, ben: TestClient) -> None:
    made = propose(ann, title="安的话")
    ben.delete(f"{ENTRIES}/own-ship")
    refused = step(ann, made, "publish")
    assert (refused.status_code, refused.json()["current"]) == (412, None)
    assert "已被删除" in refused.json()["detail"]


@pytest.mark.parametrize("name", ["submit", "publish", "return"])
def test_nobody_decides_on_an_older_version(ann: TestClient, ben: TestClient, name: str) -> None:
    made = propose(ann)
    step(ann, made, "submit")
    stale = ben.post(f"{PROPOSALS}/{made['id']}/{name}", json={}, headers={"If-Match": '"1"'})
    assert stale.status_code == 412
    assert "第 2 稿" in stale.json()["detail"]
    assert ann.get(f"{PROPOSALS}/{made['id']}").headers["ETag"] == '"2"'


def test_an_older_version_is_neither_edited_nor_thrown_away(ann: TestClient, ben: TestClient) -> None:
    made = propose(ann)
    here, stale = f"{PROPOSALS}/{made['id']}", {"If-Match": '"1"'}
    ben.put(here, json={"entry_id": "own-ship", "draft": words(title="本的话")})
    assert ann.put(here, json={"entry_id": "own-ship", "draft": words()}, headers=stale).status_code == 412
    assert ann.delete(here, headers=stale).status_code == 412
    assert ann.delete(here).status_code == 204
    assert ann.get(here).status_code == 404


def test_a_shared_proposal_is_tried_on_the_tests_of_the_readers_own_shop(parts: Parts, ann: TestClient) -> None:
    boss = person(parts, "老板", "admin", None)
    theirs = {"messages": [{"role": "buyer", "text": "别家买家的话", "labels": {"intents": ["order.urge_ship"]}}]}
    boss.post("/v1/tests", json={**theirs, "shop_id": "other"}).raise_for_status()
    ann.post("/v1/tests", json=SHIPS).raise_for_status()
    shared = propose(boss, entry_id=None, id="shared-ship", shop_id=None)
    told = step(ann, shared, "test")
    assert told.status_code == 200
    assert (told.json()["total"], "别家买家的话" in told.text) == (1, False)
    assert step(boss, shared, "test").json()["total"] == 2


def test_under_review_no_way_round_leads_words_to_agents(parts: Parts) -> None:
    ann = person(with_settings(parts, review="on"), "小安")
    bulk = f"{ENTRIES}/bulk"
    ann.post(bulk, json={"ids": ["own-ship"], "action": "archive"}).raise_for_status()
    ann.put(f"{ENTRIES}/own-ship", json=words(status="archived", title="没人看过")).raise_for_status()
    assert ann.post(bulk, json={"ids": ["own-ship"], "action": "restore"}).status_code == 403
    urgent = words(id="urgent", tags=["emergency"], effective_until="2099-01-01T00:00:00+08:00")
    ann.post(ENTRIES, json=urgent).raise_for_status()
    everyday = {"ids": ["urgent"], "action": "remove_tags", "tags": ["emergency"]}
    assert ann.post(bulk, json=everyday).status_code == 403
    endless = {"ids": ["urgent"], "action": "set_effective"}
    assert ann.post(bulk, json=endless).status_code in (403, 422)


def test_where_a_second_reader_is_asked_for_editors_publish_in_no_other_way(parts: Parts) -> None:
    strict = with_settings(parts, review="on")
    ann, boss = person(strict, "小安"), person(strict, "老板", "admin")
    refused = ann.post(ENTRIES, json=words(id="mine"))
    assert refused.status_code == 403
    assert "另一个人审核" in refused.json()["detail"]
    assert ann.post(ENTRIES, json=words(id="mine", status="draft")).status_code == 201
    assert ann.put(f"{ENTRIES}/mine", json=words(id="mine")).status_code == 403
    assert ann.post(f"{ENTRIES}/bulk", json={"ids": ["mine"], "action": "publish"}).status_code == 403
    assert ann.get(f"{ENTRIES}/mine").json()["status"] == "draft"
    urgent = words(id="urgent", tags=["emergency"], effective_until="2099-01-01T00:00:00+08:00")
    assert ann.post(ENTRIES, json=urgent).status_code == 201
    assert boss.put(f"{ENTRIES}/mine", json=words(id="mine")).status_code == 200


def test_where_a_second_reader_is_asked_for_nobody_publishes_their_own_words(parts: Parts) -> None:
    strict = with_settings(parts, review="on")
    ann, ben = person(strict, "小安"), person(strict, "小本")
    made = propose(ann, title="今天可以发货吗")
    assert step(ben, made, "publish").status_code == 409  # not submitted yet
    step(ann, made, "submit")
    own = step(ann, made, "publish")
    assert own.status_code == 403
    assert "另一个人审核" in own.json()["detail"]
    assert step(ben, made, "publish").status_code == 200


def test_returned_words_come_back_with_the_reason(ann: TestClient, ben: TestClient) -> None:
    made = propose(ann)
    step(ann, made, "submit")
    returned = step(ben, made, "return", comment="请补上时间").json()
    assert (returned["state"], returned["review_comment"], returned["reviewer"]) == ("returned", "请补上时间", "小本")
    assert step(ben, made, "return").status_code == 409


def test_a_published_proposal_cannot_be_published_again(ann: TestClient) -> None:
    made = propose(ann, title="今天可以发货吗")
    assert [step(ann, made, "publish").status_code for _ in range(2)] == [200, 409]


def test_a_new_entry_whose_id_is_taken_meanwhile_is_a_conflict(ann: TestClient, ben: TestClient) -> None:
    made = propose(ann, entry_id=None, id="gift")
    ben.post(ENTRIES, json=words(id="gift"))
    assert step(ann, made, "publish").status_code == 409
    assert ann.get(f"{PROPOSALS}/{made['id']}").json()["state"] == "draft"


def test_the_list_shows_the_shops_own_by_state(parts: Parts, ann: TestClient) -> None:
    boss = person(parts, "老板", "admin", None)
    mine, submitted = propose(ann), propose(ann)
    theirs = propose(boss, entry_id=None, id=None, shop_id="other")
    step(ann, submitted, "submit")
    assert [each["id"] for each in ann.get(PROPOSALS).json()["proposals"]] == [submitted["id"], mine["id"]]
    listed = ann.get(PROPOSALS, params={"state": ["in_review", "returned"]}).json()
    assert ([each["id"] for each in listed["proposals"]], listed["total"]) == ([submitted["id"]], 1)
    assert boss.get(PROPOSALS).json()["total"] == 3
    assert [each["id"] for each in boss.get(PROPOSALS, params={"shop_id": "other"}).json()["proposals"]] == [
        theirs["id"]
    ]


def test_another_shops_proposals_are_as_if_absent(parts: Parts) -> None:
    boss, stranger = person(parts, "老板", "admin", None), person(parts, "邻居", "editor", "other")
    made = propose(boss)
    here = f"{PROPOSALS}/{made['id']}"
    answers = [stranger.get(here), stranger.put(here, json={"draft": words(shop_id="other")}), stranger.delete(here)]
    answers += [step(stranger, made, name) for name in ("submit", "return", "test", "publish")]
    assert {each.status_code for each in answers} == {404}
    assert stranger.get(PROPOSALS).json() == {"proposals": [], "total": 0}
    assert stranger.get(PROPOSALS, params={"shop_id": "demo"}).status_code == 403
    assert stranger.post(PROPOSALS, json={"entry_id": "own-ship", "draft": words(shop_id="other")}).status_code == 404


def test_shared_knowledge_is_only_proposed_by_a_general_admin(parts: Parts, ann: TestClient) -> None:
    body = {"entry_id": "policy-ship", "draft": words(id=None, shop_id=None)}
    assert ann.post(PROPOSALS, json=body).status_code == 403
    assert person(parts, "总部", "admin", None).post(PROPOSALS, json=body).status_code == 201


@pytest.mark.parametrize("role", ["agent", "evaluator"])
def test_who_may_not_write_knowledge_may_not_propose(parts: Parts, role: Any) -> None:
    who = person(parts, "小客", role)
    assert {who.get(PROPOSALS).status_code, who.post(PROPOSALS, json={"draft": words()}).status_code} == {403}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"draft": {"title": "没有类型"}}, "draft.kind"),
        ({"entry_id": "own-ship", "draft": {"id": "other-id"}}, "draft.id"),
        ({"entry_id": "own-ship", "base_version": 9, "draft": {}}, "base_version"),
        ({"draft": {"colour": "红"}}, "draft.colour"),
        ({"draft": {}, "comment": "\0"}, "comment"),
    ],
)
def test_what_cannot_be_kept_names_the_field(ann: TestClient, body: dict[str, Any], field: str) -> None:
    whole = body if field == "draft.kind" else {**body, "draft": {**words(), **body["draft"]}}
    answer = ann.post(PROPOSALS, json=whole)
    assert answer.status_code == 422, answer.text
    assert field in [each["field"] for each in answer.json()["errors"]]


def test_half_characters_are_replaced_and_not_an_error(ann: TestClient) -> None:
    body = json.dumps({"draft": words(), "comment": "\ud83d"})
    answer = ann.post(PROPOSALS, content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["comment"]) == (201, "�")


def test_numbers_beyond_any_proposal_are_refused_and_never_an_error(ann: TestClient) -> None:
    assert ann.get(f"{PROPOSALS}/{2**31}").status_code == 422
    assert ann.get(f"{PROPOSALS}/{2**31 - 1}").status_code == 404
