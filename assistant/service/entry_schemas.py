"""Wire documents about entries: what a check says of a draft, a saved entry with it, one edit of many entries."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from assistant.request import without_surrogates
from assistant.service.schemas import ProblemField
from knowledge.bulk_edits import Action, BulkEdit
from knowledge.changes import Written
from knowledge.compliance import Finding
from knowledge.draft_check import AnswerFinding, DraftCheck
from knowledge.entries import Entry
from knowledge.errors import Problem

MAX_AT_ONCE = 1_000
EntryId = Annotated[str, Field(min_length=1, max_length=100)]
Tag = Annotated[str, Field(min_length=1, max_length=50)]


class DraftToCheck(BaseModel):
    """A draft in the form of an entry; also one that is not finished, for its faults are what is asked for."""

    draft: dict[str, Any]

    @model_validator(mode="before")
    @classmethod
    def _no_half_characters(cls, value: Any) -> object:
        return without_surrogates(value)


class ComplianceWarning(Finding):
    """A wording that must not (block) or had better not (warn) be said, and in which field it stands."""

    field: str

    @classmethod
    def of(cls, found: AnswerFinding) -> Self:
        """The finding with its field."""
        return cls(field=found.field, **found.finding.model_dump())


class DuplicateWarning(BaseModel):
    """An entry that the draft resembles. `wins`: which of both a buyer gets (null: neither for sure).

    `phrasing` is that entry's, `own_phrasing` the draft's; `similarity` is their cosine.
    """

    model_config = ConfigDict(from_attributes=True)

    entry_id: str
    title: str
    phrasing: str
    own_phrasing: str
    similarity: float
    kind: Literal["contradiction", "near_duplicate", "phrasing_elsewhere"]
    wins: Literal["draft", "other"] | None
    reason: str


class CheckedDraft(BaseModel):
    """What would keep the draft from being saved, and what an editor had better look at. Only published entries of
    the shop and shared ones are compared with."""

    problems: list[ProblemField] = []
    compliance: list[ComplianceWarning] = []
    duplicates: list[DuplicateWarning] = []

    @classmethod
    def of(cls, check: DraftCheck, *more: Problem) -> Self:
        """The check as a document, with further problems."""
        return cls(
            problems=[ProblemField(field=p.field, reason=p.reason, remedy=p.remedy) for p in (*check.problems, *more)],
            compliance=[ComplianceWarning.of(found) for found in check.compliance],
            duplicates=[DuplicateWarning.model_validate(one) for one in check.duplicates],
        )


class SavedEntry(Entry):
    """A saved entry; `warnings` (with `?check=true`) keep nothing from being saved."""

    warnings: CheckedDraft | None = None


class BulkRequest(BaseModel):
    """One edit of many entries; `tags` for add_tags and remove_tags, the times (null: no bound) for set_effective."""

    model_config = ConfigDict(extra="forbid")

    ids: list[EntryId] = Field(min_length=1, max_length=MAX_AT_ONCE)
    action: Action
    tags: list[Tag] = Field(default=[], max_length=20)
    effective_from: AwareDatetime | None = None
    effective_until: AwareDatetime | None = None

    def edit(self) -> BulkEdit:
        """The edit that is asked for."""
        return BulkEdit(self.action, tuple(self.tags), self.effective_from, self.effective_until)


class SavedOne(BaseModel):
    """What became of one entry, and its version now."""

    model_config = ConfigDict(from_attributes=True)

    entry_id: str
    version: int
    outcome: Literal["created", "updated", "unchanged", "deleted"]


class BulkResult(BaseModel):
    """Every entry in the order of the request, and the knowledge revision now."""

    saved: list[SavedOne]
    revision: int

    @classmethod
    def of(cls, written: Written) -> Self:
        """The write as a document."""
        return cls(saved=[SavedOne.model_validate(one) for one in written.saved], revision=written.revision)
