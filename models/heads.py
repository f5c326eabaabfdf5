"""Heads: small linear models on a message's vector that say its intent, whether it complains and how the buyer feels.

Multinomial logistic regression each; one forward pass of the encoder serves the search and all of them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from models.errors import CalibrationUnusable

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Head:
    """`weights` (labels, dim) and `bias` (labels,) in float32; without labels it knows nothing."""

    labels: tuple[str, ...] = ()
    weights: Floats = field(default_factory=lambda: np.zeros((0, 0), np.float32))
    bias: Floats = field(default_factory=lambda: np.zeros(0, np.float32))

    def log_probabilities(self, vector: Floats) -> dict[str, float]:
        """The log-probability of every label for one vector (dim,)."""
        if not self.labels:
            return {}
        scores = self.weights @ vector + self.bias
        scores -= scores.max()
        return dict(zip(self.labels, (scores - np.log(np.exp(scores).sum())).tolist(), strict=True))


LogProbabilities = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the heads make of one vector: log-probabilities by label, empty without heads."""

    intent: LogProbabilities = field(default_factory=dict)
    complaint: LogProbabilities = field(default_factory=dict)
    emotion: LogProbabilities = field(default_factory=dict)

    def likely(self, least: float = 0.05) -> list[str]:
        """The intents with at least this probability."""
        return [code for code, p in self.intent.items() if p >= math.log(least)]


@dataclass(frozen=True)
class Heads:
    """The heads fitted together on vectors of one encoder."""

    intent: Head = Head()
    complaint: Head = Head()
    emotion: Head = Head()

    def read(self, vector: Floats) -> Opinion:
        """What they make of a vector (dim,)."""
        return Opinion(*(head.log_probabilities(vector) for head in self._all()))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Heads) and all(
            mine.labels == theirs.labels
            and np.array_equal(mine.weights, theirs.weights)
            and np.array_equal(mine.bias, theirs.bias)
            for mine, theirs in zip(self._all(), other._all(), strict=True)
        )

    __hash__ = None  # type: ignore[assignment]

    def _all(self) -> tuple[Head, Head, Head]:
        return self.intent, self.complaint, self.emotion


_NAMES = ("intent", "complaint", "emotion")


def save_heads(heads: Heads, path: Path) -> None:
    """Write the heads as one `.npz`, the same bytes for the same heads."""
    arrays: dict[str, NDArray[np.generic]] = {}
    for name in _NAMES:
        head: Head = getattr(heads, name)
        arrays |= {f"{name}_labels": np.array(head.labels, "U40"), f"{name}_weights": head.weights.astype(np.float16)}
        arrays[f"{name}_bias"] = head.bias
    np.savez(path, **arrays)  # type: ignore[arg-type]


def load_heads(path: Path) -> Heads:
    """The heads in a file; CalibrationUnusable when it is missing or damaged."""
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as arrays:
            return Heads(**{name: _head(arrays, name) for name in _NAMES})
    except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
        raise CalibrationUnusable(f"校准文件 {path} 读不出来：{error}；请运行 xiaoer models fit 重新生成。") from error


def _head(arrays: np.lib.npyio.NpzFile, name: str) -> Head:
    labels = tuple(map(str, arrays[f"{name}_labels"]))
    weights, bias = arrays[f"{name}_weights"].astype(np.float32), arrays[f"{name}_bias"].astype(np.float32)
    if weights.shape[0] != len(labels) or bias.shape != (len(labels),):
        raise ValueError(f"{name} 的形状不对")
    return Head(labels, weights, bias)
