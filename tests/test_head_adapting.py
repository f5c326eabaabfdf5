"""Adapting a head: few examples move what they speak of and leave the rest; the optimum is that of scikit-learn."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from models.heads import Head
from models.training.adapting import adapted
from models.training.fits import fit_head
from models.words import BUCKETS, bag, matrix, rarity

Floats = NDArray[np.float32]
DIM = 6
LABELS = ("a", "b", "c")
SIZES = ["穿什么码", "多大码合适", "我穿几码", "160穿啥码"]
STOCKS = ["还有货吗", "什么时候补货", "黑色没货了吗", "现货吗"]
# A shop's own word for whether it is in stock, which nobody outside knows.
JARGON = ["有喵喵吗", "喵喵还在不", "还能喵喵吗"]


def rows(n: int, seed: int) -> tuple[Floats, list[str]]:
    """Vectors (n, DIM) near the corner of their label."""
    dice = np.random.default_rng(seed)
    labels = [str(each) for each in dice.choice(LABELS, n)]
    corners = np.array([np.eye(DIM)[LABELS.index(label)] for label in labels])
    return np.asarray(corners + dice.normal(0, 0.5, (n, DIM)), np.float32), labels


def fitted() -> Head:
    return fit_head(*rows(120, seed=1), c=1.0)


def likelihood(head: Head, vectors: Floats, labels: list[str]) -> float:
    """The mean log-probability of the labels."""
    return float(np.mean([head.log_probabilities(v)[label] for v, label in zip(vectors, labels, strict=True)]))


def topic(head: Head, text: str, rare: Floats) -> dict[str, float]:
    """The probabilities of a text by a head on words."""
    seen = bag(text, rare)
    return {label: math.exp(p) for label, p in head.log_probabilities(seen.values, seen.buckets).items()}


def test_examples_that_count_next_to_nothing_leave_the_head_as_it_is() -> None:
    head, (vectors, labels) = fitted(), rows(30, seed=2)
    found = adapted(head, vectors, labels, c=1e-9)
    np.testing.assert_array_equal(found.weights, head.weights)
    assert found.bias == pytest.approx(head.bias, abs=1e-6)


def test_from_nothing_it_is_the_logistic_regression_of_scikit_learn() -> None:
    vectors, labels = rows(60, seed=3)
    nothing = Head(LABELS, np.zeros((3, DIM), np.float32), np.zeros(3, np.float32))
    found = adapted(nothing, vectors, labels, c=2.0)
    with_one = np.hstack([vectors, np.ones((len(vectors), 1))])
    model = LogisticRegression(C=2.0, fit_intercept=False, max_iter=2000).fit(with_one, labels)
    assert tuple(model.classes_) == LABELS
    assert found.weights == pytest.approx(model.coef_[:, :-1], abs=0.01)
    assert found.bias == pytest.approx(model.coef_[:, -1], abs=0.01)


def test_no_other_change_is_better_for_the_examples_and_its_size_together() -> None:
    head, (vectors, labels) = fitted(), rows(20, seed=4)
    c, found = 0.5, adapted(head, vectors, labels, c=0.5)

    def cost(other: Head) -> float:
        away = float(((other.weights - head.weights) ** 2).sum() + ((other.bias - head.bias) ** 2).sum())
        return -likelihood(other, vectors, labels) * len(labels) + away / (2 * c)

    dice = np.random.default_rng(5)
    for _ in range(50):
        step = dice.normal(0, 0.05, found.weights.shape).astype(np.float32)
        near = Head(LABELS, found.weights + step, found.bias + dice.normal(0, 0.05, 3).astype(np.float32))
        assert cost(near) > cost(found) - 1e-3


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 999), st.integers(1, 20), st.sampled_from([0.01, 1.0, 30.0]))
def test_the_examples_are_never_explained_worse(seed: int, n: int, c: float) -> None:
    head, (vectors, labels) = fitted(), rows(n, seed)
    assert likelihood(adapted(head, vectors, labels, c), vectors, labels) >= likelihood(head, vectors, labels) - 1e-2


def test_the_more_the_examples_count_the_more_they_are_followed() -> None:
    head, (vectors, labels) = fitted(), rows(20, seed=6)
    told = ["c"] * len(labels)
    reached = [likelihood(adapted(head, vectors, told, c), vectors, told) for c in (0.01, 0.1, 1.0, 10.0)]
    assert reached == sorted(reached)
    assert reached[0] > likelihood(head, vectors, told)


def test_sparse_and_dense_examples_change_a_head_alike() -> None:
    head, (vectors, labels) = fitted(), rows(20, seed=7)
    vectors[np.abs(vectors) < 0.4] = 0.0
    dense, sparse = adapted(head, vectors, labels, 3.0), adapted(head, csr_matrix(vectors), labels, 3.0)
    assert sparse.weights == pytest.approx(dense.weights, abs=0.01)
    assert sparse.bias == pytest.approx(dense.bias, abs=0.01)


def test_a_topics_new_words_are_learned_and_others_left_alone() -> None:
    rare = rarity([*SIZES, *STOCKS])
    head = fit_head(matrix([*SIZES, *STOCKS], rare), ["pre.size"] * 4 + ["pre.stock"] * 4, c=10.0)
    found = adapted(head, matrix(JARGON, rare), ["pre.stock"] * len(JARGON), c=3.0)
    alike, before = topic(found, "今天有喵喵没", rare), topic(head, "今天有喵喵没", rare)
    assert alike["pre.stock"] > before["pre.stock"]
    assert topic(found, "穿什么码", rare)["pre.size"] > 0.5
    used = {int(bucket) for text in JARGON for bucket in bag(text, rare).buckets}
    others = [bucket for bucket in range(BUCKETS) if bucket not in used]
    np.testing.assert_array_equal(found.weights[:, others], head.weights[:, others])


def test_labels_that_the_head_does_not_have_teach_it_nothing() -> None:
    head, (vectors, labels) = fitted(), rows(10, seed=8)
    assert adapted(head, vectors, ["elsewhere"] * 10, 3.0) is head
    mixed = [label if number % 2 else "elsewhere" for number, label in enumerate(labels)]
    known = adapted(head, vectors[1::2], labels[1::2], 3.0)
    found = adapted(head, vectors, mixed, 3.0)
    np.testing.assert_array_equal(found.weights, known.weights)
    np.testing.assert_array_equal(found.bias, known.bias)
    assert found.labels == head.labels


def test_the_head_that_was_there_is_not_touched() -> None:
    head = fitted()
    weights, bias = head.weights.copy(), head.bias.copy()
    adapted(head, *rows(10, seed=9), c=30.0)
    np.testing.assert_array_equal(head.weights, weights)
    np.testing.assert_array_equal(head.bias, bias)


def test_the_weights_are_as_they_will_be_stored() -> None:
    found = adapted(fitted(), *rows(10, seed=10), c=3.0)
    np.testing.assert_array_equal(found.weights, found.weights.astype(np.float16).astype(np.float32))
    assert found.weights.dtype == found.bias.dtype == np.float32
