"""Differences of entries: each field that changed and no other, told in words an editor understands."""

from __future__ import annotations

from hypothesis import given

from knowledge.entries import EntryDraft
from knowledge.entry_diff import FIELDS, entry_diff, summary
from knowledge.text_diff import Segment
from tests.entry_examples import draft, drafts

OLD = draft(
    questions=["啥时候发货呀", "几天能发", "发货慢吗"],
    answers=["亲，48小时内发出。", {"text": "亲，已发出。", "when": {"order.state": ["shipped"]}}],
)


def changed(**fields: object) -> EntryDraft:
    return EntryDraft.model_validate({**OLD.model_dump(), **fields})


@given(drafts(), drafts())
def test_exactly_the_fields_that_differ_are_told(before: EntryDraft, after: EntryDraft) -> None:
    old, new = before.model_dump(mode="json"), after.model_dump(mode="json")
    told = {change.field: change for change in entry_diff(before, after)}
    assert told.keys() == {field for field in old if old[field] != new[field]} - {"id"}
    assert all((each.before, each.after) == (old[field], new[field]) for field, each in told.items())


@given(drafts())
def test_an_entry_differs_from_itself_in_nothing(entry: EntryDraft) -> None:
    assert entry_diff(entry, entry) == []
    assert summary([]) == "没有改动"


def test_every_field_that_an_editor_writes_is_compared() -> None:
    assert FIELDS.keys() == EntryDraft.model_fields.keys() - {"id"}


def test_questions_are_added_removed_and_changed_one_by_one() -> None:
    [change] = entry_diff(OLD, changed(questions=["啥时候发货呀", "几天可以发", "发货慢吗", "今天能发吗"]))
    assert [(item.kind, item.before, item.after) for item in change.items] == [
        ("changed", "几天能发", "几天可以发"),
        ("added", None, "今天能发吗"),
    ]
    assert change.items[0].segments == (
        Segment("equal", "几天"), Segment("delete", "能"), Segment("insert", "可以"), Segment("equal", "发"),
    )  # fmt: skip
    assert summary([change]) == "相似问法新增 1 条、修改 1 条"


def test_an_answer_whose_condition_changed_is_changed() -> None:
    new = changed(answers=["亲，48小时内发出。", {"text": "亲，已发出。", "when": {"order.state": ["delivered"]}}])
    [change] = entry_diff(OLD, new)
    [item] = change.items
    assert (item.kind, item.segments) == ("changed", (Segment("equal", "亲，已发出。"),))
    assert (item.before["when"], item.after["when"]) == ({"order.state": ["shipped"]}, {"order.state": ["delivered"]})


def test_what_only_moved_is_neither_added_nor_removed() -> None:
    [change] = entry_diff(OLD, changed(questions=["发货慢吗", "啥时候发货呀", "几天能发"]))
    assert change.items == ()
    assert summary([change]) == "相似问法调整了顺序"


def test_a_new_and_a_deleted_entry_are_all_added_and_all_removed() -> None:
    for pair, kind in (((None, OLD), "added"), ((OLD, None), "removed")):
        told = {change.field: change for change in entry_diff(*pair)}
        assert {item.kind for item in told["questions"].items} == {kind}
        assert "note" not in told
    assert summary(entry_diff(OLD, changed(title="何时发货", note="改过"))) == "标准问有改动，备注有改动"
