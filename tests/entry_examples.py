"""Entries for tests: one plain example, and hypothesis strategies for any that an editor could write."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

from hypothesis import strategies as st

from knowledge.entries import Answer, EntryDraft


def draft(entry_id: str | None = "policy-ship", **fields: Any) -> EntryDraft:
    """A valid entry; name only the fields that matter to the test."""
    usual: dict[str, Any] = {
        "id": entry_id,
        "kind": "policy",
        "intent": "order.urge_ship",
        "title": "什么时候发货",
        "questions": ["啥时候发货呀"],
        "answers": ["亲，我们会在48小时内为您发出哦。"],
    }
    return EntryDraft.model_validate(usual | fields)


# What the models take as text: anything but halves of UTF-16 pairs.
texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20).filter(lambda text: text.strip())
ids = st.text("abcdefgh0123456789-_.药裙", min_size=1, max_size=8)
_zones = st.integers(-12 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
times = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=_zones)
_values = st.one_of(
    texts, st.integers(), st.booleans(), st.none(), st.floats(allow_nan=False, allow_infinity=False), st.just("*")
)
answers = st.builds(
    Answer,
    text=texts,
    when=st.dictionaries(texts, st.lists(_values, max_size=3).map(tuple), max_size=2),
    tone=st.none() | texts,
)


def drafts(entry_ids: st.SearchStrategy[Any] = ids) -> st.SearchStrategy[EntryDraft]:
    """Any draft whose fields have the right form, whether or not it makes sense."""
    return st.builds(
        EntryDraft,
        id=entry_ids,
        shop_id=st.none() | ids,
        kind=st.sampled_from(["product_spec", "policy", "phrase"]),
        intent=ids,
        title=texts,
        questions=st.lists(texts, max_size=3).map(tuple),
        answers=st.lists(answers, min_size=1, max_size=3).map(tuple),
        items=st.lists(ids, max_size=3).map(tuple),
        tags=st.lists(texts, max_size=2).map(tuple),
        effective_from=st.none() | times,
        effective_until=st.none() | times,
        status=st.sampled_from(["draft", "published", "archived"]),
        authority=st.sampled_from(["platform", "shop", "phrase"]),
        note=st.none() | texts,
        short_code=st.none(),  # two drafts of one code are refused
    )
