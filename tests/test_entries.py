"""An entry is read as editors write it, keeps what they wrote, and refuses what would be lost or never found."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from pydantic import ValidationError

from knowledge.entries import MAX_TEXT, Answer, Entry, EntryDraft
from tests.entry_examples import draft, drafts


def answer(value: Any) -> Answer:
    return Answer.model_validate(value)


def stored(one: EntryDraft, version: int = 1) -> Entry:
    return Entry.model_validate({**one.model_dump(), "version": version})


def test_answer_may_be_a_bare_sentence() -> None:
    assert answer("亲，在的哦。") == Answer(text="亲，在的哦。")


def test_single_value_of_a_condition_is_a_list_of_one() -> None:
    assert answer({"text": "好", "when": {"order.state": "paid"}}).when == {"order.state": ("paid",)}
    assert answer({"text": "好", "when": {"order.order_id": None}}).when == {"order.order_id": (None,)}


@pytest.mark.parametrize("nothing", [None, {}, ""])
def test_no_conditions_may_be_written_in_several_ways(nothing: object) -> None:
    assert answer({"text": "好", "when": nothing}).when == {}


def test_kinds_of_condition_values_are_kept() -> None:
    when = answer({"text": "好", "when": {"x": [True, 1, "1", 1.5, None, "*"]}}).when["x"]
    assert [(type(value), value) for value in when] == [
        (bool, True), (int, 1), (str, "1"), (float, 1.5), (type(None), None), (str, "*"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        {"text": ""},
        {},
        {"text": "好", "tune": "亲切"},
        {"text": "好", "when": ["order.state"]},
        {"text": "好", "when": {"x": [{"a": 1}]}},
        {"text": "长" * (MAX_TEXT + 1)},
        None,
    ],
)
def test_answer_that_cannot_be_read_is_refused(wrong: object) -> None:
    with pytest.raises(ValidationError):
        answer(wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "faq"},
        {"status": "live"},
        {"authority": "boss"},
        {"title": "   "},
        {"title": "长" * 201},
        {"answers": []},
        {"answers": ["好"] * 51},
        {"questions": ["问"] * 501},
        {"entry_id": "with blank"},
        {"entry_id": "a/b"},
        {"entry_id": ""},
        {"shop_id": ""},
        {"effective_from": "2026-11-11T00:00:00"},
        {"anwsers": ["好"]},
    ],
)
def test_draft_that_would_lose_something_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        draft(**wrong)


def test_blanks_around_titles_and_phrasings_are_dropped() -> None:
    one = draft(title="  什么时候发货 ", questions=[" 啥时候发呀\n"], tags=[" 发货 "])
    assert (one.title, one.questions, one.tags) == ("什么时候发货", ("啥时候发呀",), ("发货",))


def test_phrasings_are_the_title_and_every_other_question_once_in_order() -> None:
    entry = stored(draft(title="发货时间", questions=["啥时候发", "发货时间", "多久发", "啥时候发"]))
    assert entry.phrasings == ("发货时间", "啥时候发", "多久发")


@pytest.mark.parametrize("changed", [{"version": 0}, {"id": None}, {"version": None}])
def test_stored_entry_has_an_id_and_a_version(changed: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Entry.model_validate({**draft().model_dump(), "version": 1, **changed})


@given(drafts())
def test_draft_survives_storing_and_json(one: EntryDraft) -> None:
    assert stored(one, version=7).draft() == one
    assert EntryDraft.model_validate_json(one.model_dump_json()) == one


@given(drafts())
def test_every_phrasing_is_something_the_editor_wrote(one: EntryDraft) -> None:
    phrasings = stored(one).phrasings
    assert set(phrasings) == {one.title, *one.questions}
    assert phrasings[0] == one.title
    assert len(phrasings) == len(set(phrasings))
