"""Metrics have names for people, and values are written as people read them."""

from __future__ import annotations

import pytest

from eval.metric_names import NOTHING, metric_names
from eval.ranked import RETRIEVAL_MEASURES, TOPIC_MEASURES


@pytest.mark.parametrize(
    ("name", "value", "written"),
    [
        ("success_at_1", 0.8166, "81.7%"),
        ("complaint_f1", 0.8304, "0.830"),
        ("turns", 449.0, "449"),
        ("leaks", 0.0, "0"),
        ("scope_auroc", None, NOTHING),
    ],
)
def test_a_value_is_written_as_its_metric_is(name: str, value: float | None, written: str) -> None:
    assert metric_names()[name].written(value) == written


def test_every_measure_is_named_once_and_in_chinese() -> None:
    assert {*TOPIC_MEASURES, *RETRIEVAL_MEASURES} <= set(metric_names())
    names = [each.zh for each in metric_names().values()]
    assert len(set(names)) == len(names)


def test_which_way_is_better_is_known_of_everything_but_counts() -> None:
    undecided = {name for name, each in metric_names().items() if each.better == "none"}
    assert undecided == {"turns", "queries", "abstained"}
    assert metric_names()["calibration_error"].better == "down"
