"""Which of two entries on the same matter goes first, as far as their fields alone decide it."""

from __future__ import annotations

from knowledge.entries import EntryDraft

_AUTHORITY = {"platform": 2, "shop": 1, "phrase": 0}


def precedence(entry: EntryDraft) -> tuple[int, ...]:
    """Greater goes first: emergency, for this item, dated, the shop's own, more binding. Equal: nothing decides."""
    dated = entry.effective_from is not None or entry.effective_until is not None
    own = entry.shop_id is not None
    return (entry.is_emergency, bool(entry.items), dated, own, _AUTHORITY[entry.authority])
