"""Wire documents of evaluations, and what changed from one run to the next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from assistant.service.evaluator import MetricDocument
from knowledge.evaluations import Evaluation, Source, State

Named = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100, pattern=r"^[^\x00]*$")]


class EvaluationDraft(BaseModel):
    """A run to begin: over the shop's labelled tests, over a file (its text is `content`), or over our own dialogs."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Named
    source: Source
    shop_id: str | None = None
    file: Annotated[Named | None, Field(description="What the file is called")] = None
    content: Annotated[str | None, Field(description="The text of a .jsonl file of labelled dialogs")] = None


class EvaluationDocument(BaseModel):
    """One run. `changes` are its numbers against those of `against`, the last run before it of the same dialogs."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    shop_id: str
    name: str
    source: Source
    file: str | None
    state: State
    step: str | None
    done: int
    total: int
    cases: int
    numbers: dict[str, float | None]
    knowledge_revision: int | None
    error: str | None
    author: str
    created_at: datetime
    ended_at: datetime | None
    against: int | None = None
    changes: dict[str, float] = {}


class EvaluationList(BaseModel):
    """The last runs of a shop, newest first; `missing` says what keeps new ones from being started, if so."""

    shop_id: str
    missing: str | None
    tests: int
    metrics: list[MetricDocument]
    evaluations: list[EvaluationDocument]


def with_changes(found: Sequence[Evaluation]) -> list[EvaluationDocument]:
    """The runs, newest first, each against the one before it."""
    return [_document(each, _earlier(each, found[place + 1 :])) for place, each in enumerate(found)]


def _earlier(one: Evaluation, earlier: Sequence[Evaluation]) -> Evaluation | None:
    alike = ((one.source, one.file), "done")
    return next((each for each in earlier if ((each.source, each.file), each.state) == alike), None)


def _document(one: Evaluation, against: Evaluation | None) -> EvaluationDocument:
    document = EvaluationDocument.model_validate(one)
    if against is None or one.state != "done":
        return document
    changes = {
        name: round(value - before, 6)
        for name, value in one.numbers.items()
        if value is not None and (before := against.numbers.get(name)) is not None
    }
    return document.model_copy(update={"against": against.id, "changes": changes})
