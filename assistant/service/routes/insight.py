"""Insight: what the records of a shop say, for quality inspectors and admins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query, Response

from assistant.insight.agents import Agents, agents
from assistant.insight.export import as_csv, as_markdown
from assistant.insight.outcomes import bought
from assistant.insight.period import By, Period
from assistant.insight.report import Insight, insight
from assistant.insight.scope import Scope
from assistant.insight.turns import turns_of
from assistant.linting import lint
from assistant.service.access import Principal, allow
from assistant.service.deps import PartsDep, known_shop
from assistant.service.files import as_file
from knowledge.context import Context

router = APIRouter(prefix="/v1/insight", tags=["insight"])
_LATER = timedelta(days=1)  # in which agents answer what came in on the last day


@dataclass(frozen=True, slots=True)
class Asked:
    """What a report is to be about."""

    shop_id: str
    item_id: str | None
    scope: Scope
    target_s: int


def _asked(
    who: Annotated[Principal, allow("insight")],
    parts: PartsDep,
    shop_id: str | None = None,
    since: Annotated[
        date | None, Query(description="First day in the shop's time zone; default six before the last")
    ] = None,
    until: Annotated[date | None, Query(description="Last day, counted; default today")] = None,
    item_id: Annotated[str | None, Query(description="Only what is asked about this item")] = None,
    by: Annotated[By | None, Query(description="How trends are cut; default by the days asked for")] = None,
) -> Asked:
    shop = known_shop(who, shop_id, parts)
    snapshot, now = parts.base.snapshot(), datetime.now(UTC)
    period = Period.of(since, until, ZoneInfo(snapshot.policy(shop).timezone), now, by)
    before, records = period.before(), parts.store.insight
    # A turn that midnight cuts in two is read whole, and who bought the next morning has bought.
    responses = records.responses(shop, before.start, period.end + _LATER)
    everything = turns_of(responses, records.feedback(shop, before.start, period.end + 2 * _LATER))
    turns = [turn for turn in everything if turn.at < period.end and (not item_id or turn.item_id == item_id)]
    scope = Scope(
        period,
        tuple(turn for turn in turns if turn.at >= period.start),
        tuple(turn for turn in turns if turn.at < period.start),
        records.ordered(shop, before.start) | bought(everything),
        now - timedelta(days=parts.settings.conversation_days),
        {item: found for (owner, item), found in snapshot.items.items() if owner == shop},
        now,
    )
    return Asked(shop, item_id or None, scope, parts.settings.reply_target_s)


AskedDep = Annotated[Asked, Depends(_asked)]


@router.get("", dependencies=[allow("insight")])
def read_insight(asked: AskedDep) -> Insight:
    """Every part of the report; of nothing, zeros and why."""
    return _report(asked)


@router.get("/agents", dependencies=[allow("insight")])
def read_agents(asked: AskedDep, parts: PartsDep) -> Agents:
    """Each agent's adoption, waiting times, and what lint finds in the replies they changed."""
    policy = parts.base.snapshot().policy(asked.shop_id)
    return agents(asked.scope, asked.shop_id, asked.target_s, lambda text: lint(text, policy, Context(), None))


@router.get(
    "/export",
    dependencies=[allow("insight")],
    responses={200: {"content": {"text/csv": {}, "text/markdown": {}}}},
    response_class=Response,
)
def export_insight(
    asked: AskedDep,
    format: Literal["csv", "md"] = "csv",  # noqa: A002 - the name in the address
) -> Response:
    """The report as a file: tables for a spreadsheet, or a document."""
    report = _report(asked)
    if format == "csv":
        return as_file(as_csv(report), "text/csv; charset=utf-8", _name(report, "csv"))
    return as_file(as_markdown(report).encode(), "text/markdown; charset=utf-8", _name(report, "md"))


def _report(asked: Asked) -> Insight:
    return insight(asked.scope, asked.shop_id, asked.item_id, asked.target_s)


def _name(report: Insight, suffix: str) -> str:
    return f"洞察-{report.since}-{report.until}.{suffix}"
