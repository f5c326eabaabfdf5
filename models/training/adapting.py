"""Adapting a head to few examples: what a shop's own labelled messages add to what the shipped head knows.

Maximum a posteriori adaptation (Chelba & Acero 2006): logistic regression whose weights are drawn towards those of the
head that is there, not towards 0, so that a hundred examples move what they speak of and leave the rest.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from models.heads import Head
from models.training.fits import Features

ROUNDS = 60


def adapted(head: Head, features: Features, labels: Sequence[str], c: float) -> Head:
    """The head after `features` (n, dim), dense or sparse, with their labels; larger `c` follows them more.

    Labels that the head does not have are left out. Takes well under a second for a few hundred examples.
    """
    from scipy.optimize import minimize

    known = [row for row, label in enumerate(labels) if label in head.labels]
    if not known:
        return head
    rows, columns = features[known], _used(features[known])
    rows = rows[:, columns]
    wanted = np.zeros((len(known), len(head.labels)))
    wanted[np.arange(len(known)), [head.labels.index(labels[row]) for row in known]] = 1.0
    base = np.asarray(features[known] @ head.weights.T) + head.bias

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        change = flat.reshape(len(head.labels), -1)
        scores = base + np.asarray(rows @ change[:, :-1].T) + change[:, -1]
        scores -= scores.max(axis=1, keepdims=True)
        log_p = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
        gap = np.exp(log_p) - wanted
        slope = np.hstack([np.asarray(rows.T @ gap).T, gap.sum(axis=0)[:, None]])
        total = -float((wanted * log_p).sum()) + float(flat @ flat) / (2 * c)
        return total, slope.ravel() + flat / c

    start = np.zeros(len(head.labels) * (len(columns) + 1))
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": ROUNDS}).x
    change = found.reshape(len(head.labels), -1).astype(np.float32)
    weights = head.weights.copy()
    weights[:, columns] += change[:, :-1]
    return Head(head.labels, weights.astype(np.float16).astype(np.float32), head.bias + change[:, -1])


def _used(features: Features) -> NDArray[np.int64]:
    """The columns with anything in them: all of a dense matrix, the words that occur of a sparse one."""
    return np.unique(features.nonzero()[1])
