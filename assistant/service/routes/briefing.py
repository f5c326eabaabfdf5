"""The briefing at the start of a shift."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter

from assistant.briefing import brief
from assistant.service.access import Principal, allow
from assistant.service.deps import PartsDep, known_shop
from assistant.service.shift_schemas import BriefingDocument
from knowledge.context import Moment

router = APIRouter(prefix="/v1/briefing", tags=["review"])
USUAL = timedelta(hours=24)


@router.get("")
def read_briefing(
    who: Annotated[Principal, allow("knowledge.read")],
    parts: PartsDep,
    shop_id: str | None = None,
    since: Moment | None = None,
) -> BriefingDocument:
    """What is new, changed or withdrawn since a moment (default: a day ago), what ends within a week, and the
    emergency entries in force.
    """
    shop, now = known_shop(who, shop_id, parts), parts.suggester.clock()
    start = since or now - USUAL
    briefing = brief(parts.base.snapshot(), parts.store.history.changed_since(shop, start), shop, now)
    return BriefingDocument.of(briefing, start, now)
