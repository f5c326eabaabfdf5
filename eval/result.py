"""The result of an evaluation as a document: stable names, every field explained in eval/README.md.

Everything but `latency` is the same for the same inputs, knowledge and models.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from assistant.explanation import Explained

FORMAT: Literal["xiaoer-eval/1"] = "xiaoer-eval/1"
Metrics = dict[str, float | None]
"""Name → value; None where nothing was there to measure. The names are those of `eval/data/metrics.yaml`."""

LeakKind = Literal["placeholder", "blocked", "unsourced"]


class _Document(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Input(_Document):
    """A file that was evaluated; `cases` are its labelled messages and openings, or a collection's judged queries."""

    file: str
    sha256: str
    cases: int


class System(_Document):
    """What was evaluated. `clock` stands in for the time of requests that name none."""

    encoder: str
    fitted_on: dict[str, int | float | str]
    knowledge_revision: int | None
    entries: int
    clock: str | None = None


class Bin(_Document):
    """Turns whose first suggestion's confidence lies in [low, high); confidence and accuracy are means."""

    low: float
    high: float
    n: int
    confidence: float | None
    accuracy: float | None


class CoveragePoint(_Document):
    """Answering only turns with at least `threshold`: the share answered, and the share of these that is wrong."""

    coverage: float
    risk: float
    threshold: float


class OutOfScope(_Document):
    """Messages outside the job against those inside, by the answering score.

    `threshold_at_95` is the score that 95 % of the messages inside reach, `answered_at_95` the share outside that
    reaches it too, `answered` the share outside that is answered as things are.
    """

    inside: int
    outside: int
    auroc: float | None
    answered: float | None
    threshold_at_95: float | None
    answered_at_95: float | None


class IntentResult(_Document):
    """Turns whose first accepted code is this one; `confused_with` counts what was first instead."""

    n: int
    first: float
    within_three: float
    confused_with: dict[str, int]


class Confusion(_Document):
    """A pair that is taken for one another: `n` times `wanted` was first accepted and `got` was suggested first."""

    wanted: str
    got: str
    n: int


class Judged(_Document):
    """What readers say, or what the system says."""

    complaint: bool | None
    emotion: str | None


class Suggested(_Document):
    """One suggestion, best first."""

    intent: str
    confidence: float
    entry_id: str
    text: str
    fallback: bool


class CaseResult(_Document):
    """One labelled message or opening. `right_first` and `right_three` are None where readers did not agree.

    `wanted_entries` are those that readers named, if any.
    """

    id: str
    file: str
    text: str
    context: list[str]
    wanted: list[str]
    wanted_entries: list[str] = []
    understood: list[str]
    labelled: Judged
    said: Judged
    suggestions: list[Suggested]
    right_first: bool | None
    right_three: bool | None
    abstained: bool
    score: float
    tags: list[str]
    why: Explained | None = None


class Leak(_Document):
    """Something that must not be in a suggestion; `found` are the facts, codes or braces."""

    case: str
    kind: LeakKind
    rank: int
    text: str
    found: list[str]


class Percentiles(_Document):
    """Milliseconds."""

    p50: float
    p95: float
    p99: float


class Latency(_Document):
    """Single requests one after the other, after a warm-up: the whole, and its stages."""

    requests: int
    total: Percentiles
    stages: dict[str, Percentiles]


class Row(_Document):
    """A line of a table of systems; `note` says what it is for people."""

    name: str
    note: str
    metrics: Metrics


class DialogsResult(_Document):
    """Labelled dialogs through the whole suggester."""

    format: Literal["xiaoer-eval/1"] = FORMAT
    kind: Literal["dialogs"] = "dialogs"
    inputs: list[Input]
    system: System
    metrics: Metrics
    by_file: dict[str, Metrics]
    by_intent: dict[str, IntentResult]
    reliability: list[Bin]
    risk_coverage: list[CoveragePoint]
    out_of_scope: OutOfScope
    confusions: list[Confusion]
    cases: list[CaseResult]
    leaks: list[Leak]
    baselines: list[Row] | None = None
    ablation: list[Row] | None = None
    latency: Latency


class RetrievalResult(_Document):
    """A BEIR folder through the retriever alone; `queries` has one measure each for comparing two results."""

    format: Literal["xiaoer-eval/1"] = FORMAT
    kind: Literal["retrieval"] = "retrieval"
    inputs: list[Input]
    system: System
    metrics: Metrics
    queries: dict[str, float] = Field(description="nDCG@10 of every judged query")
    baselines: list[Row] | None = None
    latency: Latency


def as_json(result: BaseModel) -> str:
    """The document as text: two spaces, one line break at the end, letters as they are."""
    return result.model_dump_json(indent=2) + "\n"


def rounded(metrics: dict[str, float | None]) -> Metrics:
    """Six digits: more would be noise of the last bit."""
    return {name: None if value is None else round(value, 6) for name, value in metrics.items()}


def document(result: BaseModel) -> dict[str, Any]:
    """The document as plain values, as a reader of the JSON has it."""
    return result.model_dump(mode="json")
