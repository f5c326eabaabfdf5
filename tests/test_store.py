"""The store keeps every acknowledged write, numbers versions and revisions, and tells readers what changed."""

from __future__ import annotations

import tempfile
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.entries import Entry, EntryDraft
from knowledge.errors import EntryExists, EntryInvalid, EntryNotFound, VersionConflict
from knowledge.store import Changes, Delta, Saved, Store
from tests.databases import KINDS, new_database
from tests.entry_examples import draft, drafts


def save(store: Store, *some: EntryDraft) -> tuple[Saved, ...]:
    return store.write(Changes(drafts=some)).saved


# ---- one entry


def test_saved_entry_is_read_back_with_version_1(store: Store) -> None:
    assert save(store, draft("a")) == (Saved("a", 1, "created"),)
    assert store.entry("a").draft() == draft("a")
    assert store.entry("a").version == 1


def test_every_save_that_changes_something_makes_a_version(store: Store) -> None:
    save(store, draft("a", title="一"))
    save(store, draft("a", title="二"))
    assert [(entry.version, entry.title) for entry in store.versions("a")] == [(1, "一"), (2, "二")]


def test_saving_the_same_again_changes_neither_version_nor_revision(store: Store) -> None:
    save(store, draft("a"))
    before = store.revision()
    written = store.write(Changes(drafts=[draft("a")]))
    assert written.saved == (Saved("a", 1, "unchanged"),)
    assert written.revision == before == store.revision()


def test_condition_value_true_is_not_the_number_1(store: Store) -> None:
    save(store, draft("a", answers=[{"text": "好", "when": {"policy.return_days": [1]}}]))
    save(store, draft("a", answers=[{"text": "好", "when": {"policy.return_days": [True]}}]))
    assert store.entry("a").version == 2
    assert store.entry("a").answers[0].when["policy.return_days"][0] is True


def test_draft_without_id_gets_one_that_can_be_read(store: Store) -> None:
    first, second = save(store, draft(None), draft(None))
    assert first.entry_id.startswith("order-urge-ship-")
    assert first.entry_id != second.entry_id
    assert store.entry(first.entry_id).title == draft().title


def test_version_saved_is_not_part_of_the_draft(store: Store) -> None:
    save(store, draft("a"))
    assert save(store, store.entry("a")) == (Saved("a", 1, "unchanged"),)


def test_deleted_entry_is_gone_but_its_versions_stay(store: Store) -> None:
    save(store, draft("a"))
    assert store.write(Changes(deletes=["a"])).saved == (Saved("a", 2, "deleted"),)
    with pytest.raises(EntryNotFound):
        store.entry("a")
    assert [entry.version for entry in store.versions("a")] == [1]
    assert store.entries().total == 0


def test_recreated_entry_continues_the_numbers(store: Store) -> None:
    save(store, draft("a"))
    store.write(Changes(deletes=["a"]))
    assert save(store, draft("a")) == (Saved("a", 3, "created"),)
    assert [entry.version for entry in store.versions("a")] == [1, 3]


def test_unknown_entry_is_not_found(store: Store) -> None:
    for entry_id in ("nobody", "a\0b", "\ud800"):
        with pytest.raises(EntryNotFound):
            store.entry(entry_id)
        with pytest.raises(EntryNotFound):
            store.versions(entry_id)
        with pytest.raises(EntryNotFound):
            store.write(Changes(deletes=[entry_id]))


def test_id_that_a_database_cannot_hold_is_refused(store: Store) -> None:
    with pytest.raises(EntryInvalid, match="控制字符"):
        save(store, draft("a").model_copy(update={"id": "a\0b"}))
    with pytest.raises(EntryInvalid):
        save(store, draft("a", items=["x\0"]))
    assert save(store, draft("a", title="x\0y"))[0].outcome == "created"
    assert store.entry("a").title == "x\0y"


# ---- who was first


def test_save_from_an_old_version_is_refused_and_nothing_is_stored(store: Store) -> None:
    save(store, draft("a"))
    save(store, draft("a", title="二"))
    with pytest.raises(VersionConflict, match="第 2 版"):
        store.write(Changes(drafts=[draft("b"), draft("a", title="三")]), expected={"a": 1})
    assert [entry.id for entry in store.every_entry()] == ["a"]
    assert store.entry("a").title == "二"
    assert store.revision() == 2


def test_save_from_the_current_version_is_taken(store: Store) -> None:
    save(store, draft("a"))
    written = store.write(Changes(drafts=[draft("a", title="二")]), expected={"a": 1})
    assert written.saved == (Saved("a", 2, "updated"),)


def test_expected_version_of_an_absent_or_deleted_entry_is_not_found(store: Store) -> None:
    with pytest.raises(EntryNotFound):
        store.write(Changes(drafts=[draft("a")]), expected={"a": 1})
    save(store, draft("a"))
    store.write(Changes(deletes=["a"]))
    with pytest.raises(EntryNotFound):
        store.write(Changes(drafts=[draft("a")]), expected={"a": 2})


def test_create_only_refuses_a_present_id_and_takes_a_deleted_one(store: Store) -> None:
    save(store, draft("a"))
    with pytest.raises(EntryExists):
        store.write(Changes(drafts=[draft("a")]), create_only=True)
    store.write(Changes(deletes=["a"]))
    assert store.write(Changes(drafts=[draft("a")]), create_only=True).saved[0].version == 3


def test_one_write_may_save_an_entry_twice_and_delete_it(store: Store) -> None:
    changes = Changes(drafts=[draft("a"), draft("a", title="二"), draft("b")], deletes=["a"])
    assert store.write(changes).saved == (
        Saved("a", 1, "created"),
        Saved("a", 2, "updated"),
        Saved("b", 1, "created"),
        Saved("a", 3, "deleted"),
    )
    assert store.revision() == 1
    assert [entry.id for entry in store.every_entry()] == ["b"]


# ---- lists


@pytest.fixture
def shelf(store: Store) -> Store:
    save(
        store,
        draft("a", shop_id="demo", items=["dress-001"], title="裙子"),
        draft("b", shop_id="other", kind="phrase", status="draft"),
        draft("c", intent="pre.size", answers=["建议您拍 Size M 哦"], items=['x"dress-001', "cup"]),
        draft("B-中", questions=["100%棉吗", "a_b"]),
    )
    return store


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, ["B-中", "a", "b", "c"]),
        ({"shop_id": "demo"}, ["B-中", "a", "c"]),
        ({"intent": "pre.size"}, ["c"]),
        ({"kind": "phrase"}, ["b"]),
        ({"status": "draft", "shop_id": "demo"}, []),
        ({"item_id": "dress-001"}, ["a"]),
        ({"text": "裙"}, ["a"]),
        ({"text": "SIZE m"}, ["c"]),
        ({"text": "%"}, ["B-中"]),
        ({"text": "a_"}, ["B-中"]),
        ({"text": "\0"}, []),
        ({"item_id": "\ud800"}, []),
        ({"text": "啥" * 60_000}, []),
    ],
)
def test_list_holds_what_meets_every_filter_in_the_order_of_ids(
    shelf: Store, filters: dict[str, str], found: list[str]
) -> None:
    page = shelf.entries(**filters)  # type: ignore[arg-type]
    assert [entry.id for entry in page.entries] == found
    assert page.total == len(found)


def test_page_is_cut_from_the_list(shelf: Store) -> None:
    page = shelf.entries(limit=2, offset=1)
    assert ([entry.id for entry in page.entries], page.total) == (["a", "b"], 4)


def test_changed_items_replace_the_former_ones_in_the_list(shelf: Store) -> None:
    save(shelf, draft("a", shop_id="demo", items=["cup", "cup"], title="裙子"))
    assert shelf.entries(item_id="dress-001").total == 0
    assert [entry.id for entry in shelf.entries(item_id="cup").entries] == ["a", "c"]


def test_every_entry_is_one_state_though_others_write_meanwhile(store: Store) -> None:
    save(store, *(draft(f"e{number:04}") for number in range(1200)))
    seen: list[Entry] = []
    for entry in store.every_entry():
        if not seen:
            save(store, draft("e0000", title="新"), draft("zz"))
            store.write(Changes(deletes=["e1199"]))
        seen.append(entry)
    assert [entry.id for entry in seen] == [f"e{number:04}" for number in range(1200)]
    assert {entry.version for entry in seen} == {1}


def test_listing_that_is_given_up_holds_no_connection(store: Store) -> None:
    save(store, *(draft(f"e{number}") for number in range(5)))
    for _ in range(100):
        entries = store.every_entry()
        next(entries)
        del entries
    assert store.entries().total == 5


# ---- properties

batches = st.lists(st.tuples(st.sampled_from("abc"), st.none() | drafts(st.none())), min_size=1, max_size=4)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(history=st.lists(batches, min_size=1, max_size=5))
def test_any_history_equals_a_dictionary(kind: str, history: list[list[tuple[str, EntryDraft | None]]]) -> None:
    with tempfile.TemporaryDirectory() as folder, new_database(kind, Path(folder)) as url, closing(Store(url)) as store:
        model: dict[str, EntryDraft] = {}
        numbers: dict[str, int] = {}
        states: dict[int, dict[str, EntryDraft]] = {0: {}}
        for batch in history:
            drafts_in = [one.model_copy(update={"id": entry_id}) for entry_id, one in batch if one]
            before = dict(model)
            for one in drafts_in:
                model[str(one.id)] = one
            deletes = list({entry_id: None for entry_id, one in batch if one is None and entry_id in model})
            for entry_id in deletes:
                del model[entry_id]
            revision = store.revision()
            written = store.write(Changes(drafts=drafts_in, deletes=deletes))
            changed = [saved for saved in written.saved if saved.outcome != "unchanged"]
            for saved in changed:
                assert saved.version == numbers.get(saved.entry_id, 0) + 1
                numbers[saved.entry_id] = saved.version
            assert written.revision == store.revision() == revision + bool(changed)
            assert changed or model == before
            states[written.revision] = dict(model)
            assert {entry.id: entry.draft() for entry in store.every_entry()} == model
            for since, state in states.items():
                assert after(state, store.delta(since)) == model


def after(state: dict[str, EntryDraft], delta: Delta) -> dict[str, EntryDraft]:
    kept = {entry_id: one for entry_id, one in state.items() if entry_id not in delta.deleted}
    return kept | {entry.id: entry.draft() for entry in delta.entries}
