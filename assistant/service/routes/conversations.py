"""Conversations as a chat window's plug-in reports them, and the news of them for pages that listen."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Path, Query, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent

from assistant.service.access import Principal, allow
from assistant.service.change_feed import ChangeFeed
from assistant.service.conversation_schemas import (
    ContextReport,
    ConversationDocument,
    ConversationList,
    ConversationSummary,
    MessagesReport,
    Reported,
    event_of,
)
from assistant.service.deps import PartsDep, known_shop
from knowledge.context import Context
from knowledge.errors import KnowledgeError, RecordNotFound
from knowledge.records.conversations import Conversations, Line

router = APIRouter(prefix="/v1/conversations", tags=["conversations"])
Agent = Annotated[Principal, allow("suggest")]
ConversationId = Annotated[str, Path(min_length=1, max_length=200, pattern=r"^[^\x00]+$")]
_LATEST = 2**31 - 1
STREAM_S = 900.0  # then a listener must come again, and so show a key that is still valid


@router.get("")
def list_conversations(
    who: Agent,
    parts: PartsDep,
    shop_id: str | None = None,
    waiting: Annotated[bool, Query(description="Only those where a buyer waits, longest first")] = False,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> ConversationList:
    """The shop's conversations: the latest, or those that wait for an answer."""
    shop = known_shop(who, shop_id, parts)
    found = parts.store.conversations.list(shop, waiting=waiting, limit=limit)
    target = parts.settings.reply_target_s
    return ConversationList(
        conversations=[
            ConversationSummary(
                conversation_id=one.conversation_id,
                buyer=one.buyer,
                last_text=one.last_text,
                waiting_since=one.waiting_since,
                reply_target_s=target,
            )
            for one in found
        ]
    )


@router.post("/{conversation_id}/messages", status_code=202)
def report_messages(conversation_id: ConversationId, report: MessagesReport, who: Agent, parts: PartsDep) -> Reported:
    """Append messages; those with an id that is there already, and private ones, change nothing."""
    lines = [message.line() for message in report.messages if not message.private]
    return _report(parts, known_shop(who, report.shop_id, parts), conversation_id, lines, report.context)


@router.put("/{conversation_id}")
def report_context(conversation_id: ConversationId, report: ContextReport, who: Agent, parts: PartsDep) -> Reported:
    """Replace what is known beside the messages: buyer, item, order."""
    return _report(parts, known_shop(who, report.shop_id, parts), conversation_id, [], report.context)


@router.get("/{conversation_id}")
def read_conversation(
    conversation_id: ConversationId, who: Agent, parts: PartsDep, shop_id: str | None = None
) -> ConversationDocument:
    """The conversation with its last 500 messages."""
    found = parts.store.conversations.since(known_shop(who, shop_id, parts), conversation_id)
    if found is None:
        raise RecordNotFound("对话", conversation_id)
    event = event_of(found, parts.settings.reply_target_s)
    return ConversationDocument(conversation_id=conversation_id, **event.model_dump())


def _report(
    parts: PartsDep, shop_id: str, conversation_id: str, lines: list[Line], context: Context | None
) -> Reported:
    added = parts.store.conversations.add(shop_id, conversation_id, lines, context)
    return Reported(conversation_id=conversation_id, seq=added.seq, messages_total=added.messages_total)


@dataclass(frozen=True, slots=True)
class _Stream:
    """One listener's stream: where it begins, and what it reads from."""

    shop_id: str
    conversation_id: str
    after: int
    revision: int | None
    reply_target_s: int
    conversations: Conversations
    feed: ChangeFeed


def _stream(
    conversation_id: ConversationId,
    who: Agent,
    parts: PartsDep,
    request: Request,
    shop_id: str | None = None,
    after: Annotated[int, Query(ge=0, le=_LATEST, description="The seq that the page holds")] = 0,
    revision: Annotated[int | None, Query(ge=0, le=_LATEST, description="The knowledge that the page holds")] = None,
    last_event_id: Annotated[str | None, Header(description="Sent by browsers that reconnect")] = None,
) -> _Stream:
    """Settled before the stream begins, so that a refusal is an answer of its own."""
    held = last_event_id or ""
    start = max(after, int(held)) if held.isdecimal() and len(held) < 10 else after
    shop = known_shop(who, shop_id, parts)
    feed: ChangeFeed = request.app.state.feed
    target = parts.settings.reply_target_s
    return _Stream(shop, conversation_id, start, revision, target, parts.store.conversations, feed)


@router.get("/{conversation_id}/events", response_class=EventSourceResponse)
async def listen(stream: Annotated[_Stream, Depends(_stream)]) -> AsyncIterator[ServerSentEvent]:
    """News as it happens: `messages` with what came after the held `seq`, `knowledge` when that changed.

    A conversation that is not there yet is waited for.
    """
    ends, feed, seq = time.monotonic() + STREAM_S, stream.feed, stream.after
    with feed.listen((stream.shop_id, stream.conversation_id)) as listener:
        try:
            present = (await feed.look(stream.conversations.marks)).revision
            revision, listener.revision = stream.revision or present, max(present, listener.revision)
            while not listener.ended and (left := ends - time.monotonic()) > 0:
                event = await _messages_after(stream, seq)
                if event:
                    seq = int(event.id or seq)
                    yield event
                if listener.revision > revision:
                    revision = listener.revision
                    yield ServerSentEvent(event="knowledge", data={"revision": revision})
                await listener.news(left)
        except KnowledgeError:
            return  # the database is away: the page comes again and is told so


async def _messages_after(stream: _Stream, seq: int) -> ServerSentEvent | None:
    found = await stream.feed.look(lambda: stream.conversations.since(stream.shop_id, stream.conversation_id, seq))
    if found is None or found.seq <= seq:
        return None
    return ServerSentEvent(event="messages", id=str(found.seq), data=event_of(found, stream.reply_target_s))
