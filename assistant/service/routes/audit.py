"""The log of every change, for admins."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict

from assistant.service.access import Principal, allow
from assistant.service.deps import StoreDep

router = APIRouter(prefix="/v1/audit", tags=["audit"])


class AuditRecord(BaseModel):
    """One change; `before` null: it came into being, `after` null: it is gone."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    at: datetime
    who: str
    role: str
    key_id: int | None
    shop_id: str | None
    action: str
    object: str
    before: Any
    after: Any


class AuditPage(BaseModel):
    """Records, newest first."""

    records: list[AuditRecord]


@router.get("")
def read_audit(
    principal: Annotated[Principal, allow("admin")],
    store: StoreDep,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    before: Annotated[int | None, Query(ge=1, le=2**31 - 1, description="Only records older than this id")] = None,
    shop_id: str | None = None,
    who: Annotated[str | None, Query(description="The name of whoever made the change")] = None,
    action: Annotated[str | None, Query(description="Such as entry.update, or entry for all that begin so")] = None,
    object_id: Annotated[str | None, Query(alias="object", description="The id of what was changed")] = None,
) -> AuditPage:
    """The newest records that meet every filter; a shop's admin sees that shop's only."""
    shop = principal.shops(shop_id)
    records = store.audit.page(limit=limit, before=before, shop_id=shop, who=who, action=action, object=object_id)
    return AuditPage(records=[AuditRecord.model_validate(record) for record in records])
