"""Ranking: likeliest topic first, closest entry within it, confidences that are probabilities."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.ranking import SIGNALS, Ranked, rank, reply_signals
from knowledge.entries import Entry
from knowledge.retriever import Candidate
from models.calibration import Calibration, load_calibration
from models.encoder import Encoder
from models.intents import intents
from tests.entry_examples import draft

NOW = datetime(2026, 11, 21, tzinfo=UTC)
BUYERS = sorted(code for code, intent in intents().items() if intent.voice == "buyer")


@pytest.fixture(scope="module")
def calibration(encoder: Encoder) -> Calibration:
    return load_calibration(encoder.id)


def candidate(
    entry_id: str, intent: str, dense: float = 0.9, lexical: float = 0.5, answer: float = 0.8, **fields: Any
) -> Candidate:
    entry = Entry.model_validate({**draft(entry_id, intent=intent, **fields).model_dump(), "version": 1})
    return Candidate(entry, entry.title, dense, lexical, answer, 0.0)


def ids(ranked: list[Ranked]) -> list[str]:
    return [each.entry.id for each in ranked]


def test_nothing_in_is_nothing_out(calibration: Calibration) -> None:
    assert rank([], {}, calibration) == []


def test_the_likelier_topic_comes_first_though_another_entry_looks_alike(calibration: Calibration) -> None:
    likely, unlikely = candidate("a", "after.return", dense=0.9), candidate("b", "pre.size", dense=0.91)
    ranked = rank([unlikely, likely], {"after.return": 0.95, "pre.size": 0.05}, calibration)
    assert ids(ranked) == ["a", "b"]
    assert ranked[0].confidence > ranked[1].confidence


def test_within_a_topic_the_closest_entry_comes_first(calibration: Calibration) -> None:
    far, near = candidate("a", "pre.invoice", dense=0.88), candidate("b", "pre.invoice", dense=0.97)
    assert ids(rank([far, near], {"pre.invoice": 0.9}, calibration)) == ["b", "a"]


@pytest.mark.parametrize(
    "fields",
    [
        {"items": ["dress-001"]},
        {"effective_until": NOW},
        {"effective_from": NOW},
        {"shop_id": "demo"},
        {"authority": "platform"},
    ],
)
def test_of_two_that_match_alike_the_more_particular_comes_first(
    calibration: Calibration, fields: dict[str, Any]
) -> None:
    plain, particular = candidate("a", "pre.freight"), candidate("b", "pre.freight", **fields)
    assert ids(rank([plain, particular], {"pre.freight": 0.9}, calibration)) == ["b", "a"]


def test_a_platform_rule_goes_before_shop_policy_and_that_before_a_phrase(calibration: Calibration) -> None:
    alike = [candidate(name, "after.return", authority=name) for name in ("phrase", "shop", "platform")]
    assert ids(rank(alike, {"after.return": 0.9}, calibration)) == ["platform", "shop", "phrase"]


def test_equals_come_in_the_order_of_their_ids(calibration: Calibration) -> None:
    alike = [candidate(name, "flow.greeting") for name in ("c", "a", "b")]
    assert ids(rank(alike, {"flow.greeting": 0.9}, calibration)) == ["a", "b", "c"]


def test_what_only_the_agent_opens_is_no_answer_to_a_buyer(calibration: Calibration) -> None:
    assert rank([candidate("a", "order.pay_reminder")], {}, calibration) == []


def test_the_signals_say_why(calibration: Calibration) -> None:
    one = rank([candidate("a", "pre.size", 0.9, 0.4, 0.7)], {"pre.size": 0.5}, calibration)[0]
    assert (one.signals["dense"], one.signals["lexical"], one.signals["answer"]) == (0.9, 0.4, 0.7)
    assert one.signals["intent"] == pytest.approx(0.0)
    assert one.signals["dense_gap"] == 0.0


def test_a_certain_or_unknown_intent_has_finite_odds() -> None:
    for known in ({"pre.size": 1.0}, {"pre.size": 0.0}, {}):
        (row,) = reply_signals([candidate("a", "pre.size")], known)
        assert abs(row[SIGNALS.index("intent")]) < 10


cosines = st.floats(-1, 1)
shares = st.floats(0, 1)
rivals = st.lists(st.tuples(st.sampled_from(BUYERS), cosines, shares, cosines), min_size=1, max_size=12)


@given(rivals, st.dictionaries(st.sampled_from(BUYERS), shares))
def test_any_candidates_are_grouped_by_topic_best_first(
    calibration: Calibration, signals: list[tuple[str, float, float, float]], intent_of: dict[str, float]
) -> None:
    candidates = [candidate(f"e{i:02d}", *values) for i, values in enumerate(signals)]
    ranked = rank(candidates, intent_of, calibration)
    assert sorted(ids(ranked)) == sorted(each.entry.id for each in candidates)
    assert all(0.0 <= each.confidence <= 1.0 for each in ranked)
    best = {each.entry.intent: 0.0 for each in ranked}
    for each in ranked:
        best[each.entry.intent] = max(best[each.entry.intent], each.confidence)
    for one, other in pairwise(ranked):
        if one.entry.intent == other.entry.intent:
            assert one.match >= other.match
        else:
            assert best[one.entry.intent] >= best[other.entry.intent]
    assert ids(rank(candidates[::-1], intent_of, calibration)) == ids(ranked)


def test_in_the_middle_of_a_conversation_nothing_is_as_sure_and_the_order_stays(calibration: Calibration) -> None:
    rivals = [candidate("a", "pre.size"), candidate("b", "pre.stock")]
    intent_of = {"pre.size": 0.6, "pre.stock": 0.3}
    first, later = (rank(rivals, intent_of, calibration, begun=begun) for begun in (False, True))
    assert ids(first) == ids(later)
    assert all(one.confidence > other.confidence for one, other in zip(first, later, strict=True))
