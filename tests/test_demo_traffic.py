"""The made month: a shop that looks used, and whose figures insight can read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from assistant.service.wiring import open_parts
from eval.demo.__main__ import fill
from eval.demo.scripts import scripts
from models.intents import intents
from tests.small_knowledge import settings_over

pytest_plugins = ["tests.service_fixtures"]
UNTIL = datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_days_of_traffic_with_all_that_insight_shows(starter_data: Path) -> None:
    with open_parts(settings_over(starter_data)) as parts:
        turns = fill(parts, days=4, a_day=40, until=UNTIL)
        since = UNTIL - timedelta(days=5)
        responses = parts.store.insight.responses("demo", since, UNTIL + timedelta(days=1))
        feedback = parts.store.insight.feedback("demo", since, UNTIL + timedelta(days=1))
        assert len(responses) == turns > 150
        assert {one.at.date() for one in responses} >= {(UNTIL - timedelta(days=n)).date() for n in range(3)}
        assert len({one.intent for one in responses}) > 20
        assert all(one.intent in intents() for one in responses)
        assert {one.agent for one in responses} == {agent.name for agent in scripts().agents}
        assert {one.action for one in feedback} >= {"shown", "inserted", "sent", "edited"}
        assert any(one.complaint for one in responses)
        assert any(one.missing for one in responses)
        assert parts.store.insight.ordered("demo", since)


def test_items_of_the_scripts_are_in_the_starter_knowledge(starter_data: Path) -> None:
    with open_parts(settings_over(starter_data)) as parts:
        known = {item for _, item in parts.base.snapshot().items}
    assert {item for script in scripts().scripts for item in script.items} <= known
