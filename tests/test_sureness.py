"""Confidence against what came true: hand-counted cases, and properties that hold for any run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.runs import Outcome
from eval.sureness import (
    MOST_POINTS,
    answering_score,
    area,
    calibration_error,
    first_confidence,
    out_of_scope,
    reliability,
    risk_coverage,
)
from models.training.fits import expected_calibration_error
from tests.outcomes import outcome, suggestion


def turn(confidence: float, *, right: bool = True, outside: bool = False) -> Outcome:
    """A turn that is answered, the system being as sure of an answer as of the first suggestion."""
    wanted = "other.chitchat" if outside else "pre.size" if right else "pre.color"
    return answerable(outcome(suggestion("pre.size", confidence=confidence), intents=(wanted,)), confidence)


def silent(score: float = 0.0, *, outside: bool = False) -> Outcome:
    wanted = ("other.chitchat",) if outside else ("pre.size",)
    held = suggestion("flow.wait", fallback=True, confidence=0.0)
    return answerable(outcome(held, intents=wanted, abstained=True), score)


def answerable(turn: Outcome, score: float) -> Outcome:
    """The turn with this probability that the knowledge has an answer."""
    understanding = turn.response.understanding.model_copy(update={"answerable": score})
    return replace(turn, response=turn.response.model_copy(update={"understanding": understanding}))


TURNS = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=30)


def test_a_bin_holds_its_lower_edge_and_the_last_one_holds_certainty() -> None:
    bins = reliability([turn(0.3), turn(0.39, right=False), turn(1.0)])
    assert [each.n for each in bins] == [0, 0, 0, 2, 0, 0, 0, 0, 0, 1]
    assert (bins[3].low, bins[3].high, bins[3].accuracy) == (0.3, 0.4, 0.5)
    assert bins[3].confidence == pytest.approx(0.345)
    assert bins[0].confidence is None


def test_the_calibration_error_is_the_gap_weighted_by_turns() -> None:
    bins = reliability([turn(0.3), turn(0.35, right=False), turn(0.95)])
    assert calibration_error(bins) == pytest.approx((2 * abs(0.325 - 0.5) + 1 * abs(0.95 - 1)) / 3)
    assert calibration_error(reliability([])) is None


def test_silence_and_what_readers_did_not_agree_on_are_in_no_bin() -> None:
    unsure = outcome(suggestion(), intents=None)
    assert sum(each.n for each in reliability([silent(), unsure, turn(0.5)])) == 1


@settings(deadline=None, max_examples=40)
@given(TURNS)
def test_the_calibration_error_is_that_of_the_fitting(pairs: list[tuple[float, bool]]) -> None:
    error = calibration_error(reliability([turn(sure, right=right) for sure, right in pairs]))
    # The fitting counts a value on an edge to the bin below; away from edges the two are one.
    if all(abs(sure * 10 - round(sure * 10)) > 1e-9 for sure, _ in pairs):
        wanted = expected_calibration_error([sure for sure, _ in pairs], [right for _, right in pairs])
        assert error == pytest.approx(wanted, abs=1e-5)


def test_the_curve_says_what_answering_only_the_surest_would_bring() -> None:
    points = risk_coverage([turn(0.9), turn(0.8, right=False), turn(0.8), silent()])
    assert [(each.coverage, each.threshold) for each in points] == [(0.25, 0.9), (0.75, 0.8)]
    assert [each.risk for each in points] == pytest.approx([0, 1 / 3], abs=1e-6)
    assert area(points) == pytest.approx((0.25 * 0 + 0.5 / 3) / 0.75, abs=1e-5)


@settings(deadline=None, max_examples=40)
@given(TURNS)
def test_coverage_rises_to_the_share_answered_and_risk_ends_at_the_share_wrong(pairs: list[tuple[float, bool]]) -> None:
    points = risk_coverage([turn(sure, right=right) for sure, right in pairs])
    coverages = [each.coverage for each in points]
    assert coverages == sorted(set(coverages))
    assert coverages[-1] == 1
    assert points[-1].risk == pytest.approx(sum(not right for _, right in pairs) / len(pairs), abs=1e-6)
    assert [each.threshold for each in points] == sorted((each.threshold for each in points), reverse=True)


def test_a_long_curve_is_thinned_and_keeps_its_ends() -> None:
    points = risk_coverage([turn(number / 1000) for number in range(1000)])
    assert len(points) == MOST_POINTS
    assert (points[0].threshold, points[-1].threshold, points[-1].coverage) == (0.999, 0, 1)


def test_a_curve_of_nothing_is_empty() -> None:
    assert risk_coverage([silent()]) == []
    assert area([]) is None


def scope(*turns: Outcome) -> tuple[float | None, float | None, float | None]:
    found = out_of_scope(turns)
    return found.auroc, found.answered, found.answered_at_95


def test_out_of_scope_is_told_by_the_answering_score() -> None:
    inside = [turn(0.9), turn(0.8), turn(0.7), turn(0.5)]
    outside = [turn(0.6, outside=True), silent(outside=True)]
    # Of 8 pairs only (0.5, 0.6) is in the wrong order; the threshold that all inside reach is 0.5.
    assert scope(*inside, *outside) == (7 / 8, 0.5, 0.5)


def test_a_system_that_is_silent_inside_too_often_gets_no_credit_for_it() -> None:
    inside = [turn(0.9)] * 9 + [silent()]
    found = out_of_scope([*inside, turn(0.1, outside=True), silent(outside=True)])
    assert (found.threshold_at_95, found.answered_at_95, found.answered) == (0, 1, 0.5)


def test_a_tag_says_outside_only_where_no_label_says_what_the_message_is_about() -> None:
    unlabelled = outcome(suggestion(), intents=None)
    tagged = [replace(each, case=replace(each.case, tags=("outside",))) for each in (unlabelled, turn(0.9))]
    found = out_of_scope([answerable(tagged[0], 0.25), tagged[1], unlabelled])
    assert (found.inside, found.outside, found.auroc) == (1, 1, 1)


@pytest.mark.parametrize("turns", [[], [turn(0.5)], [turn(0.5, outside=True)]])
def test_without_both_sorts_there_is_nothing_to_tell_apart(turns: Sequence[Outcome]) -> None:
    assert out_of_scope(turns).auroc is None


def test_the_answering_score_is_the_probability_that_there_is_an_answer() -> None:
    doubtful = answerable(turn(0.9), 0.25)
    assert (answering_score(doubtful), first_confidence(doubtful)) == (0.25, 0.9)
    assert (answering_score(silent(0.4)), first_confidence(silent(0.4))) == (0.4, 0)


def test_the_curve_and_the_bins_go_by_the_first_confidence_and_the_scope_by_the_answering_score() -> None:
    turns = [answerable(turn(0.9, right=False), 0.2), answerable(turn(0.3), 0.8)]
    assert [(each.threshold, each.risk) for each in risk_coverage(turns)] == [(0.9, 1), (0.3, 0.5)]
    assert [each.n for each in reliability(turns)] == [0, 0, 0, 1, 0, 0, 0, 0, 0, 1]
    found = out_of_scope([*turns, answerable(turn(0.99, outside=True), 0.1)])
    assert (found.auroc, found.threshold_at_95, found.answered_at_95) == (1, 0.2, 0)
