"""Short codes: one entry a code among the entries that a shop sees, whoever saves first."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from knowledge.entries import EntryDraft
from knowledge.errors import EntryInvalid
from knowledge.store import Changes, Store
from tests.entry_examples import draft


def save(store: Store, *some: EntryDraft) -> None:
    store.write(Changes(drafts=some))


@pytest.mark.parametrize("code", ["fh", "发货1", "A" * 20, None])
def test_letters_digits_and_characters_are_taken(code: str | None) -> None:
    assert draft(short_code=code).short_code == code
    assert draft(short_code=f" {code} ").short_code == code if code else True


@pytest.mark.parametrize("code", ["a b", "发-货", "A" * 21, "fh。", "a\0", "a\nb", "fh😀"])
def test_anything_else_is_refused(code: str) -> None:
    with pytest.raises(ValidationError, match="short_code"):
        draft(short_code=code)


def test_an_empty_code_is_none() -> None:
    assert draft(short_code=" ").short_code is None


@pytest.mark.parametrize(
    ("first", "second", "clash"),
    [
        ("demo", "demo", True),
        ("demo", None, True),
        (None, "demo", True),
        (None, None, True),
        ("demo", "other", False),
    ],
)
def test_a_code_that_the_shop_has_is_refused_with_the_other_entry(
    store: Store, first: str | None, second: str | None, clash: bool
) -> None:
    save(store, draft("a", shop_id=first, short_code="FH"))
    other = draft("b", shop_id=second, short_code="fh")
    if not clash:
        save(store, other)
        return
    with pytest.raises(EntryInvalid, match="条目 a 的") as refused:
        save(store, draft("c"), other)
    assert [problem.field for problem in refused.value.problems] == ["short_code"]
    assert [entry.id for entry in store.every_entry()] == ["a"]
    assert list(store.taken_codes(other)) == refused.value.problems


def test_two_entries_of_one_write_may_not_share_a_code(store: Store) -> None:
    with pytest.raises(EntryInvalid):
        save(store, draft("a", short_code="fh"), draft("b", short_code="fh"))
    assert store.revision() == 0


def test_codes_may_be_swapped_and_reused(store: Store) -> None:
    save(store, draft("a", short_code="x"), draft("b", short_code="y"))
    save(store, draft("a", short_code="y"), draft("b", short_code="x"))
    store.write(Changes(deletes=["a"]))
    save(store, draft("c", short_code="Y"), draft("b", short_code="x", title="改过"))
    assert store.entries(short_code="y").entries[0].id == "c"


def test_an_entry_keeps_its_code_over_any_number_of_saves(store: Store) -> None:
    codes: list[Any] = ["fh", "FH", "fh"]
    for number, code in enumerate(codes):
        save(store, draft("a", short_code=code, title=f"第{number}次"))
    assert store.entry("a").short_code == "fh"
    assert list(store.taken_codes(draft("a", short_code="fh"))) == []
