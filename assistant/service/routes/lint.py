"""A check of what an agent is about to send."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body

from assistant.linting import lint
from assistant.service.access import Principal, allow
from assistant.service.deps import SuggesterDep
from assistant.service.schemas import LintRequest, LintResponse
from knowledge.compliance import blocks
from knowledge.context import Context
from knowledge.errors import ShopUnknown

router = APIRouter(prefix="/v1", tags=["suggestions"])
_EXAMPLE = {"text": "亲，全网最低价，24小时内发货，单号{运单号}", "shop_id": "demo"}
_EXAMPLES = {
    "shop": {"summary": "按店铺设置检查", "value": _EXAMPLE},
    "text": {"summary": "只检查文字", "value": {"text": "亲，好评返现2元哦"}},
}


@router.post("/lint")
def lint_text(
    request: Annotated[LintRequest, Body(openapi_examples=_EXAMPLES)],
    suggester: SuggesterDep,
    who: Annotated[Principal, allow("suggest")],
) -> LintResponse:
    """Every wording that must not be sent, or had better not: its place, the reason, and a replacement if one fits."""
    snapshot = suggester.base.snapshot()
    shop_id = who.shop(request.shop_id, suggester.default_shop)
    if not snapshot.knows_shop(shop_id):
        raise ShopUnknown(shop_id)
    told = bool(request.shop_id or who.shop_id) or request.context is not None
    context = request.context or Context()
    inline = context.item
    stored = snapshot.item(shop_id, inline.item_id) if inline and inline.item_id else None
    item = inline.over(stored) if inline else None
    findings = lint(request.text, snapshot.policy(shop_id) if told else None, context, item)
    return LintResponse(findings=list(findings), sendable=not blocks(findings))
