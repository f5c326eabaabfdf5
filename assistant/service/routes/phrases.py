"""The phrase search of the sidebar, and the phrases that hold a buyer who has waited long."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from assistant.phrase_wordings import wordings
from assistant.phrases import PhraseBook
from assistant.previewing import Sample
from assistant.reply_rules import HOLDING
from assistant.request import SuggestionRequest
from assistant.service.access import Principal, allow
from assistant.service.deps import PartsDep, known_shop
from knowledge.catalogue import ItemFacts
from knowledge.context import Context
from knowledge.entries import Entry, Kind
from knowledge.records.moments import now
from knowledge.roster import Scope

router = APIRouter(prefix="/v1/phrases", tags=["suggestions"])
Typed = Annotated[str, Query(max_length=100, description="Title, text, short code, pinyin or its initials")]
_WORDINGS = 6  # of one entry


class PhraseQuery(BaseModel):
    """A search with the context that fills the phrases; `intent` flow.wait asks for phrases that hold a buyer."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    q: str = Field(default="", max_length=100)
    shop_id: str | None = None
    intent: str | None = None
    context: Context = Context()
    limit: int = Field(default=20, ge=1, le=100)


class Phrase(BaseModel):
    """A phrase as it can be inserted; `wordings` are all its texts that hold here, the first of them `text`."""

    entry_id: str
    version: int
    title: str
    text: str
    wordings: list[str]
    missing: list[str]
    intent: str
    kind: Kind
    short_code: str | None
    effective_until: datetime | None


class PhraseList(BaseModel):
    """What was found, best first."""

    phrases: list[Phrase]


@router.get("")
def find_phrases(
    who: Annotated[Principal, allow("suggest")],
    parts: PartsDep,
    request: Request,
    q: Typed = "",
    shop_id: str | None = None,
    item_id: str | None = None,
    intent: Annotated[str | None, Query(description="flow.wait: phrases that hold a buyer")] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> PhraseList:
    """Published phrases in effect that meet every word of `q`; without a word, all of them."""
    context = Context(item=ItemFacts(item_id=item_id)) if item_id else Context()
    query = PhraseQuery(q=q, shop_id=shop_id, intent=intent, context=context, limit=limit)
    return _find(query, who, parts, request.app.state.phrase_book)


@router.post("")
def find_phrases_here(
    query: PhraseQuery, who: Annotated[Principal, allow("suggest")], parts: PartsDep, request: Request
) -> PhraseList:
    """The same, filled with what is known of buyer, item and order."""
    return _find(query, who, parts, request.app.state.phrase_book)


def _find(query: PhraseQuery, who: Principal, parts: PartsDep, book: PhraseBook) -> PhraseList:
    shop = known_shop(who, query.shop_id, parts)
    item = query.context.item
    scope = Scope(shop, query.context.now or now(), item.item_id if item else None)
    found = book.search(parts.base.snapshot(), scope, query.q, intent=query.intent, limit=query.limit)
    # No message is answered, so the situation is that of a message which the shop opens.
    [sample] = parts.suggester.samples([SuggestionRequest(shop_id=shop, intent=HOLDING, context=query.context)])
    return PhraseList(phrases=[phrase for entry in found if (phrase := _phrase(entry, sample))])


def _phrase(entry: Entry, sample: Sample) -> Phrase | None:
    texts = wordings(entry, sample)[:_WORDINGS]
    if not texts:
        return None
    return Phrase(
        entry_id=entry.id,
        version=entry.version,
        title=entry.title,
        text=texts[0].text,
        wordings=[each.text for each in texts],
        missing=list(texts[0].missing),
        intent=entry.intent,
        kind=entry.kind,
        short_code=entry.short_code,
        effective_until=entry.effective_until,
    )
