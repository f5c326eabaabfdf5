"""Feedback in the store: it names the entry, counts what was changed, and never those of another shop."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from knowledge.records.feedback import Action, Feedback
from knowledge.store import Store
from tests.record_fixtures import REPLY, record, rows

GIVEN = Feedback("demo", "r-1", "inserted", "s-1")


def test_feedback_names_entry_and_version_of_its_suggestion(store: Store) -> None:
    store.suggestion_log.add([record()])
    stored = store.feedback.add(GIVEN)
    assert (stored.entry_id, stored.version, stored.edit_distance, stored.length) == (
        "policy-ship",
        3,
        None,
        len(REPLY.text),
    )


def test_what_was_sent_is_compared_with_what_was_suggested(store: Store) -> None:
    store.suggestion_log.add([record()])
    as_is = store.feedback.add(replace(GIVEN, action="sent", sent_text=REPLY.text))
    edited = store.feedback.add(replace(GIVEN, action="edited", sent_text="亲，24小时内发出哦！"))
    assert (as_is.edit_distance, edited.edit_distance) == (0, 3)
    assert rows(store, "feedback")[1]["sent_text"] == "亲，24小时内发出哦！"


def test_of_another_shops_suggestion_nothing_is_told(store: Store) -> None:
    store.suggestion_log.add([record(shop_id="other")])
    stored = store.feedback.add(replace(GIVEN, sent_text="你好"))
    assert (stored.entry_id, stored.version, stored.edit_distance) == (None, None, None)
    assert not store.feedback.knows("demo", "s-1")
    assert store.feedback.knows("other", "s-1")


def test_feedback_that_came_before_its_suggestion_was_written_is_completed(store: Store) -> None:
    store.feedback.add(replace(GIVEN, action="sent", sent_text=f"{REPLY.text}哦"))
    store.feedback.add(replace(GIVEN, shop_id="other"))
    store.suggestion_log.add([record()])
    first, others = rows(store, "feedback")
    assert (first["entry_id"], first["version"], first["edit_distance"], first["length"]) == (
        "policy-ship",
        3,
        1,
        len(REPLY.text),
    )
    assert others["entry_id"] is None


@pytest.mark.parametrize(
    ("action", "is_answer"), [("sent", True), ("edited", True), ("shown", False), ("liked", False)]
)
def test_only_sending_ends_the_wait(store: Store, action: Action, is_answer: bool) -> None:
    asked = datetime.now(UTC) - timedelta(seconds=30)
    store.suggestion_log.add([record(asked_at=asked)])
    store.feedback.add(replace(GIVEN, action=action))
    (row,) = rows(store, "suggestions")
    assert (row["waited_s"] is not None) == is_answer
    if is_answer:
        assert 30 <= row["waited_s"] < 60
        store.feedback.add(replace(GIVEN, action=action))
        assert rows(store, "suggestions")[0]["waited_s"] == row["waited_s"]


def test_a_wait_of_days_is_none(store: Store) -> None:
    store.suggestion_log.add([record(asked_at=datetime.now(UTC) - timedelta(days=3))])
    store.feedback.add(replace(GIVEN, action="sent"))
    assert rows(store, "suggestions")[0]["waited_s"] is None


def test_reason_comment_and_agent_are_kept_and_the_knowledge_revision_stays(store: Store) -> None:
    given = replace(
        GIVEN, suggestion_id=None, action="disliked", reason="outdated", comment="已改成72小时", agent="小王"
    )
    store.feedback.add(given)
    (row,) = rows(store, "feedback")
    assert (row["reason"], row["comment"], row["agent"]) == ("outdated", "已改成72小时", "小王")
    assert store.revision() == 0


def test_old_feedback_is_removed(store: Store) -> None:
    store.feedback.add(GIVEN)
    assert store.feedback.purge(datetime.now(UTC) - timedelta(days=1)) == 0
    assert store.feedback.purge(datetime.now(UTC) + timedelta(days=1)) == 1
