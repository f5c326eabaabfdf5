"""Named periods of a shop, which the editor fills effective times from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from pydantic import BaseModel, Field, model_validator

from assistant.request import without_surrogates
from assistant.service.access import Principal, allow
from assistant.service.deps import PartsDep, known_shop
from assistant.service.wiring import Parts
from knowledge.periods import MAX_PERIODS, Period, default_periods

router = APIRouter(prefix="/v1/shops/{shop_id}/periods", tags=["review"])


class PeriodsBody(BaseModel):
    """All periods of the shop, in the order in which the editor shows them."""

    periods: list[Period] = Field(max_length=MAX_PERIODS)

    @model_validator(mode="before")
    @classmethod
    def _no_half_characters(cls, value: Any) -> object:
        return without_surrogates(value)


class PeriodDocument(Period):
    """A period, and the times of the one that is running or comes next."""

    effective_from: datetime
    effective_until: datetime


class PeriodList(BaseModel):
    """The periods; `own` false: the shop has not written any, and these are the usual ones."""

    periods: list[PeriodDocument]
    own: bool


@router.get("")
def read_periods(shop_id: str, who: Annotated[Principal, allow("knowledge.read")], parts: PartsDep) -> PeriodList:
    """The named periods of the shop, times by its clock."""
    shop = known_shop(who, shop_id, parts)
    own = parts.store.periods.get(shop)
    return _listed(default_periods() if own is None else own, shop, parts, own=own is not None)


@router.put("")
def replace_periods(
    shop_id: str, body: PeriodsBody, who: Annotated[Principal, allow("knowledge.write")], parts: PartsDep
) -> PeriodList:
    """Replace all named periods of the shop."""
    shop = known_shop(who, shop_id, parts)
    parts.store.periods.put(shop, body.periods, who.author)
    return _listed(body.periods, shop, parts, own=True)


def _listed(periods: Sequence[Period], shop: str, parts: Parts, *, own: bool) -> PeriodList:
    zone, now = ZoneInfo(parts.base.snapshot().policy(shop).timezone), parts.suggester.clock()
    told = []
    for period in periods:
        since, until = period.next(now, zone)
        told.append(PeriodDocument(**period.model_dump(), effective_from=since, effective_until=until))
    return PeriodList(periods=told, own=own)
