"""Groups of entries, kept up with changes: the same as if they were made anew."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from knowledge.entries import Entry
from knowledge.entry_groups import EntryGroups
from tests.entry_examples import draft

INTENTS, TAGS = ("pre.size", "pre.stock"), ("empathy", "发货", "尺码")


def entry(entry_id: str, intent: str, tags: tuple[str, ...] = ()) -> Entry:
    return Entry.model_validate({**draft(entry_id, intent=intent, tags=tags).model_dump(), "version": 1})


entries = st.builds(
    entry, st.sampled_from("abcd"), st.sampled_from(INTENTS), st.lists(st.sampled_from(TAGS), max_size=3).map(tuple)
)
change = st.tuples(st.sets(st.sampled_from("abcd")), st.lists(entries, max_size=3, unique_by=lambda one: one.id))


def wanted(entries: dict[str, Entry], intent: str | None, tag: str | None) -> set[str]:
    return {e.id for e in entries.values() if intent in (None, e.intent) and (tag is None or tag in e.tags)}


@given(st.lists(change, max_size=6))
def test_after_any_changes_the_groups_are_those_of_the_entries_there_are(
    changes: list[tuple[set[str], list[Entry]]],
) -> None:
    groups, there = EntryGroups(), dict[str, Entry]()
    for gone, put in changes:
        before = {i: there.pop(i) for i in {*gone, *(one.id for one in put)} if i in there}
        after = {one.id: one for one in put}
        groups, there = groups.replaced(before.values(), after.values()), there | after
        for intent in (None, *INTENTS):
            for tag in (None, *TAGS):
                assert {one.id for one in groups.of(intent, tag)} == wanted(there, intent, tag)


def test_a_change_leaves_the_groups_before_it_as_they_were() -> None:
    first = entry("a", "pre.size", ("发货",))
    groups = EntryGroups().replaced((), [first])
    later = groups.replaced([first], [entry("a", "pre.stock")])
    assert list(groups.of("pre.size", "发货")) == [first]
    assert not list(later.of("pre.size"))
    assert [one.intent for one in later.of()] == ["pre.stock"]
