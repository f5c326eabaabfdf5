"""Leaks: what must never be in a suggestion — a placeholder, a blocked wording, a fact that nobody gave.

Facts are judged without the code that makes them: a number, date, size or code in a text must stand in its entry's own
answers, in the request, in the item's or the shop's record, or be a date or a count of days that follows from them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from assistant.response import Suggestion
from eval.result import Leak, LeakKind
from eval.runs import Outcome
from knowledge.compliance import blocks, check_text
from knowledge.snapshot import Snapshot

_TOKEN = re.compile(r"\d+月\d+日|\d+(?:[.:]\d+)*|[A-Za-z][A-Za-z0-9]*")
_MOST_DAYS = 400


def leaks(outcomes: Iterable[Outcome], snapshot: Snapshot, default_shop: str) -> list[Leak]:
    """Every leak of a run, in the order of the cases and their suggestions."""
    return [leak for outcome in outcomes for leak in _of(outcome, snapshot, default_shop)]


def _of(outcome: Outcome, snapshot: Snapshot, default_shop: str) -> Iterator[Leak]:
    shop_id = outcome.case.request.shop_id or default_shop
    for one in outcome.response.suggestions:
        for kind, found in _found(outcome, one, snapshot, shop_id):
            yield Leak(case=outcome.case.id, kind=kind, rank=one.rank, text=one.text, found=sorted(found))


def _found(
    outcome: Outcome, one: Suggestion, snapshot: Snapshot, shop_id: str
) -> Iterator[tuple[LeakKind, Iterable[str]]]:
    if has_placeholder(one):
        yield "placeholder", re.findall(r"\{[^{}]*\}|[{}]", one.text)
    if has_blocked_wording(one):
        yield "blocked", {each.text for each in (*one.warnings, *check_text(one.text)) if blocks((each,))}
    if facts := unsourced(outcome, one, snapshot, shop_id):
        yield "unsourced", facts


def has_placeholder(suggestion: Suggestion) -> bool:
    """Whether a brace was left."""
    return bool(set("{}") & set(suggestion.text))


def has_blocked_wording(suggestion: Suggestion) -> bool:
    """Whether the compliance checker forbids sending it."""
    return blocks(suggestion.warnings) or blocks(check_text(suggestion.text))


def unsourced(outcome: Outcome, suggestion: Suggestion, snapshot: Snapshot, shop_id: str) -> set[str]:
    """The numbers, dates, sizes and codes of the text that come from nowhere."""
    sources = " ".join(_sources(outcome, suggestion, snapshot, shop_id))
    known = set(_TOKEN.findall(sources)) | set(_follow(outcome, snapshot, shop_id))
    plain = {_plain(each) for each in known}
    return {each for each in _TOKEN.findall(suggestion.text) if each not in known and _plain(each) not in plain}


def _sources(outcome: Outcome, suggestion: Suggestion, snapshot: Snapshot, shop_id: str) -> Iterator[str]:
    request = outcome.case.request
    yield request.model_dump_json(exclude={"context": {"now"}})
    for part in suggestion.parts:
        yield " ".join(answer.text for answer in snapshot.entries[part.entry_id].answers)
    yield snapshot.policy(shop_id).model_dump_json()
    item = request.context.item
    stored = snapshot.item(shop_id, item.item_id) if item and item.item_id else None
    if stored:
        yield stored.model_dump_json()
        yield " ".join(other.title for other_id in stored.goes_with if (other := snapshot.item(shop_id, other_id)))


def _follow(outcome: Outcome, snapshot: Snapshot, shop_id: str) -> Iterator[str]:
    """What can be computed: parts of the request's dates by the shop's clock, deadlines after them, days since."""
    policy = snapshot.policy(shop_id)
    zone = ZoneInfo(policy.timezone)
    now = outcome.case.request.context.now
    settings = [value for value in json.loads(policy.model_dump_json()).values() if type(value) is int]
    for moment in _moments(outcome):
        local = moment.astimezone(zone)
        yield from _parts(local)
        for number in settings:
            yield from _parts(local + timedelta(days=min(number, _MOST_DAYS)))
            yield from _parts(local + timedelta(hours=number))
            if now:
                yield str(
                    (local + timedelta(days=min(number, _MOST_DAYS))).date().toordinal()
                    - now.astimezone(zone).date().toordinal()
                )
        if now:
            yield str(abs((now.astimezone(zone).date() - local.date()).days))
            yield str(int(abs((now - moment).total_seconds()) // 3600))
    yield from _converted(outcome)


def _moments(outcome: Outcome) -> Iterable[datetime]:
    order = outcome.case.request.context.order
    return [value for _, value in order or () if isinstance(value, datetime)]


def _parts(moment: datetime) -> list[str]:
    return [f"{moment.month}月{moment.day}日", str(moment.hour), str(moment.minute)]


def _converted(outcome: Outcome) -> Iterator[str]:
    """Measurements as they are read out of the messages: 100斤 is 50kg, 1米6 is 160cm."""
    for value in outcome.response.understanding.slots.values():
        yield f"{value:g}" if isinstance(value, float | int) else str(value)
    yield from ("cm", "kg")


def _plain(token: str) -> str:
    """159.0 is 159, 09:00 is 9:00."""
    return re.sub(r"\.0+$", "", token).lstrip("0").lower()
