"""The hand-over table of the shift."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Response

from assistant.service.access import Principal, allow
from assistant.service.conversation_schemas import HandoverDocument, HandoverList, HandoverReport, NewHandover
from assistant.service.deps import PartsDep, known_shop
from assistant.service.handover_export import as_csv, as_markdown
from knowledge.context import Moment
from knowledge.errors import RecordNotFound
from knowledge.records.handovers import Handover, HandoverDraft, HandoverStatus

router = APIRouter(prefix="/v1/handovers", tags=["conversations"])
Agent = Annotated[Principal, allow("suggest")]
Since = Annotated[Moment | None, Query(description="Written at that time or later")]
Until = Annotated[Moment | None, Query(description="Written before that time")]
_MEDIA = {"csv": "text/csv; charset=utf-8", "md": "text/markdown; charset=utf-8"}


@router.get("")
def list_handovers(
    who: Agent,
    parts: PartsDep,
    shop_id: str | None = None,
    status: HandoverStatus | None = None,
    since: Since = None,
    until: Until = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
) -> HandoverList:
    """The shop's, newest first."""
    shop = known_shop(who, shop_id, parts)
    found = parts.store.handovers.list(shop, status=status, since=since, until=until, limit=limit)
    return HandoverList(handovers=[_document(one) for one in found])


@router.post("", status_code=201)
def add_handover(report: NewHandover, who: Agent, parts: PartsDep) -> HandoverDocument:
    """Put something on the table."""
    shop = known_shop(who, report.shop_id, parts)
    return _document(parts.store.handovers.add(shop, _draft(report, who.name), who.author))


@router.get("/export", responses={200: {"content": {"text/csv": {}, "text/markdown": {}}}}, response_class=Response)
def export_handovers(
    who: Agent,
    parts: PartsDep,
    format: Literal["csv", "md"] = "csv",  # noqa: A002  # the name in the address
    shop_id: str | None = None,
    status: HandoverStatus | None = None,
    since: Since = None,
    until: Until = None,
) -> Response:
    """The table as a file (交接表), times by the shop's clock."""
    shop = known_shop(who, shop_id, parts)
    found = parts.store.handovers.list(shop, status=status, since=since, until=until, limit=10_000)
    write = as_csv if format == "csv" else as_markdown
    text = write(found, parts.base.snapshot().policy(shop).timezone)
    headers = {"Content-Disposition": f'attachment; filename="handovers.{format}"'}
    return Response(text, media_type=_MEDIA[format], headers=headers)


@router.put("/{handover_id}")
def replace_handover(
    handover_id: Annotated[int, Path(ge=1, le=2**31 - 1)], report: HandoverReport, who: Agent, parts: PartsDep
) -> HandoverDocument:
    """Write one anew, or mark it as done; fields that are left out stay as they are."""
    stored = parts.store.handovers.get(handover_id)
    if not who.sees(stored.shop_id):
        raise RecordNotFound("交接事项", handover_id)
    return _document(parts.store.handovers.change(handover_id, report.model_dump(exclude_unset=True), who.author))


def _draft(report: HandoverReport, agent: str) -> HandoverDraft:
    given = report.model_dump(include={"title", "text", "conversation_id", "status"})
    return HandoverDraft(**given, agent=report.agent or agent)


def _document(stored: Handover) -> HandoverDocument:
    return HandoverDocument(**asdict(stored))
