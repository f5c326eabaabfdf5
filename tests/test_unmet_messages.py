"""What the knowledge did not serve: found once a turn, the shop's own, newest first."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from knowledge.records.feedback import Feedback
from knowledge.store import Store
from tests.record_fixtures import AT, REPLY, record


def log(store: Store, number: int, message: str, **fields: Any) -> None:
    at = AT + timedelta(minutes=number)
    usual = {"request_id": f"r-{number}", "conversation_id": f"c-{number}", "abstained": True, "replies": [], "at": at}
    store.suggestion_log.add([record(message=message, **(usual | fields))])


def texts(store: Store, *args: Any, **kwargs: Any) -> list[str]:
    return [each.text for each in store.unmet.list("demo", *args, **kwargs)]


def test_messages_without_a_suggestion_are_found_the_newest_first(store: Store) -> None:
    log(store, 1, "能刻字吗", intents=[("pre.spec", 0.4)], item_id="cup-9")
    log(store, 2, "发货了吗", abstained=False)
    log(store, 3, "能开机吗")
    log(store, 4, "")
    log(store, 5, "别家的话", shop_id="other")
    newest, oldest = store.unmet.list("demo", "unanswered")
    assert (newest.text, oldest.text) == ("能开机吗", "能刻字吗")
    assert (oldest.at, oldest.item_id, oldest.entry_id) == (AT + timedelta(minutes=1), "cup-9", None)
    assert oldest.intents == [("pre.spec", 0.4)]


def test_a_turn_that_was_asked_about_again_counts_once(store: Store) -> None:
    for number in range(3):
        log(store, number, "能刻字吗", conversation_id="c")
    log(store, 4, "能刻字吗", conversation_id="other-buyer")
    log(store, 5, "能刻字吗", conversation_id=None)
    log(store, 6, "能刻字吗", conversation_id=None)
    assert len(texts(store, "unanswered")) == 4


def test_since_and_limit_are_kept(store: Store) -> None:
    for number in range(4):
        log(store, number, f"第{number}句")
    assert texts(store, "unanswered", since=AT + timedelta(minutes=2)) == ["第3句", "第2句"]
    assert texts(store, "unanswered", limit=1) == ["第3句"]


def test_what_agents_disliked_or_reported_comes_with_the_entry(store: Store) -> None:
    for number, action in enumerate(["disliked", "liked", "reported", "sent"]):
        log(store, number, f"{action}的话", abstained=False, replies=[REPLY])
        store.feedback.add(Feedback("demo", f"r-{number}", action, suggestion_id="s-1"))  # type: ignore[arg-type]
    store.feedback.add(Feedback("other", "r-1", "disliked"))
    found = store.unmet.list("demo", "disliked")
    assert [(each.text, each.entry_id) for each in found] == [
        ("reported的话", "policy-ship"),
        ("disliked的话", "policy-ship"),
    ]


def test_nothing_is_found_for_a_shop_that_cannot_be(store: Store) -> None:
    assert store.unmet.list("\0", "unanswered") == []
