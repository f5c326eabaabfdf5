"""What buyers ask: the share of every topic with its trend, and the topics of every item."""

from __future__ import annotations

from collections import Counter

from assistant.insight.figures import Document, Rate, Section, counted, share, told
from assistant.insight.scope import Scope
from assistant.insight.words import intent_name, phase_name, phase_of

ITEMS, TOPICS_OF_ITEM = 20, 5


class Topic(Document):
    """One topic; `trend` counts its turns in every part of the period."""

    intent: str
    zh: str
    phase: str
    phase_zh: str
    rate: Rate
    trend: list[int]


class TopicOfItem(Document):
    """A topic among those of one item."""

    intent: str
    zh: str
    n: int
    share: float


class ItemTopics(Document):
    """What is asked about one item."""

    item_id: str | None
    title: str
    n: int
    topics: list[TopicOfItem]


class Topics(Section):
    """Topics, the most frequent first, and the items most asked about."""

    rows: list[Topic]
    by_item: list[ItemTopics]


def topics(scope: Scope) -> Topics:
    """The share of every topic that occurred in the period or the one before."""
    now, before = (Counter(turn.intent for turn in turns) for turns in (scope.turns, scope.before))
    order = sorted({*now, *before}, key=lambda code: (-now[code], -before[code], code))
    rows = [_topic(code, scope, now, before) for code in order]
    return Topics(**told("topics", filled=bool(scope.turns)), rows=rows, by_item=_by_item(scope))


def _topic(code: str, scope: Scope, now: Counter[str], before: Counter[str]) -> Topic:
    buckets = (scope.bucket(turn) for turn in scope.turns if turn.intent == code)
    return Topic(
        intent=code,
        zh=intent_name(code),
        phase=phase_of(code),
        phase_zh=phase_name(phase_of(code)),
        rate=Rate.over((now[code], len(scope.turns)), (before[code], len(scope.before))),
        trend=counted(buckets, len(scope.period.buckets)),
    )


def _by_item(scope: Scope) -> list[ItemTopics]:
    asked: dict[str | None, Counter[str]] = {}
    for turn in scope.turns:
        asked.setdefault(turn.item_id, Counter())[turn.intent] += 1
    order = sorted(asked, key=lambda item: (item is None, -asked[item].total(), item or ""))
    return [_item_topics(item, asked[item], scope) for item in order[:ITEMS]]


def _item_topics(item_id: str | None, asked: Counter[str], scope: Scope) -> ItemTopics:
    total = asked.total()
    first = sorted(asked.items(), key=lambda pair: (-pair[1], pair[0]))[:TOPICS_OF_ITEM]
    named = [TopicOfItem(intent=code, zh=intent_name(code), n=n, share=share(n, total)) for code, n in first]
    return ItemTopics(item_id=item_id, title=scope.title(item_id), n=total, topics=named)
