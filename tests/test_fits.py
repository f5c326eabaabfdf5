"""Fitted weights agree with scikit-learn and with brute force on tiny data."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score

from models.calibration import Weights, linear
from models.errors import CalibrationUnusable
from models.training.fits import (
    RIDGE,
    best_threshold,
    expected_calibration_error,
    fit_conditional,
    fit_logistic,
    fit_multinomial,
    refit_logistic,
)

Choice = Mapping[str, Mapping[str, float]]
LOOSE, TIGHT = 1e-9, 1e9


def sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x))


def points(n: int, seed: int) -> list[dict[str, float]]:
    return [{"a": float(x), "b": float(y)} for x, y in np.random.default_rng(seed).normal(size=(n, 2))]


def labelled(rows: Sequence[Mapping[str, float]], weights: Weights, seed: int) -> list[bool]:
    dice = np.random.default_rng(seed)
    return [bool(dice.random() < sigmoid(linear(weights, dict(row)))) for row in rows]


def likelihood(weights: Mapping[str, float], choices: Sequence[Choice], chosen: Sequence[Collection[str]]) -> float:
    """Mean log likelihood of a conditional logit, written out."""
    total = 0.0
    for row, picks in zip(choices, chosen, strict=True):
        odds = {code: math.exp(linear(dict(weights), dict(signals))) for code, signals in row.items()}
        total += math.log(sum(odds[pick] for pick in picks) / sum(odds.values()))
    return total / len(choices)


def some_choices(n: int, seed: int) -> tuple[list[Choice], list[list[str]]]:
    """Three alternatives a row, mostly chosen by `a`; in every third row a second one is as acceptable."""
    dice = np.random.default_rng(seed)
    choices: list[Choice] = [
        {code: {"a": float(x), "b": float(y)} for code, (x, y) in zip("pqr", dice.normal(size=(3, 2)), strict=True)}
        for _ in range(n)
    ]
    ordered = [sorted(row, key=lambda code: -row[code]["a"] - float(dice.gumbel())) for row in choices]
    return choices, [order[: 1 + (number % 3 == 0)] for number, order in enumerate(ordered)]


def test_logistic_weights_are_those_of_scikit_learn() -> None:
    rows = points(60, seed=1)
    labels = labelled(rows, {"bias": 0.5, "a": 2.0, "b": -1.0}, seed=2)
    model = LogisticRegression(C=1000.0, tol=1e-8, max_iter=2000).fit([[row["a"], row["b"]] for row in rows], labels)
    expected = {"bias": model.intercept_[0], "a": model.coef_[0][0], "b": model.coef_[0][1]}
    assert fit_logistic(rows, labels) == pytest.approx(expected, abs=0.01)


def test_logistic_finds_the_weights_that_made_the_labels() -> None:
    rows = points(4000, seed=3)
    found = fit_logistic(rows, labelled(rows, {"bias": -0.5, "a": 1.5, "b": 0.0}, seed=4))
    assert found == pytest.approx({"bias": -0.5, "a": 1.5, "b": 0.0}, abs=0.15)


def test_stronger_penalty_gives_smaller_weights() -> None:
    rows = points(40, seed=5)
    labels = labelled(rows, {"a": 3.0}, seed=6)
    assert abs(fit_logistic(rows, labels, c=0.01)["a"]) < abs(fit_logistic(rows, labels)["a"])


@pytest.mark.parametrize("names", [("angry", "neutral"), ("angry", "neutral", "upset")])
def test_multinomial_gives_each_label_the_probability_that_scikit_learn_gives(names: tuple[str, ...]) -> None:
    rows = points(90, seed=7)
    labels = [names[int(number)] for number in np.random.default_rng(8).integers(0, len(names), 90)]
    model = LogisticRegression(C=1000.0, tol=1e-8, max_iter=2000).fit([[row["a"], row["b"]] for row in rows], labels)
    found = fit_multinomial(rows, labels)
    assert set(found) == set(names)
    for row, expected in zip(rows, model.predict_proba([[row["a"], row["b"]] for row in rows]), strict=True):
        odds = {label: math.exp(linear(found[label], row)) for label in names}
        got = [odds[str(label)] / sum(odds.values()) for label in model.classes_]
        assert got == pytest.approx(expected, abs=1e-3)


def test_signals_that_nearly_agree_are_no_trouble() -> None:
    """As those of several heads on one message; a warning of the optimiser, which never settles, is an error here."""
    dice, names = np.random.default_rng(1), list("abcde")
    labels = [str(each) for each in dice.choice(names, 300, p=[0.05, 0.7, 0.1, 0.1, 0.05])]
    opinion = dice.normal(-6, 1, (300, 5))
    for row, label in zip(opinion, labels, strict=True):
        meant = names.index(label) if dice.random() < 0.85 else int(dice.integers(5))
        row[meant] = -0.1
    heads = np.hstack([np.maximum(opinion + dice.normal(0, 0.3, opinion.shape), -9.0) for _ in range(4)])
    rows = [{f"head_{place}": float(value) for place, value in enumerate(each)} for each in heads]
    found = fit_multinomial(rows, labels)
    said = [max(names, key=lambda name: linear(found[name], row)) for row in rows]
    assert np.mean([one == label for one, label in zip(said, labels, strict=True)]) > 0.85


def test_conditional_weights_are_better_than_every_other_on_a_grid() -> None:
    choices, chosen = some_choices(30, seed=9)
    found = fit_conditional(choices, chosen)
    best = likelihood(found, choices, chosen)
    grid = [{"a": a / 4, "b": b / 4} for a, b in product(range(-16, 17), repeat=2)]
    assert best >= max(likelihood(weights, choices, chosen) for weights in grid) - 1e-9
    near = [{"a": found["a"] + da, "b": found["b"] + db} for da, db in product((-0.02, 0, 0.02), repeat=2)]
    assert best >= max(likelihood(weights, choices, chosen) for weights in near) - 1e-7


def test_choice_between_two_is_logistic_regression_on_their_difference() -> None:
    rows = points(80, seed=10)
    labels = labelled(rows, {"a": 1.0, "b": -2.0}, seed=11)
    nothing = {"a": 0.0, "b": 0.0}
    found = fit_conditional(
        [{"yes": row, "no": nothing} for row in rows], [["yes"] if label else ["no"] for label in labels], ridge=0.0
    )
    model = LogisticRegression(C=1e9, fit_intercept=False, max_iter=2000)
    model.fit([[row["a"], row["b"]] for row in rows], labels)
    assert found == pytest.approx(dict(zip("ab", model.coef_[0], strict=True)), abs=1e-2)


def test_of_acceptable_answers_it_does_not_matter_which_is_found() -> None:
    rows: list[Choice] = [
        {"p": {"a": 1.0}, "q": {"a": 0.9}, "r": {"a": 0.0}},
        {"p": {"a": 0.1}, "q": {"a": 0.0}, "r": {"a": 0.8}},
    ]
    everything = fit_conditional(rows, [["p", "q", "r"]] * 2)
    assert everything == pytest.approx({"a": 0.0}, abs=1e-6)
    either, one = (
        fit_conditional(rows, [["p", "q"], ["r"]], ridge=0.01),
        fit_conditional(rows, [["p"], ["r"]], ridge=0.01),
    )
    assert one["a"] > either["a"] > 0  # to raise p above q as well, which is nearly as good, takes more


def test_an_acceptable_answer_that_was_not_offered_counts_nothing() -> None:
    choices, chosen = some_choices(30, seed=12)
    with_others = [[*codes, "elsewhere"] for codes in chosen]
    assert fit_conditional(choices, with_others) == pytest.approx(fit_conditional(choices, chosen))


def test_row_whose_chosen_one_was_not_offered_is_left_out() -> None:
    rows: list[Choice] = [
        {"p": {"a": 1.0}, "q": {"a": 0.0}},
        {"p": {"a": 0.2}, "q": {"a": 0.9}},
        {"p": {"a": 0.3}, "q": {"a": 0.1}, "r": {"a": 0.4}},
    ]
    chosen = [["p"], ["p"], ["q"]]
    with_stray = fit_conditional([*rows, {"p": {"a": 9.0}, "q": {"a": -9.0}}], [*chosen, ["elsewhere"]])
    assert with_stray == pytest.approx(fit_conditional(rows, chosen))


def test_rows_without_any_chosen_one_are_refused_with_the_remedy() -> None:
    with pytest.raises(CalibrationUnusable, match="导入知识"):
        fit_conditional([{"p": {"a": 1.0}}], [["elsewhere"]])


def test_ridge_holds_weights_back_where_the_data_does_not() -> None:
    rows: list[Choice] = [{"p": {"a": 1.0}, "q": {"a": 0.0}}] * 5
    assert 0 < fit_conditional(rows, [["p"]] * 5, ridge=0.1)["a"] < fit_conditional(rows, [["p"]] * 5)["a"]


weights_that_are_there = st.fixed_dictionaries({"a": st.floats(-5, 5), "b": st.floats(-5, 5)})


@settings(max_examples=25, deadline=None)
@given(weights_that_are_there, st.integers(0, 99))
def test_a_huge_ridge_leaves_the_weights_that_are_there(around: Weights, seed: int) -> None:
    choices, chosen = some_choices(20, seed)
    assert fit_conditional(choices, chosen, TIGHT, around) == pytest.approx(around, abs=1e-3)


@settings(max_examples=25, deadline=None)
@given(weights_that_are_there, st.integers(0, 99))
def test_a_tiny_ridge_forgets_where_it_began(around: Weights, seed: int) -> None:
    choices, chosen = some_choices(40, seed)
    wanted, found = fit_conditional(choices, chosen, LOOSE), fit_conditional(choices, chosen, LOOSE, around)
    assert likelihood(found, choices, chosen) == pytest.approx(likelihood(wanted, choices, chosen), abs=1e-4)
    assert found == pytest.approx(wanted, abs=0.1)


@settings(max_examples=25, deadline=None)
@given(weights_that_are_there, st.integers(0, 99), st.sampled_from([1e-4, 1e-2, 1.0]))
def test_new_weights_explain_the_choices_no_worse_than_those_that_were_there(
    around: Weights, seed: int, ridge: float
) -> None:
    choices, chosen = some_choices(20, seed)
    found = fit_conditional(choices, chosen, ridge, around)
    assert likelihood(found, choices, chosen) >= likelihood(around, choices, chosen) - 1e-9


def test_a_large_weight_may_move_further_than_a_small_one() -> None:
    rows: list[Choice] = [{"p": {"large": 1.0, "small": 1.0}, "q": {"large": 0.0, "small": 0.0}}] * 4
    around = {"large": 3.0, "small": 0.0}
    found = fit_conditional(rows, [["q"]] * 4, 0.01, around)
    moved = {name: around[name] - found[name] for name in around}
    # Both may explain the same; the cheapest share of each is in proportion to the square of its size.
    assert moved["large"] / moved["small"] == pytest.approx((3.1 / 0.1) ** 2, rel=0.05)


def test_a_weight_that_was_not_there_begins_at_nothing() -> None:
    choices, chosen = some_choices(20, seed=13)
    assert fit_conditional(choices, chosen, TIGHT, {"a": 2.0}) == pytest.approx({"a": 2.0, "b": 0.0}, abs=1e-3)


@pytest.mark.parametrize("around", [{"bias": 0.5, "a": 2.0, "b": -1.0}, {"bias": -3.0, "a": 0.0, "b": 4.0}])
def test_a_refit_lies_between_what_was_there_and_a_new_fit(around: Weights) -> None:
    rows = points(60, seed=14)
    labels = labelled(rows, {"bias": 0.5, "a": 1.0, "b": 1.0}, seed=15)
    assert refit_logistic(rows, labels, around, TIGHT) == pytest.approx(around, abs=1e-3)
    anew = fit_logistic(rows, labels, c=TIGHT)
    assert refit_logistic(rows, labels, around, LOOSE) == pytest.approx(anew, abs=0.02)
    between = refit_logistic(rows, labels, around, RIDGE * 1e4)

    def away(weights: Weights, others: Weights) -> float:
        return math.dist([weights[name] for name in others], list(others.values()))

    assert away(between, anew) < away(around, anew)
    assert away(between, around) < away(anew, around)


def error_by_hand(pairs: Sequence[tuple[float, bool]]) -> float:
    total = 0.0
    for low in range(10):
        inside = [(p, y) for p, y in pairs if low / 10 <= p < (low + 1) / 10 or (low == 9 and p == 1.0)]
        if inside:
            gap = sum(p for p, _ in inside) / len(inside) - sum(y for _, y in inside) / len(inside)
            total += abs(gap) * len(inside) / len(pairs)
    return total


# Quarters of a bin, away from the borders, where a float may fall on either side.
confidences = st.integers(0, 39).map(lambda step: (step + 0.5) / 40) | st.just(1.0)


@settings(deadline=None)
@given(st.lists(st.tuples(confidences, st.booleans()), min_size=1, max_size=40))
def test_calibration_error_is_the_weighted_gap_of_the_bins(pairs: list[tuple[float, bool]]) -> None:
    found = expected_calibration_error([p for p, _ in pairs], [y for _, y in pairs])
    assert found == pytest.approx(error_by_hand(pairs))
    assert 0 <= found <= 1


def test_calibration_error_of_honest_and_of_boastful_confidence() -> None:
    assert expected_calibration_error([0.75] * 4, [True, True, True, False]) == 0
    assert expected_calibration_error([1.0] * 4, [False] * 4) == 1
    assert expected_calibration_error([], []) == 0


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=2, max_size=30))
def test_no_other_threshold_has_a_higher_f1(pairs: list[tuple[float, bool]]) -> None:
    p, y = [p for p, _ in pairs], [y for _, y in pairs]
    chosen = best_threshold(p, y)

    def f1(threshold: float) -> float:
        return float(f1_score(y, [each >= threshold for each in p], zero_division=0.0))

    assert 0.05 <= chosen <= 0.95
    scores = {step / 20: f1(step / 20) for step in range(1, 20)}
    assert scores[chosen] >= max(scores.values()) - 0.01
    assert all(score < max(scores.values()) - 0.01 for step, score in scores.items() if step < chosen)
