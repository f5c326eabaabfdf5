"""Suggestions for a buyer's message."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Annotated

from fastapi import APIRouter, Body, Response

from assistant.request import SuggestionRequest
from assistant.response import SuggestionResponse
from assistant.service.access import Principal, allow
from assistant.service.deps import LiveSuggesterDep, PartsDep, RecorderDep

router = APIRouter(prefix="/v1", tags=["suggestions"])
_examples = files("assistant.service").joinpath("examples")
REQUEST_EXAMPLE = json.loads(_examples.joinpath("request.json").read_text("utf-8"))
RESPONSE_EXAMPLE = json.loads(_examples.joinpath("response.json").read_text("utf-8"))
_WITHOUT_CONTEXT = {"messages": [{"role": "buyer", "text": "能改地址吗"}]}


@router.post(
    "/suggestions",
    response_model=SuggestionResponse,
    responses={200: {"content": {"application/json": {"example": RESPONSE_EXAMPLE}}}},
)
def suggest(
    request: Annotated[
        SuggestionRequest,
        Body(
            openapi_examples={
                "complaint": {"summary": "收到破损，带商品和订单", "value": REQUEST_EXAMPLE},
                "plain": {"summary": "只有一句话", "value": _WITHOUT_CONTEXT},
            }
        ),
    ],
    suggester: LiveSuggesterDep,
    parts: PartsDep,
    who: Annotated[Principal, allow("suggest")],
    recorder: RecorderDep,
) -> Response:
    """The best ready-to-send replies to the buyer's last turn, with what was understood and what else to do.

    With a `conversation_id`, what was suggested is written down in the background, masked.
    """
    shop_id = who.shop(request.shop_id, suggester.default_shop)
    response = suggester.suggest(request.model_copy(update={"shop_id": shop_id}))
    parts.metrics.suggested(response)
    if request.conversation_id and parts.settings.record == "on":
        recorder.record(shop_id, request, response)
    # The response is valid by construction; validating it a second time would cost a third of the round trip.
    return Response(response.model_dump_json(), media_type="application/json")
