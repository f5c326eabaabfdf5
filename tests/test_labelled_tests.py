"""Labelled tests: kept as written, listed by shop, every change on record."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.audit import Author
from knowledge.errors import EntryInvalid, RecordNotFound
from knowledge.store import Store
from tests.databases import KINDS, new_database

ANN = Author("小安", "editor", 1)
SHIP: dict[str, Any] = {
    "dialog_id": "发货",
    "messages": [{"role": "buyer", "text": "啥时候发", "labels": {"intents": ["order.urge_ship"]}}],
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@pytest.fixture(params=KINDS, scope="module")
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with new_database(request.param, tmp_path_factory.mktemp("tests")) as url, closing(Store(url)) as store:
        yield store


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(dialog=st.dictionaries(st.text(), JSON))
def test_a_dialog_comes_back_as_it_was(store: Store, dialog: dict[str, object]) -> None:
    made = store.labelled_tests.add("any", dialog, ANN)
    assert store.labelled_tests.get(made.id) == made
    assert made.dialog == dialog


def test_tests_are_listed_by_shop_in_the_order_they_were_added(store: Store) -> None:
    mine = [store.labelled_tests.add("mine", {**SHIP, "dialog_id": str(number)}, ANN) for number in range(3)]
    theirs = store.labelled_tests.add("theirs", SHIP, ANN)
    assert store.labelled_tests.list("mine") == mine
    assert store.labelled_tests.list("mine", limit=1, offset=1) == mine[1:2]
    assert (store.labelled_tests.count("mine"), store.labelled_tests.count("theirs")) == (3, 1)
    assert store.labelled_tests.list()[-1] == theirs
    assert store.labelled_tests.count() == len(store.labelled_tests.list())
    assert (store.labelled_tests.list("\0"), store.labelled_tests.count("\0")) == ([], 0)


def test_a_change_and_a_removal_are_on_record(store: Store) -> None:
    made = store.labelled_tests.add("demo", SHIP, ANN)
    changed = store.labelled_tests.replace(made.id, {**SHIP, "dialog_id": "改过"}, ANN)
    assert store.labelled_tests.get(made.id) == changed
    store.labelled_tests.remove(made.id, ANN)
    records = store.audit.page(object=str(made.id), shop_id="demo")
    told = {"dialog_id": SHIP.get("dialog_id"), "messages": 1, "expected": [SHIP["messages"][0]["labels"]]}
    assert [(each.action, each.before, each.after) for each in records] == [
        ("test.delete", {**told, "dialog_id": "改过"}, None),
        ("test.update", told, {**told, "dialog_id": "改过"}),
        ("test.create", None, told),
    ]
    assert SHIP["messages"][0]["text"] not in str(records)


def test_what_is_not_there_is_not_found(store: Store) -> None:
    for step in (
        lambda: store.labelled_tests.get(999_999),
        lambda: store.labelled_tests.replace(999_999, SHIP, ANN),
        lambda: store.labelled_tests.remove(999_999, ANN),
    ):
        with pytest.raises(RecordNotFound, match="999999"):
            step()


def test_a_shop_that_no_database_can_hold_is_refused(store: Store) -> None:
    with pytest.raises(EntryInvalid, match="shop_id"):
        store.labelled_tests.add("\0", SHIP, ANN)
