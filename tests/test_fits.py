"""Fitted weights agree with scikit-learn and with brute force on tiny data."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score

from models.calibration import Weights, linear
from models.training.fits import (
    best_threshold,
    expected_calibration_error,
    fit_conditional,
    fit_logistic,
    fit_multinomial,
)

Choice = Mapping[str, Mapping[str, float]]


def sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x))


def points(n: int, seed: int) -> list[dict[str, float]]:
    return [{"a": float(x), "b": float(y)} for x, y in np.random.default_rng(seed).normal(size=(n, 2))]


def labelled(rows: Sequence[Mapping[str, float]], weights: Weights, seed: int) -> list[bool]:
    dice = np.random.default_rng(seed)
    return [bool(dice.random() < sigmoid(linear(weights, dict(row)))) for row in rows]


def likelihood(weights: Mapping[str, float], choices: Sequence[Choice], chosen: Sequence[str]) -> float:
    """Mean log likelihood of a conditional logit, written out."""
    total = 0.0
    for row, pick in zip(choices, chosen, strict=True):
        odds = {code: math.exp(linear(dict(weights), dict(signals))) for code, signals in row.items()}
        total += math.log(odds[pick] / sum(odds.values()))
    return total / len(choices)


def test_logistic_weights_are_those_of_scikit_learn() -> None:
    rows = points(60, seed=1)
    labels = labelled(rows, {"bias": 0.5, "a": 2.0, "b": -1.0}, seed=2)
    model = LogisticRegression(C=1000.0, max_iter=2000).fit([[row["a"], row["b"]] for row in rows], labels)
    expected = {"bias": model.intercept_[0], "a": model.coef_[0][0], "b": model.coef_[0][1]}
    assert fit_logistic(rows, labels) == pytest.approx(expected)


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
    model = LogisticRegression(C=1000.0, max_iter=2000).fit([[row["a"], row["b"]] for row in rows], labels)
    found = fit_multinomial(rows, labels)
    assert set(found) == set(names)
    for row, expected in zip(rows, model.predict_proba([[row["a"], row["b"]] for row in rows]), strict=True):
        odds = {label: math.exp(linear(found[label], row)) for label in names}
        got = [odds[str(label)] / sum(odds.values()) for label in model.classes_]
        assert got == pytest.approx(expected, abs=1e-6)


def test_conditional_weights_are_better_than_every_other_on_a_grid() -> None:
    dice = np.random.default_rng(9)
    choices = [
        {code: {"a": float(x), "b": float(y)} for code, (x, y) in zip("pqr", dice.normal(size=(3, 2)), strict=True)}
        for _ in range(30)
    ]
    chosen = [max(row, key=lambda code: row[code]["a"] + float(dice.gumbel())) for row in choices]
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
        [{"yes": row, "no": nothing} for row in rows], ["yes" if label else "no" for label in labels], ridge=0.0
    )
    model = LogisticRegression(C=1e9, fit_intercept=False, max_iter=2000)
    model.fit([[row["a"], row["b"]] for row in rows], labels)
    assert found == pytest.approx(dict(zip("ab", model.coef_[0], strict=True)), abs=1e-2)


def test_row_whose_chosen_one_was_not_offered_is_left_out() -> None:
    rows: list[Choice] = [
        {"p": {"a": 1.0}, "q": {"a": 0.0}},
        {"p": {"a": 0.2}, "q": {"a": 0.9}},
        {"p": {"a": 0.3}, "q": {"a": 0.1}, "r": {"a": 0.4}},
    ]
    chosen = ["p", "p", "q"]
    with_stray = fit_conditional([*rows, {"p": {"a": 9.0}, "q": {"a": -9.0}}], [*chosen, "elsewhere"])
    assert with_stray == pytest.approx(fit_conditional(rows, chosen))


def test_ridge_holds_weights_back_where_the_data_does_not() -> None:
    rows: list[Choice] = [{"p": {"a": 1.0}, "q": {"a": 0.0}}] * 5
    assert 0 < fit_conditional(rows, ["p"] * 5, ridge=0.1)["a"] < fit_conditional(rows, ["p"] * 5)["a"]


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
