"""Heads: small linear models that say a message's intent, whether it complains and how the buyer feels.

Multinomial logistic regression each. Three panels look at the same message: at its vector, at the vector of the message
with the lines before it, and at its characters. Beside them stand the utterances that are nearest to it. One forward
pass of the encoder serves the search and all of them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from models.errors import CalibrationUnusable
from models.neighbours import Neighbours
from models.words import BUCKETS, bag

Floats = NDArray[np.float32]
LogProbabilities = Mapping[str, float]
Clauses: TypeAlias = Sequence[tuple[Floats, str]]


@dataclass(frozen=True, eq=False)
class Head:
    """`weights` (labels, features) and `bias` (labels,) in float32; without labels it knows nothing."""

    labels: tuple[str, ...] = ()
    weights: Floats = field(default_factory=lambda: np.zeros((0, 0), np.float32))
    bias: Floats = field(default_factory=lambda: np.zeros(0, np.float32))

    def log_probabilities(self, values: Floats, features: NDArray[np.int64] | None = None) -> dict[str, float]:
        """The log-probability of every label for one vector of all features, or for the `features` that are not 0."""
        if not self.labels:
            return {}
        weights = self.weights if features is None else self.weights[:, features]
        scores = weights @ values + self.bias
        scores -= scores.max()
        return dict(zip(self.labels, (scores - np.log(np.exp(scores).sum())).tolist(), strict=True))


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a panel makes of a message: log-probabilities by label, empty without heads."""

    intent: LogProbabilities = field(default_factory=dict)
    complaint: LogProbabilities = field(default_factory=dict)
    emotion: LogProbabilities = field(default_factory=dict)


@dataclass(frozen=True)
class Panel:
    """A head for each question, on the same features."""

    intent: Head = Head()
    complaint: Head = Head()
    emotion: Head = Head()

    def read(self, values: Floats, features: NDArray[np.int64] | None = None) -> Opinion:
        """What the heads make of a message."""
        return Opinion(*(head.log_probabilities(values, features) for _, head in self.named()))

    def named(self) -> Iterator[tuple[str, Head]]:
        """The heads by the question that they answer."""
        yield from (("intent", self.intent), ("complaint", self.complaint), ("emotion", self.emotion))


@dataclass(frozen=True, slots=True)
class Opinions:
    """The opinions of the three panels on one message, and that of its neighbours.

    `clauses` and `clause_words` are those of the panels `message` and `words` on each of its clauses.
    """

    message: Opinion = field(default_factory=Opinion)
    conversation: Opinion = field(default_factory=Opinion)
    words: Opinion = field(default_factory=Opinion)
    neighbours: Opinion = field(default_factory=Opinion)
    clauses: tuple[Opinion, ...] = ()
    clause_words: tuple[Opinion, ...] = ()

    @property
    def views(self) -> tuple[tuple[Opinion, ...], ...]:
        """What each panel says: of the whole and, where it read them, of the clauses."""
        return (self.message, *self.clauses), (self.conversation,), (self.words, *self.clause_words)

    def likely(self, least: float = 0.05) -> list[str]:
        """The intents that one of them gives at least this probability."""
        found: dict[str, None] = {}
        for each in (self.message, self.conversation, self.words, self.neighbours):
            found |= dict.fromkeys(code for code, p in each.intent.items() if p >= math.log(least))
        return list(found)


@dataclass(frozen=True)
class Heads:
    """The panels, fitted together for one encoder; `rarity` (BUCKETS,) weighs the features of `words`.

    `neighbours` are the utterances that they were fitted on.
    """

    message: Panel = Panel()
    conversation: Panel = Panel()
    words: Panel = Panel()
    neighbours: Neighbours = field(default_factory=Neighbours)
    rarity: Floats = field(default_factory=lambda: np.ones(BUCKETS, np.float32))

    def read(self, vector: Floats, in_context: Floats, text: str, clauses: Clauses = ()) -> Opinions:
        """What they make of a turn: its vector (dim,), the vector (dim,) of it with what came before, its text, and
        the vectors (dim,) and texts of its clauses."""
        return Opinions(
            self.message.read(vector),
            self.conversation.read(in_context),
            self._worded(text),
            Opinion(**self.neighbours.read(in_context)),
            tuple(self.message.read(each) for each, _ in clauses),
            tuple(self._worded(each) for _, each in clauses),
        )

    def _worded(self, text: str) -> Opinion:
        seen = bag(text, self.rarity)
        return self.words.read(seen.values, seen.buckets)

    def named(self) -> Iterator[tuple[str, Head]]:
        """All heads by panel and question."""
        for panel in _PANELS:
            yield from ((f"{panel}_{question}", head) for question, head in getattr(self, panel).named())

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Heads)
            and np.array_equal(self.rarity, other.rarity)
            and self.neighbours == other.neighbours
            and all(
                mine.labels == theirs.labels
                and np.array_equal(mine.weights, theirs.weights)
                and np.array_equal(mine.bias, theirs.bias)
                for (_, mine), (_, theirs) in zip(self.named(), other.named(), strict=True)
            )
        )

    __hash__ = None  # type: ignore[assignment]


_PANELS, _QUESTIONS = ("message", "conversation", "words"), ("intent", "complaint", "emotion")
_NEIGHBOURS = "neighbours_"


def save_heads(heads: Heads, path: Path) -> None:
    """Write the heads as one `.npz`, the same bytes for the same heads."""
    arrays: dict[str, NDArray[np.generic]] = {"rarity": heads.rarity.astype(np.float16)}
    for name, head in heads.named():
        arrays |= {f"{name}_labels": np.array(head.labels, "U40"), f"{name}_weights": head.weights.astype(np.float16)}
        arrays[f"{name}_bias"] = head.bias
    arrays |= {f"{_NEIGHBOURS}{name}": array for name, array in heads.neighbours.arrays().items()}
    np.savez_compressed(path, **arrays)  # type: ignore[arg-type]


def load_heads(path: Path) -> Heads:
    """The heads in a file; CalibrationUnusable when it is missing or damaged."""
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as arrays:
            panels = {panel: Panel(**{q: _head(arrays, f"{panel}_{q}") for q in _QUESTIONS}) for panel in _PANELS}
            near = {name.removeprefix(_NEIGHBOURS): arrays[name] for name in arrays if name.startswith(_NEIGHBOURS)}
            return Heads(**panels, neighbours=Neighbours.from_arrays(near), rarity=arrays["rarity"].astype(np.float32))
    except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
        raise CalibrationUnusable(f"校准文件 {path} 读不出来：{error}；请运行 xiaoer models fit 重新生成。") from error


def _head(arrays: np.lib.npyio.NpzFile, name: str) -> Head:
    labels = tuple(map(str, arrays[f"{name}_labels"]))
    weights, bias = arrays[f"{name}_weights"].astype(np.float32), arrays[f"{name}_bias"].astype(np.float32)
    if weights.shape[0] != len(labels) or bias.shape != (len(labels),):
        raise ValueError(f"{name} 的形状不对")
    return Head(labels, weights, bias)
