"""The history: who saved what and when, also of what was deleted, and what changed since a moment."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest

from knowledge.audit import Author
from knowledge.changes import Changes
from knowledge.errors import EntryNotFound
from knowledge.store import Store
from tests.entry_examples import draft

ANN, BEN = Author("小安", "editor", 1), Author("小本", "editor", 2)


def save(store: Store, by: Author | None = ANN, entry_id: str = "a", **fields: object) -> None:
    store.write(Changes(drafts=[draft(entry_id, **fields)]), by=by)


def moment() -> datetime:
    """Now, with a little distance to what comes next."""
    now = datetime.now(UTC)
    time.sleep(0.002)
    return now


def test_versions_say_who_saved_them_and_when_the_newest_first(store: Store) -> None:
    save(store, title="第一版")
    save(store, BEN, title="第二版")
    store.write(Changes(deletes=["a"]), by=ANN)
    save(store, None, title="第四版")
    versions, total = store.history.versions("a")
    assert [(each.version, each.deleted, each.by) for each in versions] == [
        (4, False, None),
        (3, True, "小安"),
        (2, False, "小本"),
        (1, False, "小安"),
    ]
    assert [each.entry.title for each in versions] == ["第四版", "第二版", "第二版", "第一版"]
    assert total == 4
    assert all(abs(each.saved_at - datetime.now(UTC)) < timedelta(minutes=1) for each in versions)
    assert store.history.versions("a", limit=2, offset=1) == (versions[1:3], 4)
    assert store.history.version("a", 3) == versions[1]


def test_what_never_was_is_not_found(store: Store) -> None:
    save(store)
    for step in (
        lambda: store.history.versions("nobody"),
        lambda: store.history.versions("\0"),
        lambda: store.history.version("a", 2),
        lambda: store.history.version("\0", 1),
    ):
        with pytest.raises(EntryNotFound):
            step()


def test_what_changed_since_is_told_from_then_to_now(store: Store) -> None:
    save(store, entry_id="old", title="旧的")
    save(store, entry_id="gone")
    save(store, entry_id="same")
    since = moment()
    save(store, BEN, entry_id="old", title="改一次")
    save(store, BEN, entry_id="old", title="改两次")
    store.write(Changes(deletes=["gone"]), by=ANN)
    save(store, entry_id="brief")
    store.write(Changes(deletes=["brief"]), by=ANN)
    save(store, entry_id="new")
    changes = store.history.changed_since("demo", since)
    told = [(c.before and c.before.id, c.after and c.after.id, c.by) for c in changes]
    assert told == [(None, "new", "小安"), ("gone", None, "小安"), ("old", "old", "小本")]
    assert [each and each.title for each in (changes[2].before, changes[2].after)] == ["旧的", "改两次"]
    assert store.history.changed_since("demo", since, limit=1) == changes[:1]
    assert store.history.changed_since("demo", moment()) == []


def test_only_the_shops_own_and_shared_entries_are_told(store: Store) -> None:
    since = moment()
    for entry_id, shop_id in (("mine", "demo"), ("shared", None), ("theirs", "other")):
        save(store, entry_id=entry_id, shop_id=shop_id)
    told = store.history.changed_since("demo", since)
    assert {change.after.id for change in told if change.after} == {"mine", "shared"}


def test_what_was_another_shops_is_new_and_tells_nothing_of_that_time(store: Store) -> None:
    save(store, entry_id="moved", shop_id="other", title="别家的话")
    since = moment()
    save(store, entry_id="moved", shop_id="demo")
    [change] = store.history.changed_since("demo", since)
    assert (change.before, change.after and change.after.id) == (None, "moved")
