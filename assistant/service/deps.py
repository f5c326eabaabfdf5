"""What routes ask for by type."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from assistant.service.wiring import Parts
from assistant.suggester import Suggester
from knowledge.base import KnowledgeBase
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


SuggesterDep = Annotated[Suggester, Depends(_suggester)]
BaseDep = Annotated[KnowledgeBase, Depends(_base)]
StoreDep = Annotated[Store, Depends(_store)]
