"""Plots: inline SVG in the page's colours, with every number and name of the data, the same every time."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from eval.plots import ACCENT, MOST_CODES, WARM, at_threshold, confusion_plot, coverage_plot, reliability_plot
from eval.result import Bin, Confusion, CoveragePoint

BINS = [
    Bin(low=0.0, high=0.1, n=0, confidence=None, accuracy=None),
    Bin(low=0.4, high=0.5, n=37, confidence=0.44, accuracy=0.5),
    Bin(low=0.9, high=1.0, n=411, confidence=0.96, accuracy=1.0),
]
POINTS = [CoveragePoint(coverage=0.3, risk=0.0, threshold=0.9), CoveragePoint(coverage=0.9, risk=0.2, threshold=0.4)]
PAIRS = [Confusion(wanted="pre.size", got="pre.stock", n=5), Confusion(wanted="after.return", got="silence", n=2)]
NAMES = {"pre.size": "尺码<选择>", "pre.stock": "库存", "after.return": "退货", "silence": "（不作回复）"}


def every_plot() -> dict[str, str]:
    return {
        "reliability": reliability_plot(BINS, "把握"),
        "coverage": coverage_plot(POINTS, [0.1, 0.6], {ACCENT: 0.9, WARM: 0.3}, "覆盖"),
        "coverage_inside_only": coverage_plot(POINTS, [], {ACCENT: 0.9}, "覆盖"),
        "confusion": confusion_plot(PAIRS, NAMES, "混淆"),
    }


def texts(svg: str) -> list[str]:
    root = ElementTree.fromstring(svg.replace("<svg", '<svg xmlns:xlink="x"', 1))  # noqa: S314 - our own drawing
    return [each.text or "" for each in root.iter("text")]


@pytest.mark.parametrize("name", every_plot())
def test_a_plot_is_well_formed_and_refers_to_nothing_outside(name: str) -> None:
    svg = every_plot()[name]
    assert texts(svg)
    assert svg.startswith('<svg role="img" aria-label=')
    assert not re.search(r"https?:|<image|<!DOCTYPE|<metadata", svg)


@pytest.mark.parametrize("name", every_plot())
def test_every_colour_is_one_of_the_page(name: str) -> None:
    colours = set(re.findall(r"(?:fill|stroke): ([^;\"]+)", every_plot()[name]))
    assert {each for each in colours if not each.startswith("var(--") and each != "none"} == set()


def test_the_same_data_give_the_same_drawing() -> None:
    assert every_plot() == every_plot()


def test_reliability_tells_the_count_of_every_bin_that_has_turns() -> None:
    told = texts(reliability_plot(BINS, "把握"))
    assert {"37", "411", "100%"} <= set(told)
    assert told.count("0") <= 1  # the scale's own, none for the empty bin


def test_coverage_has_a_line_for_every_mark_in_every_panel() -> None:
    marked = coverage_plot(POINTS, [0.1, 0.6], {ACCENT: 0.9, WARM: 0.3}, "覆盖")
    assert len(re.findall(r"stroke: var\(--warm\)", marked)) == 2
    assert len(re.findall(r"stroke: var\(--accent\)", marked)) == 2


def test_confusions_are_named_for_people_and_counted() -> None:
    told = texts(confusion_plot(PAIRS, NAMES, "混淆"))
    assert set(told) == {"尺码<选择>", "库存", "退货", "（不作回复）", "5", "2"}


def test_the_heat_map_keeps_the_worst_pairs_that_have_room() -> None:
    pairs = [Confusion(wanted=f"w.{n:02}", got=f"g.{n:02}", n=90 - n) for n in range(20)]
    told = texts(confusion_plot(pairs, {}, "混淆"))
    assert f"w.{MOST_CODES - 1:02}" in told
    assert f"w.{MOST_CODES:02}" not in told


def test_a_label_is_text_not_markup() -> None:
    assert 'aria-label="&lt;b&gt;&quot;"' in reliability_plot(BINS, '<b>"')


@pytest.mark.parametrize(("threshold", "coverage"), [(0.95, None), (0.9, 0.3), (0.5, 0.3), (0.4, 0.9), (0.0, 0.9)])
def test_the_point_of_a_threshold_answers_nothing_below_it(threshold: float, coverage: float | None) -> None:
    point = at_threshold(POINTS, threshold)
    assert (point.coverage if point else None) == coverage
