"""The whole report: what the insight page shows and what is exported."""

from __future__ import annotations

from datetime import date

from assistant.insight.adoption import Adoption, Edits, adoption, edits
from assistant.insight.complaints import RatesByIntent, abstentions, complaints
from assistant.insight.figures import Document, counted
from assistant.insight.gaps import ContextGaps, Gaps, context_gaps, gaps
from assistant.insight.outcomes import NotBuying, Quality, not_buying, quality
from assistant.insight.period import By
from assistant.insight.response_time import ResponseTime, response_time
from assistant.insight.scope import Scope
from assistant.insight.topics import Topics, topics
from assistant.insight.words import words


class Bucket(Document):
    """A part of the trends: its days, and the buyers' turns in it."""

    first: date
    last: date
    turns: int


class Insight(Document):
    """Days are the shop's, both ends counted; `explanation` says why there is nothing, if so."""

    shop_id: str
    timezone: str
    since: date
    until: date
    before_since: date
    before_until: date
    by: By
    item_id: str | None
    turns: int
    turns_before: int
    conversations: int
    explanation: str | None
    buckets: list[Bucket]
    topics: Topics
    complaints: RatesByIntent
    adoption: Adoption
    edits: Edits
    response: ResponseTime
    abstentions: RatesByIntent
    gaps: Gaps
    context_gaps: ContextGaps
    not_buying: NotBuying
    quality: Quality


def insight(scope: Scope, shop_id: str, item_id: str | None, target_s: int) -> Insight:
    """Every part of it."""
    period, before = scope.period, scope.period.before()
    return Insight(
        shop_id=shop_id,
        timezone=period.zone.key,
        since=period.first,
        until=period.last,
        before_since=before.first,
        before_until=before.last,
        by=period.by,
        item_id=item_id,
        turns=len(scope.turns),
        turns_before=len(scope.before),
        conversations=len({turn.conversation for turn in scope.turns if turn.conversation is not None}),
        explanation=None if scope.turns else words().nothing,
        buckets=_buckets(scope),
        topics=topics(scope),
        complaints=complaints(scope),
        adoption=adoption(scope),
        edits=edits(scope),
        response=response_time(scope, target_s),
        abstentions=abstentions(scope),
        gaps=gaps(scope),
        context_gaps=context_gaps(scope),
        not_buying=not_buying(scope),
        quality=quality(scope),
    )


def _buckets(scope: Scope) -> list[Bucket]:
    parts = scope.period.buckets
    counts = counted(map(scope.bucket, scope.turns), len(parts))
    return [Bucket(first=first, last=last, turns=n) for (first, last), n in zip(parts, counts, strict=True)]
