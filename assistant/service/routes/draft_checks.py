"""What an editor is told of a draft while writing it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter

from assistant.service.access import Principal, allow
from assistant.service.deps import PartsDep
from assistant.service.entry_schemas import CheckedDraft, DraftToCheck
from assistant.service.wiring import Parts
from knowledge.draft_check import DraftCheck, check_draft
from knowledge.entries import EntryDraft
from knowledge.exchange.rows import row_of

router = APIRouter(prefix="/v1/entries", tags=["entries"])


@router.post("/check")
def check_entry_draft(
    body: DraftToCheck, who: Annotated[Principal, allow("knowledge.read")], parts: PartsDep
) -> CheckedDraft:
    """Problems, unfit wordings, near-duplicates and contradictions of a draft; nothing is saved."""
    row = row_of(1, body.draft)
    if row.draft is None:
        return CheckedDraft.of(DraftCheck(row.problems))
    return checked(row.draft, who.shops(row.draft.shop_id), parts)


def checked(draft: EntryDraft, shop_id: str | None, parts: Parts) -> CheckedDraft:
    """The check of a draft, seen from a shop."""
    snapshot = parts.base.snapshot()
    check = check_draft(draft, snapshot, parts.suggester.encoder, shop_id, datetime.now(UTC))
    # Through the eyes of the shop: who may not write shared entries does not learn of other shops' codes by trying.
    return CheckedDraft.of(check, *parts.store.taken_codes(draft.model_copy(update={"shop_id": shop_id})))
