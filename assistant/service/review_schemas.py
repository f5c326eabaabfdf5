"""Wire documents of review: proposals, what publishing brought, versions and their differences."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from assistant.regression import TestReport
from assistant.request import without_surrogates
from knowledge.entries import MAX_TEXT, Entry
from knowledge.entry_diff import FieldChange, entry_diff, summary
from knowledge.entry_history import SavedVersion
from knowledge.proposals import Proposal, ProposalText, State
from knowledge.sketches import Sketch

Version = Annotated[int, Field(ge=1, le=999_999_999)]
Comment = Annotated[str, Field(max_length=MAX_TEXT)]


class _Body(BaseModel):
    """What comes in; half characters, left by programs that cut an emoji in two, are replaced."""

    model_config = ConfigDict(extra="ignore")

    @model_validator(mode="before")
    @classmethod
    def _no_half_characters(cls, value: Any) -> object:
        return without_surrogates(value)


class ProposalBody(_Body):
    """A new or changed entry that is proposed; `draft` may still lack answers.

    `entry_id` null: a new entry. `base_version` is the version that the draft was made from (null: the present one).
    """

    entry_id: str | None = None
    base_version: Version | None = None
    draft: Sketch
    comment: Comment | None = None


class ReturnBody(_Body):
    """Why a proposal goes back to whoever wrote it."""

    comment: Comment | None = None


class PublishBody(_Body):
    """`override_reason`: why it is published although labelled tests would fail; only an admin may."""

    override_reason: Comment | None = None


class ProposalDocument(BaseModel):
    """A proposal. `author` began it, `editor` wrote its present words, `reviewer` returned or published it."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    shop_id: str | None
    entry_id: str | None
    base_version: int | None
    state: State
    version: int
    draft: Sketch
    comment: str | None
    author: str
    editor: str
    reviewer: str | None
    review_comment: str | None
    published_version: int | None
    created_at: datetime
    updated_at: datetime


class ProposalList(BaseModel):
    """One page of proposals, the newest change first, and how many there are in all."""

    proposals: list[ProposalDocument]
    total: int


class PublishedProposal(BaseModel):
    """The proposal, the entry that it made, and what the labelled tests said."""

    proposal: ProposalDocument
    entry: Entry
    report: TestReport


class SegmentDocument(BaseModel):
    """A piece of text that stayed, came or went."""

    model_config = ConfigDict(from_attributes=True)

    op: Literal["equal", "insert", "delete"]
    text: str


class ItemChangeDocument(BaseModel):
    """One question, answer, item or tag that came, went or was changed."""

    model_config = ConfigDict(from_attributes=True)

    kind: Literal["added", "removed", "changed"]
    before: Any
    after: Any
    segments: list[SegmentDocument]


class FieldChangeDocument(BaseModel):
    """One field that differs; `name` is its name on pages."""

    model_config = ConfigDict(from_attributes=True)

    field: str
    name: str
    before: Any
    after: Any
    segments: list[SegmentDocument]
    items: list[ItemChangeDocument]


class VersionDocument(BaseModel):
    """A version: who saved it (null: not known any more) and when. Of a deletion, `entry` is what was deleted."""

    version: int
    entry: Entry
    deleted: bool
    saved_at: datetime
    by: str | None

    @classmethod
    def of(cls, saved: SavedVersion) -> Self:
        """The version as a document."""
        return cls(
            version=saved.version, entry=saved.entry, deleted=saved.deleted, saved_at=saved.saved_at, by=saved.by
        )


class VersionList(BaseModel):
    """The versions of an entry, newest first, and how many there are in all."""

    versions: list[VersionDocument]
    total: int


class VersionDiff(BaseModel):
    """What changed from one version to another; `summary` says it in a line."""

    from_version: int
    to_version: int
    summary: str
    changes: list[FieldChangeDocument]

    @classmethod
    def of(cls, before: SavedVersion, after: SavedVersion) -> Self:
        """The difference; a deleted version has no content."""
        old, new = (None if one.deleted else one.entry for one in (before, after))
        changes = entry_diff(old, new)
        return cls(
            from_version=before.version,
            to_version=after.version,
            summary=summary(changes),
            changes=documents(changes),
        )


class RollbackBody(_Body):
    """The version whose content the entry shall have again."""

    version: Version


def documents(changes: list[FieldChange]) -> list[FieldChangeDocument]:
    """Differences as they go over the wire."""
    return [FieldChangeDocument.model_validate(change) for change in changes]


def proposal_document(proposal: Proposal) -> ProposalDocument:
    """A proposal as it goes over the wire."""
    return ProposalDocument.model_validate(proposal)


def proposal_text(body: ProposalBody, base_version: int | None) -> ProposalText:
    """What a body writes into a proposal."""
    return ProposalText(body.draft, body.entry_id, base_version, body.comment)
