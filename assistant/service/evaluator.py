"""What the service asks of whoever evaluates: the package above this one, which `xiaoer serve` hands over."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from pydantic import BaseModel, ConfigDict

from assistant.suggester import Suggester
from knowledge.evaluations import Documents

EVALUATOR = "xiaoer.evaluator"  # its place among what the commands share
Progress = Callable[[str, int, int], None]
"""Hears the step, and (done, total) of it; what it raises ends the run."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class MetricDocument(_Frozen):
    """A headline metric: its name, what it means, which way is better, and how it is written."""

    name: str
    zh: str
    means: str
    better: Literal["up", "down", "none"]
    format: Literal["share", "number", "count"]


class MetricChange(_Frozen):
    """A metric of both runs on the cases they share, as people read it; `way` is better, worse or empty."""

    name: str
    zh: str
    first: str
    second: str
    difference: str
    low: str
    high: str
    p: float
    verdict: str
    way: Literal["better", "worse", ""]


class CaseChange(_Frozen):
    """One thing about one message that is right in one run and wrong in the other."""

    id: str
    aspect: str
    won: bool
    text: str
    wanted: str
    before: str
    after: str


class ComparisonDocument(_Frozen):
    """Two runs on the messages that both have; those that only one has are counted, and those labelled anew."""

    first: str
    second: str
    paired: int
    only_first: int
    only_second: int
    relabelled: int
    resamples: int
    metrics: list[MetricChange]
    changes: list[CaseChange]


@dataclass(frozen=True, slots=True)
class Evaluated:
    """What a run comes to."""

    documents: Documents
    numbers: Mapping[str, float | None]
    knowledge_revision: int | None


class Evaluator(Protocol):
    """Runs labelled dialogs through the suggester and compares what came of it."""

    def missing(self) -> str | None:
        """What must be installed before anything can be evaluated; None when all is there."""

    def metrics(self) -> Sequence[MetricDocument]:
        """The headline metrics in their order."""

    def own(self) -> bytes:
        """The dialogs that come with Xiaoer and that nothing was fitted on, as JSON lines."""

    def cases(self, dialogs: bytes, name: str) -> int:
        """How many messages there are to judge; raises ImportFailed, which names the line and the field."""

    def run(self, suggester: Suggester, dialogs: bytes, name: str, on_progress: Progress) -> Evaluated:
        """Evaluate; raises ImportFailed as `cases` does."""

    def compare(self, first: tuple[str, str], second: tuple[str, str]) -> ComparisonDocument:
        """Compare two results, each by what it is called and its JSON; raises ImportFailed when that is impossible."""
