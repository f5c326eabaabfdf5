"""The log of suggestions: one row a response, its replies beside it, no effect on the knowledge."""

from __future__ import annotations

import json
from datetime import timedelta

from knowledge.records.conversations import Line
from knowledge.store import Store
from tests.record_fixtures import AT, record, rows


def test_a_response_is_one_row_with_its_replies(store: Store) -> None:
    store.suggestion_log.add([record(missing=["order.carrier"], risks=["risk.legal"])])
    (row,) = rows(store, "suggestions")
    assert (row["shop_id"], row["request_id"], row["intent"]) == ("demo", "r-1", "order.urge_ship")
    assert json.loads(row["intents"]) == [{"code": "order.urge_ship", "confidence": 0.9}]
    assert (json.loads(row["missing"]), json.loads(row["risks"])) == (["order.carrier"], ["risk.legal"])
    assert (row["at"], row["waited_s"]) == ("2026-11-21T02:00:00.000+00:00", None)
    (reply,) = rows(store, "suggested")
    assert (reply["log_id"], reply["suggestion_id"], reply["entry_id"], reply["version"]) == (
        row["id"],
        "s-1",
        "policy-ship",
        3,
    )


def test_an_abstention_has_neither_intent_nor_replies(store: Store) -> None:
    store.suggestion_log.add([record(intents=[], replies=[], abstained=True, conversation_id=None)])
    (row,) = rows(store, "suggestions")
    assert (row["intent"], bool(row["abstained"]), row["conversation_id"]) == (None, True, None)
    assert rows(store, "suggested") == []


def test_where_the_request_does_not_say_when_it_was_asked_the_conversation_does(store: Store) -> None:
    store.conversations.add("demo", "c1", [Line("m1", "buyer", "在吗", AT)])
    store.suggestion_log.add([record(asked_at=None), record(asked_at=None, conversation_id="unknown")])
    assert [row["asked_at"] for row in rows(store, "suggestions")] == ["2026-11-21T02:00:00.000+00:00", None]


def test_the_knowledge_revision_stays(store: Store) -> None:
    store.suggestion_log.add([record()])
    assert store.revision() == 0


def test_old_records_are_removed_with_their_replies(store: Store) -> None:
    store.suggestion_log.add([record(), record(request_id="r-2", at=AT + timedelta(days=2))])
    assert store.suggestion_log.purge(AT + timedelta(days=1)) == 1
    assert [row["request_id"] for row in rows(store, "suggestions")] == ["r-2"]
    assert len(rows(store, "suggested")) == 1
