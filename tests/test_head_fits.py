"""Fitted heads agree with scikit-learn, on dense and on sparse features, and are as they will be stored."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.special import log_softmax
from sklearn.linear_model import LogisticRegression

from models.training.fits import fit_head


def marked(n: int, seed: int) -> tuple[NDArray[np.float32], list[str]]:
    """Rows (n, 12), mostly zeros, of three labels that each have places of their own and some of the others'."""
    dice = np.random.default_rng(seed)
    labels = [str(each) for each in dice.choice(["a", "b", "c"], n)]
    usual = {"a": range(4), "b": range(4, 8), "c": range(8, 12)}
    rows = np.zeros((n, 12), np.float32)
    for row, label in zip(rows, labels, strict=True):
        row[dice.choice(list(usual[label]), 2)] = 1.0
        row[dice.choice(12, 2)] = 0.5
    return rows, labels


@pytest.mark.parametrize("seed", [16, 17, 18])
def test_a_sparse_head_is_the_dense_head_on_the_same_features(seed: int) -> None:
    rows, labels = marked(80, seed)
    dense, sparse = fit_head(rows, labels, c=3.0), fit_head(csr_matrix(rows), labels, c=3.0)
    assert sparse.labels == dense.labels
    assert sparse.weights == pytest.approx(dense.weights, abs=0.02)
    assert sparse.bias == pytest.approx(dense.bias, abs=0.02)


def test_a_head_gives_the_probabilities_of_scikit_learn() -> None:
    rows, labels = marked(90, seed=19)
    model = LogisticRegression(C=3.0, max_iter=2000).fit(rows, labels)
    head = fit_head(rows, labels, c=3.0)
    assert head.labels == tuple(model.classes_)
    said = np.array([list(head.log_probabilities(row).values()) for row in rows])
    assert said == pytest.approx(model.predict_log_proba(rows), abs=0.02)


def test_a_head_of_two_labels_gives_the_probabilities_of_scikit_learn() -> None:
    rows, labels = marked(60, seed=20)
    two = ["1" if label == "a" else "0" for label in labels]
    model = LogisticRegression(C=3.0, max_iter=2000).fit(rows, two)
    head = fit_head(csr_matrix(rows), two, c=3.0)
    scores = rows @ head.weights.T + head.bias
    assert head.labels == ("0", "1")
    assert log_softmax(scores, axis=1) == pytest.approx(model.predict_log_proba(rows), abs=0.02)


def test_a_head_that_is_stopped_early_is_no_trouble_and_less_sure() -> None:
    rows, labels = marked(80, seed=21)
    early, late = fit_head(rows, labels, rounds=1), fit_head(rows, labels)
    wanted = [late.labels.index(label) for label in labels]

    def sure(scores: NDArray[np.float32]) -> float:
        return float(log_softmax(scores, axis=1)[np.arange(len(wanted)), wanted].mean())

    assert sure(rows @ early.weights.T + early.bias) < sure(rows @ late.weights.T + late.bias)


def test_the_weights_of_a_head_are_as_they_will_be_stored() -> None:
    head = fit_head(*marked(80, seed=22))
    np.testing.assert_array_equal(head.weights, head.weights.astype(np.float16).astype(np.float32))
    assert head.weights.dtype == head.bias.dtype == np.float32
