"""The phrase search: found by code, title, words and pinyin, only what applies, quickly, and ready to insert."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from assistant.phrase_wordings import wordings
from assistant.phrases import PhraseBook
from assistant.previewing import Sample
from assistant.service.api import create_app
from assistant.service.wiring import Parts
from knowledge.entries import Entry
from knowledge.entry_groups import EntryGroups
from knowledge.roster import Scope
from knowledge.snapshot import Snapshot
from tests.counting_encoder import shipped
from tests.entry_examples import draft
from tests.small_knowledge import LOCAL
from tests.starter_fixtures import starter_parts as starter_parts

NOW = datetime(2026, 11, 21, tzinfo=UTC)
SCOPE = Scope("demo", NOW)
NOTHING = Sample({}, None, "")


def entry(entry_id: str, title: str, **fields: Any) -> Entry:
    made = draft(entry_id, title=title, **{"questions": [], **fields})
    return Entry.model_validate({**made.model_dump(), "version": 1})


def over(*entries: Entry) -> Snapshot:
    groups = EntryGroups().replaced((), entries)
    return replace(Snapshot.empty(shipped()), revision=1, entries={each.id: each for each in entries}, groups=groups)


def found(typed: str, *entries: Entry, scope: Scope = SCOPE, **fields: Any) -> list[str]:
    return [each.id for each in PhraseBook().search(over(*entries), scope, typed, **fields)]


SHIP = entry("ship", "什么时候发货", short_code="fhsj", answers=["亲，48小时内发出。"])
REFUND = entry("refund", "退款多久到账", answers=["亲，原路退回，一般1到3天。"], questions=["钱什么时候退我"])
SIZE = entry("size", "尺码怎么选", answers=["亲，告诉我身高体重，什么时候都能问我。"])


@pytest.mark.parametrize(
    ("typed", "ids"),
    [
        ("fhsj", ["ship"]), ("FHSJ", ["ship"]), ("ｆｈｓｊ", ["ship"]), ("发货", ["ship"]), ("smshfh", ["ship"]),
        ("shenmeshihou", ["ship"]), ("tk", ["refund"]), ("tuikuan", ["refund"]), ("fahuo", ["ship"]),
        ("原路", ["refund"]), ("身高 体重", ["size"]), ("身高 发货", []), ("zzz", []),
        ("什么时候", ["ship", "size", "refund"]),
    ],
)  # fmt: skip
def test_it_is_found_by_code_title_words_and_pinyin(typed: str, ids: list[str]) -> None:
    assert found(typed, SHIP, REFUND, SIZE) == ids


def test_a_code_goes_before_a_title_and_a_title_before_words() -> None:
    coded = entry("coded", "欢迎语", short_code="kd")
    titled = entry("titled", "kd快递几天到")
    spoken = entry("spoken", "物流", answers=["走kd快递"])
    assert found("kd", spoken, titled, coded) == ["coded", "titled", "spoken"]


def test_only_what_the_shop_may_say_now_about_this_item() -> None:
    entries = (
        entry("own", "发货一", shop_id="demo"),
        entry("shared", "发货二"),
        entry("foreign", "发货三", shop_id="other"),
        entry("past", "发货四", effective_until=NOW - timedelta(days=1)),
        entry("future", "发货五", effective_from=NOW + timedelta(days=1)),
        entry("cup", "发货六", items=["cup-9"]),
        entry("opener", "发货七", tags=["empathy"]),
    )
    assert found("发货", *entries) == ["own", "shared"]
    assert found("发货", *entries, scope=Scope("demo", NOW, "cup-9")) == ["cup", "own", "shared"]
    assert found("发货", *entries, limit=1) == ["own"]


def test_of_an_intent_alone_the_marked_one_comes_first() -> None:
    waits = [entry("w1", "稍等", intent="flow.wait"), entry("w2", "稍等一会儿", intent="flow.wait", tags=["默认"])]
    assert found("", SHIP, *waits, intent="flow.wait") == ["w2", "w1"]


def test_a_changed_snapshot_is_searched_and_unchanged_entries_are_not_read_anew() -> None:
    book = PhraseBook()
    assert [each.id for each in book.search(over(SHIP, REFUND), SCOPE, "退款")] == ["refund"]
    kept = {key.entry.id: key for key in book._of(over(SHIP, REFUND)).keys}
    changed = entry("refund", "退货运费谁出")
    assert [each.title for each in book.search(over(SHIP, changed), SCOPE, "thyf")] == ["退货运费谁出"]
    assert book.search(over(SHIP, changed), SCOPE, "退款") == []
    fresh = {key.entry.id: key for key in book._of(over(SHIP, changed)).keys}
    assert fresh["ship"] is kept["ship"]


def test_ten_thousand_entries_are_searched_within_thirty_milliseconds(starter_parts: Parts) -> None:
    shipped_entries = list(starter_parts.base.snapshot().entries.values())
    many = [shipped_entries[number % len(shipped_entries)] for number in range(10_000)]
    snapshot = over(*(each.model_copy(update={"id": f"{each.id}-{n}"}) for n, each in enumerate(many)))
    book = PhraseBook()
    book.prepare(snapshot)
    for typed in ("发货", "fh", "fahuo", "运费险 退", "亲", "a", "没有这句", ""):
        took = []
        for _ in range(5):
            started = time.thread_time()
            book.search(snapshot, SCOPE, typed)
            took.append(time.thread_time() - started)
        assert min(took) < 0.03, typed


# Wordings


def test_what_is_known_is_filled_in_and_what_is_not_is_worded_or_left_to_the_agent() -> None:
    carrier = entry("c", "快递", answers=["亲，走{快递公司}，单号{运单号}。"])
    known = Sample({"order.carrier": "顺丰", "order.tracking_no": "SF0001"}, None, "")
    assert wordings(carrier, known)[0].text == "亲，走顺丰，单号SF0001。"
    for one in wordings(carrier, NOTHING):
        assert not set("{}") & set(one.text)
        assert one.missing


def test_a_wording_whose_condition_is_against_the_situation_is_not_shown() -> None:
    paid = {"text": "亲，马上发。", "when": {"order.state": ["paid"]}}
    both = entry("s", "发货", answers=[paid, {"text": "亲，已经发了。", "when": {"order.state": ["shipped"]}}])
    assert [one.text for one in wordings(both, Sample({"order.state": "shipped"}, None, ""))] == ["亲，已经发了。"]
    assert len(wordings(both, NOTHING)) == 2
    assert wordings(entry("p", "发货", answers=[paid]), Sample({"order.state": "closed"}, None, "")) == []


# Over HTTP


@pytest.fixture(scope="module")
def client(starter_parts: Parts) -> Iterator[TestClient]:
    with TestClient(create_app(starter_parts), base_url=LOCAL) as client:
        yield client


def test_phrases_come_ready_to_insert(client: TestClient) -> None:
    answer = client.get("/v1/phrases", params={"q": "fahuo", "limit": 5})
    assert answer.status_code == 200
    phrases = answer.json()["phrases"]
    assert len(phrases) == 5
    for phrase in phrases:
        assert phrase["text"] == phrase["wordings"][0]
        assert not set("{}") & set(phrase["text"])
        assert phrase["version"] >= 1


def test_holding_phrases_are_asked_for_by_their_intent(client: TestClient) -> None:
    phrases = client.get("/v1/phrases", params={"intent": "flow.wait"}).json()["phrases"]
    assert {phrase["intent"] for phrase in phrases} == {"flow.wait"}
    assert phrases[0]["entry_id"] == "phrase-wait-check"


def test_a_context_fills_them(client: TestClient) -> None:
    order = {"state": "shipped", "carrier": "顺丰速运", "tracking_no": "SF1234567890"}
    body = {"q": "通知买家已发货", "context": {"order": order}}
    (phrase, *_) = client.post("/v1/phrases", json=body).json()["phrases"]
    assert any("顺丰速运" in text or "SF1234567890" in text for text in phrase["wordings"])


def test_an_unknown_shop_and_an_endless_word_are_refused(client: TestClient) -> None:
    assert client.get("/v1/phrases", params={"shop_id": "nowhere"}).status_code == 404
    assert client.get("/v1/phrases", params={"q": "长" * 101}).status_code == 422
