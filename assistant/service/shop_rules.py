"""What a principal may reach in the knowledge: the rules of `access` applied to entries and shops that exist."""

from __future__ import annotations

from assistant.service.access import Principal
from assistant.service.settings import Settings
from knowledge.base import KnowledgeBase
from knowledge.entries import Entry, EntryDraft
from knowledge.errors import EntryNotFound, SecondReaderNeeded
from knowledge.store import Store


def seen_entry(who: Principal, store: Store, entry_id: str) -> Entry:
    """The current version of an entry; raises EntryNotFound also for another shop's."""
    entry = store.entry(entry_id)
    if not who.sees(entry.shop_id):
        raise EntryNotFound(entry_id)
    return entry


def require_writable(who: Principal, base: KnowledgeBase, shop_id: str | None) -> None:
    """Raise Forbidden unless somebody may write that shop's knowledge; a new shop only an admin makes."""
    who.require_writable(shop_id)
    if shop_id is not None and not base.snapshot().knows_shop(shop_id):
        who.require("admin")


def require_reviewed(who: Principal, settings: Settings, draft: EntryDraft) -> None:
    """Raise SecondReaderNeeded for words that only one person has seen, where the shop wants two.

    Drafts reach no agent; an emergency cannot wait; and admins answer for the rule itself.
    """
    if settings.review == "on" and draft.status == "published" and not draft.is_emergency and not who.may("admin"):
        raise SecondReaderNeeded(
            "店铺要求由另一个人审核：请把这条存为草稿，或用提案提交，由别的编辑发布；紧急条目可以直接保存。"
        )
