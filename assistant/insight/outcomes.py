"""Where conversations end: before buying, and why; and which items have trouble with their quality."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence
from datetime import datetime, timedelta

from assistant.insight.figures import Document, Rate, Section, share, told
from assistant.insight.scope import Scope
from assistant.insight.turns import Turn
from assistant.insight.words import intent_name, phase_of, words

QUIET = timedelta(hours=2)  # a conversation that was talked in lately has not ended
ITEMS = 20
_BEFORE, _BOUGHT = "pre_sale", ("in_sale", "after_sale")


class Reason(Document):
    """What the last question of some conversations was about; `part` of all that ended so."""

    intent: str
    zh: str
    n: int
    part: float
    before: float | None


class ItemCount(Document):
    """An item and how many conversations about it."""

    item_id: str | None
    title: str
    n: int


class NotBuying(Section):
    """Conversations that ended before buying, among those with a question before buying."""

    rate: Rate
    rows: list[Reason]
    items: list[ItemCount]


class QualityOfItem(Document):
    """One item: `rate` of its conversations have such an issue; `issues` counts them by intent."""

    item_id: str | None
    title: str
    rate: Rate
    issues: dict[str, int]


class Quality(Section):
    """`intents` are the issues in the order of the columns."""

    intents: dict[str, str]
    rate: Rate
    rows: list[QualityOfItem]


def not_buying(scope: Scope) -> NotBuying:
    """Why conversations ended without an order, as far as their last question tells."""
    asked, lost = _ended(scope.turns, scope)
    compares = scope.period.before().start >= scope.orders_since
    asked_before, lost_before = _ended(scope.before if compares else (), scope)
    reasons, reasons_before = (Counter(turn.intent for turn in each) for each in (lost, lost_before))
    items = Counter(turn.item_id for turn in lost)
    return NotBuying(
        **told("not_buying", filled=bool(lost)),
        rate=Rate.over((len(lost), asked), (len(lost_before), asked_before)),
        rows=[
            Reason(intent=code, zh=intent_name(code), n=n, part=share(n, len(lost)),
                   before=share(reasons_before[code], len(lost_before)) if lost_before else None)
            for code, n in sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0]))
        ],
        items=[ItemCount(item_id=item, title=scope.title(item), n=n)
               for item, n in sorted(items.items(), key=lambda pair: (-pair[1], pair[0] or ""))[:ITEMS]],
    )  # fmt: skip


def bought(turns: Sequence[Turn]) -> frozenset[str]:
    """The conversations in which something is said that only buyers who have ordered say."""
    return frozenset(turn.conversation for turn in turns if turn.conversation and phase_of(turn.intent) in _BOUGHT)


def _ended(turns: Sequence[Turn], scope: Scope) -> tuple[int, list[Turn]]:
    """How many conversations asked before buying, and the last telling turn of those that ended there."""
    talks: dict[str, list[Turn]] = defaultdict(list)
    for turn in turns:
        if turn.conversation is not None:
            talks[turn.conversation].append(turn)
    known = {name: talk for name, talk in talks.items() if talk[-1].at >= scope.orders_since}
    asked = {name: talk for name, talk in known.items() if any(phase_of(turn.intent) == _BEFORE for turn in talk)}
    done = scope.ordered | bought(turns)
    ends = (_end(talk, scope.now) for name, talk in asked.items() if name not in done)
    return len(asked), [turn for turn in ends if turn is not None]


def _end(talk: Sequence[Turn], now: datetime) -> Turn | None:
    """The question that a conversation stopped at; None when it goes on, or ends otherwise."""
    telling = [turn for turn in talk if phase_of(turn.intent) in words().telling_phases]
    is_over = talk[-1].at <= now - QUIET
    return telling[-1] if is_over and phase_of(telling[-1].intent) == _BEFORE else None


def quality(scope: Scope) -> Quality:
    """Items by how many conversations tell of trouble with their quality."""
    now, before = _issues(scope.turns), _issues(scope.before)
    talks, talks_before = _talks(scope.turns), _talks(scope.before)
    rows = [
        QualityOfItem(
            item_id=item,
            title=scope.title(item),
            rate=Rate.over(
                (len(_all(issues)), len(talks[item])), (len(_all(before.get(item, {}))), len(talks_before[item]))
            ),
            issues={code: len(issues[code]) for code in words().quality_intents if issues.get(code)},
        )
        for item, issues in sorted(now.items(), key=lambda pair: (-len(_all(pair[1])), pair[0] or ""))
    ]
    return Quality(
        **told("quality", filled=bool(rows)),
        intents={code: intent_name(code) for code in words().quality_intents},
        rate=Rate.over(_with_issue(now, talks), _with_issue(before, talks_before)),
        rows=rows[:ITEMS],
    )


Talks = dict[str | None, set[Hashable]]
Issues = dict[str | None, dict[str, set[Hashable]]]


def _issues(turns: Sequence[Turn]) -> Issues:
    """The conversations with each issue of each item."""
    found: Issues = {}
    for turn in turns:
        if turn.intent in words().quality_intents:
            found.setdefault(turn.item_id, {}).setdefault(turn.intent, set()).add(_talk(turn))
    return found


def _talks(turns: Sequence[Turn]) -> Talks:
    talks: Talks = defaultdict(set)
    for turn in turns:
        talks[turn.item_id].add(_talk(turn))
    return talks


def _talk(turn: Turn) -> Hashable:
    """The conversation; a turn that names none is one by itself."""
    return turn.conversation if turn.conversation is not None else id(turn)


def _all(issues: dict[str, set[Hashable]]) -> set[Hashable]:
    return set().union(*issues.values())


def _with_issue(issues: Issues, talks: Talks) -> tuple[int, int]:
    whole: set[Hashable] = set().union(*talks.values())
    return len(set().union(*map(_all, issues.values()))), len(whole)
