"""Fitting the linear models of a calibration: arrays in, weights out. Needs scikit-learn (extra `train` or `hub`)."""

from __future__ import annotations

import warnings
from collections.abc import Collection, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from models.calibration import Weights
from models.errors import CalibrationUnusable
from models.extras import install_command
from models.heads import Head

Signals = Mapping[str, float]
Features: TypeAlias = Any  # a numpy array or a scipy matrix (n, dim); scipy has no types
# Penalties are weak on purpose: cosines of one encoder differ by hundredths, so their weights must be allowed to be
# large. With a ridge of 1e-3 the intents were right 10 points less often.
RIDGE, C = 1e-6, 1000.0
HEAD_C = 5.0  # 1 and 30 were 1 point worse on labelled dialogs; the encoder was tuned on most of these texts
HEAD_ROUNDS = 80  # of L-BFGS: a third of the time to the end, half a point less of what it would find


def fit_logistic(rows: Sequence[Signals], labels: Sequence[bool], c: float = C) -> Weights:
    """Logistic regression of a yes-or-no label on named signals."""
    model = _logistic_regression(c)
    names, matrix = _matrix(rows)
    model.fit(matrix, np.array(labels))
    return {"bias": float(model.intercept_[0]), **dict(zip(names, map(float, model.coef_[0]), strict=True))}


def refit_logistic(rows: Sequence[Signals], labels: Sequence[bool], around: Weights, ridge: float) -> Weights:
    """`fit_logistic` drawn towards the weights that are there: yes or no is a choice of two."""
    choices = [{"yes": {"bias": 1.0, **row}, "no": dict.fromkeys(("bias", *row), 0.0)} for row in rows]
    return fit_conditional(choices, [["yes"] if label else ["no"] for label in labels], ridge, around)


def fit_multinomial(rows: Sequence[Signals], labels: Sequence[str], c: float = C) -> dict[str, Weights]:
    """Multinomial logit: the weights of each label."""
    model = _logistic_regression(c)
    names, matrix = _matrix(rows)
    model.fit(matrix, np.array(labels))
    biases, slopes = model.intercept_, model.coef_
    if len(model.classes_) == 2:  # one row then: the odds of the second label against the first
        biases, slopes = np.append(0.0, biases), np.vstack([np.zeros_like(slopes), slopes])
    return {
        str(label): {"bias": float(bias), **dict(zip(names, map(float, weights), strict=True))}
        for label, bias, weights in zip(model.classes_, biases, slopes, strict=True)
    }


def fit_head(features: Features, labels: Sequence[str], c: float = HEAD_C, rounds: int = HEAD_ROUNDS) -> Head:
    """A head on `features` (n, dim), dense or sparse: multinomial logistic regression with a penalty."""
    model = _logistic_regression(c, rounds)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", category=UserWarning)  # it says that it was stopped, as it should be
        model.fit(features, np.array(labels))
    weights, bias = model.coef_, model.intercept_
    if len(model.classes_) == 2:  # one row then: the odds of the second label against the first
        weights, bias = np.vstack([np.zeros_like(weights), weights]), np.append(0.0, bias)
    # Rounded as they are stored, so that a calibration is the same before and after its file.
    rounded = weights.astype(np.float16).astype(np.float32)
    return Head(tuple(map(str, model.classes_)), rounded, bias.astype(np.float32))


def fit_conditional(
    choices: Sequence[Mapping[str, Signals]],
    chosen: Sequence[Collection[str]],
    ridge: float = RIDGE,
    around: Weights | None = None,
) -> Weights:
    """Conditional logit (McFadden 1974): weights so that the chosen alternatives have the highest likelihood together.

    Each row maps its alternatives to their signals. Rows with none of the chosen among them are left out. The ridge
    draws the weights towards 0, or towards those of `around`, and then in proportion to their size.
    """
    from scipy.optimize import minimize

    rows = [
        (row, [code in labels for code in row])
        for row, labels in zip(choices, chosen, strict=True)
        if any(code in row for code in labels)
    ]
    if not rows:
        raise CalibrationUnusable("知识库里没有标注语料涉及的内容，无法校准；请先导入知识。")
    names = list(next(iter(rows[0][0].values())))
    start = np.array([(around or {}).get(name, 0.0) for name in names])
    size = np.abs(start) + 0.1 if around else np.ones(len(names))
    widest = max(len(row) for row, _ in rows)
    table = np.zeros((len(rows), widest, len(names)))
    absent, wanted = np.full((len(rows), widest), -np.inf), np.zeros((len(rows), widest))
    for number, (row, right) in enumerate(rows):
        table[number, : len(row)] = [[signals[name] for name in names] for signals in row.values()]
        absent[number, : len(row)], wanted[number, : len(row)] = 0.0, right

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        scores = table @ weights + absent
        powers = np.exp(scores - scores.max(axis=1, keepdims=True))
        p = powers / powers.sum(axis=1, keepdims=True)
        right = (p * wanted).sum(axis=1, keepdims=True) + 1e-12
        slope = np.einsum("na,nas->s", p - p * wanted / right, table)
        away = (weights - start) / size
        total = ridge * float(away @ away) - float(np.log(right).mean())
        return total, 2 * ridge * away / size + slope / len(rows)

    found = minimize(loss, start, jac=True, method="L-BFGS-B")
    return dict(zip(names, map(float, found.x), strict=True))


def expected_calibration_error(confidence: Sequence[float], right: Sequence[bool], bins: int = 10) -> float:
    """Mean gap between confidence and accuracy over equal-width bins, weighted by size (Guo et al. 2017)."""
    p, y = np.array(confidence), np.array(right, dtype=float)
    which = np.minimum((p * bins).astype(int), bins - 1)
    gaps = [abs(p[which == b].mean() - y[which == b].mean()) * (which == b).mean() for b in set(which.tolist())]
    return float(sum(gaps))


def best_threshold(confidence: Sequence[float], positive: Sequence[bool], tolerance: float = 0.003) -> float:
    """The lowest probability from which saying yes gives the highest F1, or less by no more than `tolerance`.

    The lowest, because a complaint that is missed costs more than an apology too many. A multiple of 0.05.
    """
    from sklearn.metrics import f1_score

    steps = [step / 20 for step in range(1, 20)]
    scores = [f1_score(positive, [p >= step for p in confidence], zero_division=0.0) for step in steps]
    return next(step for step, score in zip(steps, scores, strict=True) if score >= max(scores) - tolerance)


def _matrix(rows: Sequence[Signals]) -> tuple[list[str], NDArray[np.float64]]:
    names = list(rows[0])
    return names, np.array([[row[name] for name in names] for row in rows])


def _logistic_regression(c: float, rounds: int | None = None):  # type: ignore[no-untyped-def]  # noqa: ANN202  (scikit-learn has no types)
    """For few signals by Newton's method, which settles though they are not scaled and nearly agree; for the many of a
    head by so many rounds of L-BFGS."""
    try:
        from sklearn.linear_model import LogisticRegression
    except ImportError as error:
        raise CalibrationUnusable(
            f"重新校准需要 scikit-learn：请先在小二的文件夹里运行 {install_command('eval')}。"
        ) from error
    if rounds is None:
        return LogisticRegression(C=c, solver="newton-cholesky")
    return LogisticRegression(C=c, max_iter=rounds)
