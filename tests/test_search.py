"""The list of entries: every filter finds what reading all entries one by one would find, on both databases."""

from __future__ import annotations

import tempfile
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert

from knowledge.audit import Author
from knowledge.conversation_tables import feedback, suggested, suggestions
from knowledge.database import Database
from knowledge.entries import EntryDraft
from knowledge.pinyin import pinyin_of
from knowledge.search.filters import Filters
from knowledge.store import Changes, Store
from tests.entry_examples import draft, drafts

NOW = datetime(2026, 11, 11, tzinfo=UTC)
DAY = timedelta(days=1)


def found(store: Store, **filters: Any) -> list[str]:
    page = store.entries(limit=500, **filters)
    assert page.total == len(page.entries)
    return [entry.id for entry in page.entries]


@pytest.fixture
def shelf(store: Store) -> Store:
    one = [
        draft("ship", title="什么时候发货", note="双11另说", tags=["发货", "常用"], effective_from=NOW, shop_id="demo"),
        draft("size", title="尺码怎么选", tags=["常用"], effective_until=NOW, short_code="CM", questions=["多大码"]),
    ]
    two = [
        draft("bank", title="银行卡能付吗", questions=["能刷卡"], effective_from=NOW - DAY, effective_until=NOW + DAY),
        draft("late", title="啥时候发", effective_from=NOW + DAY, questions=["发货 Fast"], shop_id="other"),
    ]
    store.write(Changes(drafts=one), by=Author("小林", "editor"))
    store.write(Changes(drafts=two), by=Author("小周", "editor"))
    return store


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        ({"author": "小林"}, ["ship", "size"]),
        ({"author": "小"}, []),
        ({"tags": ["常用"]}, ["ship", "size"]),
        ({"tags": ["常用", "发货"]}, ["ship"]),
        ({"tags": ["常"]}, []),
        ({"tags": ["常用\0"]}, []),
        ({"short_code": "cm"}, ["size"]),
        ({"effective": "now", "at": NOW}, ["bank", "ship"]),
        ({"effective": "future", "at": NOW}, ["late"]),
        ({"effective": "expired", "at": NOW}, ["size"]),
        ({"effective": "future", "at": NOW - DAY}, ["late", "ship"]),
        ({"text": "双11"}, ["ship"]),
        ({"text": "SHIP"}, ["ship"]),
        ({"text": "cm"}, ["size"]),
        ({"text": "fast 发货"}, ["late"]),
        ({"text": "发货 没有"}, []),
        ({"text": "  "}, ["bank", "late", "ship", "size"]),
        ({"pinyin": "fahuo"}, ["late", "ship"]),
        ({"pinyin": "SMSHFH"}, ["ship"]),
        ({"pinyin": "yin hang"}, ["bank"]),
        ({"pinyin": "ddm"}, ["size"]),
        ({"pinyin": "duoda"}, ["size"]),
        ({"pinyin": "ddx"}, []),
        ({"pinyin": "时候"}, ["late", "ship"]),
        ({"pinyin": "？"}, []),
        ({"pinyin": "fahuo", "shop_id": "demo"}, ["ship"]),
        ({"never_matched": True}, ["bank", "late", "ship", "size"]),
        ({"disliked": True}, []),
    ],
)
def test_a_filter_finds_what_it_says(shelf: Store, filters: dict[str, Any], ids: list[str]) -> None:
    assert found(shelf, **filters) == ids


def test_titles_are_sorted_by_their_pinyin_and_the_latest_change_comes_first(shelf: Store) -> None:
    assert found(shelf, sort="title") == ["size", "late", "ship", "bank"]
    assert found(shelf, sort="updated_at") == ["bank", "late", "ship", "size"]
    shelf.write(Changes(drafts=[draft("size", title="选尺码")]))
    assert found(shelf, sort="updated_at")[0] == "size"


def test_a_listed_entry_says_who_saved_it_and_when(shelf: Store) -> None:
    before = datetime.now(UTC)
    shelf.write(Changes(drafts=[draft("ship", title="几时发货")]), by=Author("小周", "editor"))
    (one,) = shelf.entries(text="几时").entries
    assert (one.id, one.version, one.updated_by) == ("ship", 2, "小周")
    assert before <= one.updated_at <= datetime.now(UTC)
    assert one.draft() == draft("ship", title="几时发货")


def log(url: str, shop_id: str, entry_id: str, action: str | None = None, version: int = 1) -> None:
    """A suggestion from an entry in the log, with what an agent made of it."""
    database = Database(url)
    row = {"shop_id": shop_id, "request_id": "r", "at": "2026-01-01", "message": "", "intents": "[]", "emotion": "",
           "complaint": False, "risks": "[]", "phase": "", "abstained": False, "missing": "[]", "revision": 1,
           "took_ms": 1.0}  # fmt: skip
    with database.writing() as connection:
        (log_id,) = connection.execute(insert(suggestions).values(row).returning(suggestions.c.id)).one()
        reply = {"log_id": log_id, "rank": 1, "suggestion_id": "s", "entry_id": entry_id, "version": version,
                 "intent": "", "confidence": 0.5, "fallback": False, "text": ""}  # fmt: skip
        connection.execute(insert(suggested).values(reply))
        if action:
            said = {"shop_id": shop_id, "at": "2026-01-01", "request_id": "r", "entry_id": entry_id,
                    "version": version, "action": action}  # fmt: skip
            connection.execute(insert(feedback).values(said))
    database.close()


def test_what_was_never_suggested_is_found_for_each_shop_by_itself(shelf: Store, url: str) -> None:
    log(url, "demo", "size")
    log(url, "other", "bank")
    assert found(shelf, never_matched=True) == ["late", "ship"]
    assert found(shelf, never_matched=True, shop_id="demo") == ["bank", "ship"]
    assert found(shelf, never_matched=True, shop_id="other") == ["late", "size"]


def test_what_was_disliked_is_found_until_it_is_mended(shelf: Store, url: str) -> None:
    for entry_id, action in [("size", "disliked"), ("bank", "reported"), ("late", "liked"), ("ship", "sent")]:
        log(url, "demo", entry_id, action)
    assert found(shelf, disliked=True) == ["bank", "size"]
    assert found(shelf, disliked=True, shop_id="other") == []
    shelf.write(Changes(drafts=[draft("size", title="尺码如何选")]))
    assert found(shelf, disliked=True) == ["bank"]


_words = st.sampled_from(["发", "货", "a", "A", "b", "%", "_", "\\", "'", "长", "é", "ß", "fh", "\n", "。", " "])
_titles = st.text("发货长行aAb%_'é ", min_size=1, max_size=4).filter(str.strip)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    st.lists(drafts(), max_size=6, unique_by=lambda one: one.id),
    st.lists(_titles, min_size=6, max_size=6),
    st.text("发货长行aAb%_'é ", max_size=3),
    st.sampled_from(["text", "pinyin"]),
    st.sampled_from([None, "now", "future", "expired"]),
    st.none() | st.sampled_from(["a", "0"]),
)
def test_any_search_finds_what_reading_every_entry_finds(
    some: list[EntryDraft], titles: list[str], typed: str, mode: str, effective: Any, shop_id: str | None
) -> None:
    made = [one.model_copy(update={"title": title}) for one, title in zip(some, titles, strict=False)]
    with tempfile.TemporaryDirectory() as folder, closing(Store(f"sqlite:///{folder}/x.db")) as store:
        store.write(Changes(drafts=made))
        filters: Filters = {"effective": effective, "at": NOW, "shop_id": shop_id}
        filters["text" if mode == "text" else "pinyin"] = typed or None
        ids = found(store, **filters)
    assert ids == sorted(str(one.id) for one in made if _meets(one, typed, mode, effective, shop_id))


def _meets(one: EntryDraft, typed: str, mode: str, effective: str | None, shop_id: str | None) -> bool:
    """The filters once more, entry by entry."""
    begun = one.effective_from is None or one.effective_from <= NOW
    over = one.effective_until is not None and one.effective_until <= NOW
    when = {None: True, "now": begun and not over, "future": not begun, "expired": over}[effective]
    texts = [one.title, *one.questions, *(answer.text for answer in one.answers), one.note or "", str(one.id)]
    if mode == "text":
        words = typed.casefold().split()
        said = all(any(word in text.casefold().replace("\0", " ") for text in texts) for word in words)
    else:
        read = [pinyin_of(text) for text in (one.title, *one.questions)]
        typed_as = pinyin_of(typed).full
        said = not typed or (bool(typed_as) and any(typed_as in p.full or typed_as in p.initials for p in read))
    return when and said and (shop_id is None or one.shop_id in (None, shop_id))
