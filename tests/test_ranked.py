"""Measures of ranked lists, against values computed by hand from their definitions."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.ranked import RETRIEVAL_MEASURES, TOPIC_MEASURES, as_scores, measured, measured_each

QRELS = {"a": {"x": 2, "y": 1}, "b": {"z": 1}}
RUN = {"a": as_scores(["n", "x", "y"]), "b": as_scores(["n", "m", "k", "z"])}


def test_ndcg_recall_and_success_are_those_of_their_definitions() -> None:
    found = measured(RETRIEVAL_MEASURES, QRELS, RUN)
    first = (2 / math.log2(3) + 1 / math.log2(4)) / (2 / math.log2(2) + 1 / math.log2(3))
    second = 1 / math.log2(5)
    assert found["ndcg_at_10"] == pytest.approx((first + second) / 2)
    assert found["rr_at_10"] == pytest.approx((1 / 2 + 1 / 4) / 2)
    assert [found[f"success_at_{k}"] for k in (1, 3, 10)] == [0, 0.5, 1]
    assert found["recall_at_100"] == 1


def test_a_query_that_found_nothing_counts_as_nothing() -> None:
    assert measured(TOPIC_MEASURES, QRELS, {"a": as_scores(["x"])})["success_at_1"] == 0.5
    assert measured_each(RETRIEVAL_MEASURES["ndcg_at_10"], QRELS, {"b": as_scores(["z"])}) == {"a": 0.0, "b": 1.0}
    assert measured(TOPIC_MEASURES, QRELS, {}) == dict.fromkeys(TOPIC_MEASURES, 0.0)


def test_a_document_that_is_judged_to_be_irrelevant_is_no_hit() -> None:
    assert measured(TOPIC_MEASURES, {"a": {"x": 0, "y": 1}}, {"a": as_scores(["x", "y"])})["success_at_1"] == 0


@settings(deadline=None)
@given(st.lists(st.sampled_from("abcdefgh"), unique=True, max_size=8), st.sampled_from("abcdefgh"))
def test_scores_keep_the_order_of_their_list(ranking: list[str], wanted: str) -> None:
    found = measured(TOPIC_MEASURES, {"q": {wanted: 1}}, {"q": as_scores(ranking)})
    place = ranking.index(wanted) + 1 if wanted in ranking else None
    assert found["rr_at_10"] == (pytest.approx(1 / place) if place else 0)
    assert found["success_at_3"] == (place is not None and place <= 3)
