"""What routes ask for by type."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from assistant.service.access import Principal
from assistant.service.recorder import Recorder
from assistant.service.wiring import Parts
from assistant.suggester import Suggester
from knowledge.base import KnowledgeBase
from knowledge.errors import ShopUnknown
from knowledge.store import Store


def _parts(request: Request) -> Parts:
    parts: Parts = request.app.state.parts
    return parts


PartsDep = Annotated[Parts, Depends(_parts)]


def _suggester(parts: PartsDep) -> Suggester:
    return parts.suggester


def _base(parts: PartsDep) -> KnowledgeBase:
    return parts.base


def _store(parts: PartsDep) -> Store:
    return parts.store


def _recorder(request: Request) -> Recorder:
    recorder: Recorder = request.app.state.recorder
    return recorder


def _live_suggester(request: Request) -> Suggester:
    suggester: Suggester = request.app.state.live_suggester
    return suggester


LiveSuggesterDep = Annotated[Suggester, Depends(_live_suggester)]
SuggesterDep = Annotated[Suggester, Depends(_suggester)]
BaseDep = Annotated[KnowledgeBase, Depends(_base)]
StoreDep = Annotated[Store, Depends(_store)]
RecorderDep = Annotated[Recorder, Depends(_recorder)]


def known_shop(who: Principal, requested: str | None, parts: Parts) -> str:
    """The shop that a request is about; Forbidden for another's, ShopUnknown for one that nothing is known about."""
    shop = who.shop(requested, parts.settings.default_shop)
    if not parts.base.snapshot().knows_shop(shop):
        raise ShopUnknown(shop)
    return shop
