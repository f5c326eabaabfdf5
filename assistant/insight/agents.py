"""Each agent's work, for coaching: adoption, waiting times, and what lint finds in the replies they changed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from datetime import date

from assistant.insight.adoption import mean_distance, outcome_rate
from assistant.insight.figures import Document, Rate, Section, told
from assistant.insight.response_time import Waiting, waiting
from assistant.insight.scope import Scope
from assistant.insight.turns import Turn
from knowledge.compliance import Finding

CHECKED = 300  # changed replies of an agent that are read, the latest
Lint = Callable[[str], Sequence[Finding]]


class FindingCount(Document):
    """A kind of finding, how often, and what was said the last time."""

    category: str
    n: int
    example: str
    reason: str


class AgentRow(Document):
    """One agent; `findings` of `checked` changed replies."""

    agent: str
    turns: int
    adopted: Rate
    as_is: Rate
    edited: Rate
    ignored: Rate
    waiting: Waiting
    mean_distance: float | None
    checked: int
    with_findings: int
    findings: list[FindingCount]


class Agents(Section):
    """Every agent who did something, the busiest first."""

    shop_id: str
    since: date
    until: date
    target_s: int
    rows: list[AgentRow]


def agents(scope: Scope, shop_id: str, target_s: int, lint: Lint) -> Agents:
    """The agents of a period, each against the period before."""
    now, before = _by_agent(scope.turns), _by_agent(scope.before)
    order = sorted(now, key=lambda agent: (-len(now[agent]), agent))
    return Agents(
        **told("agents", filled=bool(now)),
        shop_id=shop_id,
        since=scope.period.first,
        until=scope.period.last,
        target_s=target_s,
        rows=[_row(agent, now[agent], before.get(agent, []), target_s, lint) for agent in order],
    )


def _by_agent(turns: Sequence[Turn]) -> dict[str, list[Turn]]:
    own: dict[str, list[Turn]] = defaultdict(list)
    for turn in turns:
        if turn.agent:
            own[turn.agent].append(turn)
    return own


def _row(agent: str, turns: Sequence[Turn], before: Sequence[Turn], target_s: int, lint: Lint) -> AgentRow:
    texts = [text for turn in turns for text in turn.changed_texts][-CHECKED:]
    found = [lint(text) for text in texts]
    return AgentRow(
        agent=agent,
        turns=len(turns),
        adopted=outcome_rate(turns, before, ["as_is", "edited"]),
        as_is=outcome_rate(turns, before, ["as_is"]),
        edited=outcome_rate(turns, before, ["edited"]),
        ignored=outcome_rate(turns, before, ["ignored"]),
        waiting=waiting(turns, before, target_s),
        mean_distance=mean_distance(turns),
        checked=len(texts),
        with_findings=sum(map(bool, found)),
        findings=_findings([one for each in found for one in each]),
    )


def _findings(found: Sequence[Finding]) -> list[FindingCount]:
    counts = Counter(one.category for one in found)
    latest = {one.category: one for one in found}
    return [
        FindingCount(category=name, n=n, example=latest[name].text, reason=latest[name].reason)
        for name, n in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    ]
