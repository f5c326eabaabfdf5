"""Filters of the list of entries, as conditions of SQL."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Literal, TypedDict

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from knowledge import tables
from knowledge.conversation_tables import feedback, suggested, suggestions
from knowledge.entries import Kind, Status
from knowledge.pinyin import pinyin_of
from knowledge.search.columns import folded_code, tag_line
from knowledge.storable import is_storable

Effective = Literal["now", "future", "expired"]
Sort = Literal["id", "title", "updated_at"]
Searched = Literal["searchable", "pinyin", "tags"]

_entries = tables.entries.c


class Filters(TypedDict, total=False):
    """What an entry must meet, all of it; None is no condition.

    `shop_id` means that shop's and the shared ones; `item_id` those limited to that item; `tags` all of them.
    `text` is in title, questions, answers, note, id or short code, word by word, whatever the case; `pinyin`, full or
    first letters, in that of title or questions. `effective` is judged at `at` (default: now).
    `never_matched`: no suggestion came from it. `disliked`: its present version was disliked or reported. Both look at
    what happened in `shop_id` where that is given.
    """

    shop_id: str | None
    intent: str | None
    kind: Kind | None
    status: Status | None
    item_id: str | None
    author: str | None
    short_code: str | None
    tags: Sequence[str]
    text: str | None
    pinyin: str | None
    effective: Effective | None
    at: datetime
    never_matched: bool
    disliked: bool


def conditions(filters: Filters) -> list[ColumnElement[bool]]:
    """What SQL decides of the filters: all but what `parts` tells. Of `storable` filters only."""
    return [~_entries.deleted, *_exact(filters), *_relations(filters), *_effective(filters)]


def parts(filters: Filters) -> Iterator[tuple[Searched, str]]:
    """What has to be somewhere in a text of the entry, and in which."""
    yield from (("searchable", word) for word in (filters.get("text") or "").casefold().split())
    yield from (("tags", tag_line(tag)) for tag in filters.get("tags", ()))
    sounds = filters.get("pinyin")
    if sounds is not None:
        yield "pinyin", pinyin_of(sounds).full or "\n\n"  # nothing that could be typed: nothing is found


def storable(filters: Filters) -> bool:
    """Whether a database could hold what is looked for; if not, nothing can be found."""
    texts = (each for value in filters.values() for each in ((value,) if isinstance(value, str) else _parts(value)))
    return all(map(is_storable, texts))


def _parts(value: object) -> Sequence[str]:
    return value if isinstance(value, list | tuple) else ()


def _exact(filters: Filters) -> Iterator[ColumnElement[bool]]:
    """Equality with a column."""
    values = {
        _entries.intent: filters.get("intent"),
        _entries.kind: filters.get("kind"),
        _entries.status: filters.get("status"),
        _entries.updated_by: filters.get("author"),
        _entries.short_code: folded_code(filters.get("short_code")),
    }
    yield from (column == value for column, value in values.items() if value is not None)
    shop_id = filters.get("shop_id")
    if shop_id is not None:
        # Not an OR: SQLite would look up every row by the index of shops instead of reading one narrow index through.
        yield func.coalesce(_entries.shop_id, shop_id) == shop_id


def _relations(filters: Filters) -> Iterator[ColumnElement[bool]]:
    """What other tables say of the entry."""
    item_id, shop_id = filters.get("item_id"), filters.get("shop_id")
    if item_id is not None:
        limited = tables.entry_items.c
        yield _entries.id.in_(select(limited.entry_id).where(limited.item_id == item_id))
    if filters.get("never_matched"):
        of_shop = () if shop_id is None else (suggestions.c.shop_id == shop_id,)
        logged = and_(suggested.c.entry_id == _entries.id, suggestions.c.id == suggested.c.log_id, *of_shop)
        yield ~exists().where(logged)
    if filters.get("disliked"):
        of_shop = () if shop_id is None else (feedback.c.shop_id == shop_id,)
        bad = (feedback.c.action.in_(("disliked", "reported")), *of_shop)
        present = feedback.c.version == _entries.version
        yield _entries.id.in_(select(feedback.c.entry_id).where(*bad))  # few, so that not every version is read
        yield exists().where(feedback.c.entry_id == _entries.id, present, *bad)


def _effective(filters: Filters) -> Iterator[ColumnElement[bool]]:
    now = filters.get("at", datetime.now(UTC)).timestamp()
    begun = or_(_entries.effective_from.is_(None), _entries.effective_from <= now)
    over = and_(_entries.effective_until.is_not(None), _entries.effective_until <= now)
    match filters.get("effective"):
        case "now":
            yield and_(begun, ~over)
        case "future":
            yield ~begun
        case "expired":
            yield over
