"""What buyers asked and the knowledge did not serve, in clusters that are one click from a draft."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request

from assistant.clusters import cluster
from assistant.service.access import Principal, allow
from assistant.service.deps import PartsDep, known_shop
from assistant.service.shift_schemas import ClusterDocument, ClusterList
from knowledge.context import Moment
from knowledge.unmet_messages import UnmetKind
from models.remembered import RememberedEncoder

router = APIRouter(prefix="/v1/clusters", tags=["review"])


@router.get("")
def list_clusters(
    request: Request,
    who: Annotated[Principal, allow("knowledge.write")],
    parts: PartsDep,
    kind: UnmetKind = "unanswered",
    shop_id: str | None = None,
    since: Moment | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> ClusterList:
    """The shop's newest 2,000 messages that got no suggestion, or one that agents disliked: the largest clusters."""
    shop, snapshot = known_shop(who, shop_id, parts), parts.base.snapshot()
    encoder: RememberedEncoder = request.app.state.remembered
    messages = parts.store.unmet.list(shop, kind, since)
    found = cluster(messages, snapshot, encoder, shop)
    told = [ClusterDocument.of(each, snapshot) for each in found[:limit]]
    return ClusterList(clusters=told, total=len(found), messages_read=len(messages))
