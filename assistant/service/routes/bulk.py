"""One edit of many entries, all or nothing."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter

from assistant.service.access import Principal, allow
from assistant.service.deps import PartsDep
from assistant.service.entry_schemas import BulkRequest, BulkResult
from assistant.service.shop_rules import require_reviewed, require_writable
from knowledge.bulk_edits import edited
from knowledge.changes import Changes
from knowledge.entries import Entry
from knowledge.errors import EntryInvalid, EntryNotFound, Problem
from knowledge.store import Store

router = APIRouter(prefix="/v1/entries", tags=["entries"])


@router.post("/bulk")
def edit_entries(
    request: BulkRequest, who: Annotated[Principal, allow("knowledge.write")], parts: PartsDep
) -> BulkResult:
    """Archive, restore (to what each was before), publish, tag or date up to 1,000 entries: all of them or none."""
    if request.action in ("add_tags", "remove_tags") and not request.tags:
        raise EntryInvalid([Problem("tags", "没有写标签", "请至少写一个标签")])
    ids = list(dict.fromkeys(request.ids))
    entries = _seen(who, parts.store, ids)
    for shop_id in {entry.shop_id for entry in entries}:
        require_writable(who, parts.base, shop_id)
    before = parts.store.status_before_archive(ids) if request.action == "restore" else {}
    drafts = edited(entries, request.edit(), before)
    for entry, draft in zip(entries, drafts, strict=True):
        if entry.status != "published" or entry.is_emergency:  # the words of others are those that were reviewed
            require_reviewed(who, parts.settings, draft)
    seen = {entry.id: entry.version for entry in entries}
    written = parts.base.write(Changes(drafts=drafts), expected=seen, by=who.author)
    return BulkResult.of(written)


def _seen(who: Principal, store: Store, ids: list[str]) -> list[Entry]:
    """The entries in the order of their ids; raises EntryNotFound for the first that is not there for one."""
    known = store.entries_by_id(ids)
    for entry_id in ids:
        if entry_id not in known or not who.sees(known[entry_id].shop_id):
            raise EntryNotFound(entry_id)
    return [known[entry_id] for entry_id in ids]
