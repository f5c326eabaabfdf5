"""The audit log: every change of every kind, in the transaction that makes it, with who and before and after."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.audit import SYSTEM, Author, Record
from knowledge.catalogue import Item
from knowledge.changes import Changes
from knowledge.errors import EntryExists, VersionConflict
from knowledge.shop_policy import ShopPolicy
from knowledge.store import Store
from tests.entry_examples import draft
from tests.service_processes import xiaoer
from tests.small_knowledge import settings_over

LOCAL = Author("本机", "admin")
EDITOR = Author("小编", "editor", 3)
pytest_plugins = ["tests.service_fixtures"]

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def one(store: Store, **filters: Any) -> Record:
    (record,) = store.audit.page(**filters)
    return record


def test_an_entry_from_its_first_version_to_its_end(store: Store) -> None:
    store.write(Changes(drafts=[draft("a", shop_id="demo", title="旧标题")]), by=EDITOR)
    store.write(Changes(drafts=[draft("a", shop_id="demo", title="新标题")]), by=EDITOR)
    store.write(Changes(deletes=["a"]), by=SYSTEM)
    deleted, updated, created = store.audit.page(action="entry")
    assert [each.action for each in (created, updated, deleted)] == ["entry.create", "entry.update", "entry.delete"]
    assert created.before is None
    assert created.after["title"] == updated.before["title"] == "旧标题"
    assert updated.after["title"] == deleted.before["title"] == "新标题"
    assert deleted.after is None
    assert (created.who, created.role, created.key_id, created.shop_id, created.object) == (
        "小编",
        "editor",
        3,
        "demo",
        "a",
    )
    assert deleted.who == "系统"


def test_within_a_shop_nothing_is_told_of_an_entrys_time_with_another(store: Store) -> None:
    store.write(Changes(drafts=[draft("a", shop_id="other", title="别家的话")]), by=EDITOR)
    store.write(Changes(drafts=[draft("a", shop_id="demo", title="自家的话")]), by=EDITOR)
    moved = one(store, shop_id="demo", action="entry.update")
    assert (moved.before, moved.after["title"]) == (None, "自家的话")
    assert one(store, action="entry.update").before["title"] == "别家的话"


def test_items_and_settings(store: Store) -> None:
    store.write(Changes(items=[Item(item_id="cup", shop_id="demo", title="杯子")]), by=EDITOR)
    store.write(Changes(items=[Item(item_id="cup", shop_id="demo", title="大杯子")]), by=EDITOR)
    store.write(Changes(policies={"demo": ShopPolicy(name="小店")}), by=EDITOR)
    renamed, changed, made, shop = store.audit.page()
    assert (shop.action, shop.object, shop.before, shop.after["name"]) == ("policy.create", "demo", None, None)
    assert (made.action, made.object, made.shop_id, made.before) == ("item.create", "cup", "demo", None)
    assert (changed.action, changed.before["title"], changed.after["title"]) == ("item.update", "杯子", "大杯子")
    assert (renamed.action, renamed.before["name"], renamed.after["name"]) == ("policy.update", None, "小店")


def test_what_changed_nothing_leaves_no_record(store: Store) -> None:
    changes = Changes(drafts=[draft("a", shop_id="demo")], policies={"demo": ShopPolicy(name="小店")})
    store.write(changes, by=EDITOR)
    before = store.audit.page()
    store.write(changes, by=EDITOR)
    assert store.audit.page() == before


def test_what_was_not_stored_leaves_no_record(store: Store) -> None:
    store.write(Changes(drafts=[draft("a")]), by=EDITOR)
    with pytest.raises(EntryExists):
        store.write(Changes(drafts=[draft("b"), draft("a", title="别的")]), create_only=True, by=EDITOR)
    with pytest.raises(VersionConflict):
        store.write(Changes(drafts=[draft("a", title="别的")]), expected={"a": 9}, by=EDITOR)
    assert one(store).object == "a"


def test_what_the_program_begins_with_is_no_change(store: Store) -> None:
    store.write(Changes(drafts=[draft("a")]), by=None)
    assert store.audit.page() == []


def test_several_versions_in_one_write_are_several_records(store: Store) -> None:
    store.write(Changes(drafts=[draft("a", title="一"), draft("a", title="二")]), by=EDITOR)
    second, first = store.audit.page()
    assert (first.after["title"], second.before["title"], second.after["title"]) == ("一", "一", "二")


def test_filters_meet_and_pages_follow_each_other(store: Store) -> None:
    for number in range(5):
        store.audit.record(EDITOR, "proposal.publish", f"p{number}", "demo", after={"number": number})
    store.audit.record(SYSTEM, "proposalx.publish", "p9", "other")
    store.audit.record(SYSTEM, "proposal", "p8", None)
    first = store.audit.page(limit=3)
    assert [each.object for each in first] == ["p8", "p9", "p4"]
    assert [each.object for each in store.audit.page(limit=3, before=first[-1].id)] == ["p3", "p2", "p1"]
    assert [each.object for each in store.audit.page(action="proposal", who="系统")] == ["p8"]
    assert len(store.audit.page(action="proposal")) == 6
    assert len(store.audit.page(shop_id="demo", action="proposal.publish")) == 5
    assert one(store, object="p3").after == {"number": 3}
    for nobody in ({"who": "\ud800"}, {"action": "a\0"}, {"shop_id": "%"}, {"action": "proposal_publish"}):
        assert store.audit.page(**nobody) == []  # type: ignore[arg-type]


def test_secrets_never_get_in_whatever_they_are_part_of(store: Store) -> None:
    secret = store.api_keys.create("小王")
    token = store.sign_ins.open(LOCAL)
    store.audit.record(EDITOR, "note.create", "n", after={"text": f"密钥是 {secret}，令牌 {token}。"})
    store.write(Changes(drafts=[draft("a", note=f"别忘了 {secret}")]), by=EDITOR)
    read = repr(store.audit.page())
    assert secret not in read
    assert token not in read
    assert "已遮盖" in read


@settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=ANYTHING, after=ANYTHING)
def test_any_value_comes_back_as_it_was(sqlite: Store, before: Any, after: Any) -> None:
    sqlite.audit.record(EDITOR, "x.update", "x", None, before, after)
    record = sqlite.audit.page(limit=1)[0]
    assert (record.before, record.after) == (before, after)


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Store]:
    with closing(Store(f"sqlite:///{tmp_path / 'x.db'}")) as store:
        yield store


def test_half_a_character_does_not_keep_a_change_from_being_recorded(store: Store) -> None:
    store.audit.record(EDITOR, "x.update", "x", after={"text": "半\ud83d个\0"})
    assert one(store).after == {"text": "半?个\0"}


def test_an_import_by_the_command_line_is_recorded_under_that_name(data: Path) -> None:
    row = draft("new", shop_id="demo").model_dump_json().encode()
    assert xiaoer(data, "kb", "import", "-", stdin=row).returncode == 0
    with closing(Store(settings_over(data).store_url)) as store:
        record = one(store, action="entry", object="new")
    assert (record.who, record.action) == ("命令行", "entry.create")
