"""The test bench: it shows what would be suggested, why, and what a filter or another entry kept away."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from assistant.service.wiring import Parts
from knowledge.changes import Changes
from tests.entry_examples import draft
from tests.small_knowledge import ADDRESS, CUP, SHIP
from tests.starter_fixtures import NOW, request

pytest_plugins = ["tests.service_fixtures"]

BENCH = "/v1/test-bench"
ASKED = "啥时候发货呀"


def tried(client: TestClient, text: str = ASKED, probe: dict[str, Any] | None = None, **context: Any) -> dict[str, Any]:
    asked = request(text, context=context).model_dump(mode="json")
    answer = client.post(BENCH, json={"request": asked, "probe": probe})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def out(found: dict[str, Any]) -> dict[str, tuple[str, str]]:
    return {one["entry_id"]: (one["filter"], one["reason"]) for one in found["filtered_out"]}


def why(found: dict[str, Any]) -> dict[str, str]:
    return {one["entry_id"]: one["why"] for one in found["entries"]}


def test_the_response_is_the_suggesters_own_and_every_signal_is_there(client: TestClient, parts: Parts) -> None:
    found = tried(client)
    usual = parts.suggester.suggest(request(ASKED)).model_dump(mode="json")
    for one in (found["response"], usual):
        for key in ("request_id", "took_ms"):
            del one[key]
        for each in one["suggestions"]:
            del each["id"]
    assert found["response"] == usual
    assert found["understanding"] == usual["understanding"]
    first = found["entries"][0]
    assert (first["entry_id"], first["place"], first["why"]) == (SHIP.id, 1, "排在第 1 位")
    assert set(first["signals"]) == set(first["contributions"]) >= {"intent", "dense", "lexical", "answer"}
    assert {one["code"] for one in found["intents"]} >= {SHIP.intent, "none"}


TOO_LATE = {"effective_until": "2026-11-20T00:00:00+08:00"}
NEVER = {"effective_until": "0001-01-01T00:00:00+14:00"}
TOO_EARLY = {"effective_from": "2026-11-22T08:00:00+08:00"}


@pytest.mark.parametrize(
    ("fields", "kind", "says"),
    [
        (TOO_LATE, "effective", "只用到 2026-11-20 00:00"),
        (TOO_EARLY, "effective", "2026-11-22 08:00 起"),
        (NEVER, "effective", "只用到 0001"),
        ({"items": ["dress"]}, "item", "只用于商品 dress，这里没有给出商品"),
        ({"status": "draft"}, "status", "草稿"),
        ({"status": "archived"}, "status", "归档"),
        ({"tags": ["empathy"]}, "role", "安抚"),
        ({"intent": "order.pay_reminder"}, "role", "客服主动"),
        ({"shop_id": "other"}, "shop", "属于店铺 other"),
    ],
)
def test_what_a_filter_took_out_is_named_with_the_reason(
    client: TestClient, parts: Parts, fields: dict[str, Any], kind: str, says: str
) -> None:
    parts.base.write(Changes(drafts=[draft("gone", title="啥时候发货", **fields)]))
    found = tried(client)
    assert out(found)["gone"][0] == kind
    assert says in out(found)["gone"][1]
    assert "gone" not in why(found)
    counted = {one["filter"]: one["removed"] for one in found["filters"]}
    assert kind == "role" or counted[kind] == 1


def test_what_has_nothing_to_do_with_the_message_is_not_named(client: TestClient, parts: Parts) -> None:
    parts.base.write(Changes(drafts=[draft("far", title="杯子是什么材质", questions=["什么料"], status="draft")]))
    parts.base.write(Changes(drafts=[draft("past", title="杯子是什么材质", questions=["什么料"], **TOO_LATE)]))
    assert out(tried(client)) == {}


def test_an_item_that_is_given_lets_its_entries_in(client: TestClient, parts: Parts) -> None:
    parts.base.write(Changes(drafts=[draft("cup", items=["cup-9"])], items=[CUP]))
    assert "cup" in why(tried(client, item={"item_id": "cup-9"}))
    assert out(tried(client, item={"item_id": "else"}))["cup"] == ("item", "只用于商品 cup-9，这里是商品 else")


def test_conditions_that_do_not_hold_are_told(client: TestClient, parts: Parts) -> None:
    paid = {"text": "亲，付款后48小时内发货。", "when": {"order.state": ["paid"]}}
    parts.base.write(Changes(drafts=[draft("paid", answers=[paid])]))
    found = tried(client, order={"state": "unpaid"})
    assert out(found)["paid"][0] == "conditions"
    assert "paid" in out(found)["paid"][1]
    assert "unpaid" in out(found)["paid"][1]
    assert "没有给出" in why(tried(client))["paid"]
    assert "paid" not in out(tried(client, order={"state": "paid"}))


def test_why_others_lost(client: TestClient, parts: Parts) -> None:
    rivals = [draft(f"r{n}", title="什么时间能发货呢", questions=["哪天发"]) for n in range(4)]
    parts.base.write(Changes(drafts=rivals))
    found = tried(client)
    lost = {entry_id: text for entry_id, text in why(found).items() if not text.startswith("排在第")}
    assert len(lost) == len(found["entries"]) - len(found["response"]["suggestions"])
    assert "更贴切" in lost["r3"]
    storm = draft("storm", title="停运", questions=["停运"], tags=["emergency"], effective_until="2026-12-01T00:00:00Z")
    parts.base.write(Changes(drafts=[storm]))
    assert "紧急条目 storm" in why(tried(client))["r3"]


def test_a_probe_takes_part_and_nothing_is_stored(client: TestClient, parts: Parts) -> None:
    before = parts.store.revision()
    probe = draft(None, title=ASKED, questions=["发货时间"], status="draft", shop_id="demo").model_dump(mode="json")
    found = tried(client, probe=probe)
    assert found["response"]["suggestions"][0]["source"]["title"] == ASKED
    changed = draft(str(SHIP.id), answers=["亲，今天就发。"]).model_dump(mode="json")
    assert tried(client, probe=changed)["response"]["suggestions"][0]["text"] == "亲，今天就发。"
    assert parts.store.revision() == before
    assert tried(client)["response"]["suggestions"][0]["source"]["entry_id"] == SHIP.id


def test_a_probe_that_could_not_be_saved_is_refused(client: TestClient) -> None:
    probe = draft("x", answers=["亲，全网最低价"]).model_dump(mode="json")
    answer = client.post(BENCH, json={"request": request(ASKED).model_dump(mode="json"), "probe": probe})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "answers[0].text")


@pytest.mark.parametrize("text", ["", "😀", "今天天气怎么样", "[图片]"])
def test_a_message_without_an_answer_is_told_of_too(client: TestClient, text: str) -> None:
    found = tried(client, text)
    assert found["response"]["abstained"] == (found["response"]["reason"] is not None)
    assert all(each["why"] for each in found["entries"])


def test_what_the_shop_opens_can_be_tried(client: TestClient) -> None:
    asked = request(intent="order.pay_reminder").model_dump(mode="json")
    assert client.post(BENCH, json={"request": asked}).json()["entries"] == []


def test_a_key_of_one_shop_learns_nothing_of_another(client: TestClient, parts: Parts) -> None:
    theirs = draft("theirs", title="啥时候发货", shop_id="other")
    parts.base.write(Changes(drafts=[theirs, draft("own", shop_id="demo", title="甲", questions=["乙"])]))
    headers = {"Authorization": f"Bearer {parts.store.api_keys.create('小林', role='agent', shop_id='demo')}"}
    asked = request(ASKED).model_dump(mode="json")
    found = client.post(BENCH, json={"request": asked}, headers=headers)
    assert found.status_code == 200
    assert "theirs" not in found.text
    assert "shop" not in [one["filter"] for one in found.json()["filters"]]
    probe = draft("theirs").model_dump(mode="json")
    assert client.post(BENCH, json={"request": asked, "probe": probe}, headers=headers).status_code == 404
    probe = draft(None, shop_id="other").model_dump(mode="json")
    assert client.post(BENCH, json={"request": asked, "probe": probe}, headers=headers).status_code == 403
    asked["shop_id"] = "other"
    assert client.post(BENCH, json={"request": asked}, headers=headers).status_code == 403


def test_the_filters_count_the_whole_knowledge(client: TestClient, parts: Parts) -> None:
    gone = [draft("late", **TOO_LATE), draft("early", **TOO_EARLY), draft("d", items=["x"]), draft("e", status="draft")]
    theirs = [draft("t", shop_id="other"), draft("u", shop_id="other", **TOO_LATE)]
    parts.base.write(Changes(drafts=[*gone, *theirs]))
    counted = {one["filter"]: one["removed"] for one in tried(client, now=NOW)["filters"]}
    assert counted == {"shop": 2, "status": 1, "effective": 2, "item": 1, "conditions": 0}
    assert parts.store.entries(shop_id="demo").total == sum(counted.values()) - 2 + len([SHIP, ADDRESS])
