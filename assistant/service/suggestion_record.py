"""What is written down of a response: masked, and no more than insight needs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import takewhile

from assistant.masking import mask
from assistant.request import Message, SuggestionRequest
from assistant.response import Suggestion, SuggestionResponse
from knowledge.records.suggestion_log import Suggested, SuggestionRecord

_KEPT = 2000  # characters of a buyer's turn


def record_of(shop_id: str, request: SuggestionRequest, response: SuggestionResponse, at: datetime) -> SuggestionRecord:
    """The record of a response to a request of the shop."""
    turn, context, understood = _turn(request.messages), request.context, response.understanding
    return SuggestionRecord(
        shop_id=shop_id,
        request_id=clean(response.request_id),
        conversation_id=clean(request.conversation_id) if request.conversation_id else None,
        message_id=clean(response.for_message_id) if response.for_message_id else None,
        at=at,
        asked_at=turn[0].sent_at if turn else None,
        agent=clean(context.agent.name or context.agent.id or "") or None if context.agent else None,
        item_id=clean(context.item.item_id) if context.item and context.item.item_id else None,
        message=clean(mask("，".join(message.text.strip() for message in turn)[:_KEPT])),
        intents=[(guess.code, guess.confidence) for guess in understood.intents],
        complaint=understood.complaint.value,
        emotion=understood.emotion.label,
        risks=understood.risks,
        phase=understood.phase,
        abstained=response.abstained,
        missing=tuple(dict.fromkeys(field for one in response.suggestions for field in one.missing)),
        revision=response.knowledge_revision,
        took_ms=response.took_ms,
        replies=[_reply(one) for one in response.suggestions],
    )


def clean(text: str) -> str:
    """The text as every database takes it."""
    return text.replace("\0", "")


def _turn(messages: Sequence[Message]) -> list[Message]:
    """The buyer's consecutive last messages, oldest first."""
    spoken = [message for message in messages if message.role != "system"]
    return list(takewhile(lambda message: message.role == "buyer", reversed(spoken)))[::-1]


def _reply(one: Suggestion) -> Suggested:
    source = one.source
    text = clean(mask(one.text))
    return Suggested(one.id, one.rank, source.entry_id, source.version, one.intent, one.confidence, one.fallback, text)
