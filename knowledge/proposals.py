"""Proposals: drafts of new or changed entries on their way through review.

draft → in_review → published, or returned to whoever wrote it; writing again makes a draft of it. Each change gives the
proposal a new version, so that nobody decides on words that are no longer there.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, delete, func, insert, or_, select, update

from knowledge.audit import Author, Change, put_records
from knowledge.changes import Also, Saved
from knowledge.database import Database
from knowledge.errors import ProposalConflict, RecordNotFound, WrongState
from knowledge.review_tables import proposals
from knowledge.sketches import Sketch
from knowledge.storable import is_storable, require_storable

State = Literal["draft", "in_review", "published", "returned"]
OPEN: tuple[State, ...] = ("draft", "in_review", "returned")
_UNSUBMITTED: tuple[State, ...] = ("draft", "returned")
_SUBMITTED: tuple[State, ...] = ("in_review",)
STATE_ZH: Mapping[State, str] = {
    "draft": "草稿", "in_review": "待审核", "published": "已发布", "returned": "已退回",
}  # fmt: skip
_ROW = proposals.c


@dataclass(frozen=True, slots=True)
class Proposal:
    """A stored proposal. `author` began it, `editor` wrote its present words, `reviewer` decided on it."""

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
    editor_key: int | None
    reviewer: str | None
    review_comment: str | None
    published_version: int | None
    created_at: datetime
    updated_at: datetime

    def was_written_by(self, who: Author) -> bool:
        """Whether the present words are that person's; somebody with the same key is the same."""
        return self.editor_key == who.key_id and (who.key_id is not None or self.editor == who.name)


@dataclass(frozen=True, slots=True)
class ProposalText:
    """What is written into a proposal; `entry_id` and `base_version` None: a new entry."""

    draft: Sketch
    entry_id: str | None = None
    base_version: int | None = None
    comment: str | None = None


class Proposals:
    """The proposals of all shops."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, text: ProposalText, by: Author) -> Proposal:
        """Keep a new draft."""
        at = datetime.now(UTC).isoformat()
        row = {**_columns(text, by), "state": "draft", "version": 1, "author": by.name}
        with self._database.writing() as connection:
            statement = insert(proposals).values(**row, created_at=at, updated_at=at).returning(*_ROW)
            stored = _proposal(connection.execute(statement).one())
            put_records(connection, by, [_change("create", stored, after=_told(stored))])
        return stored

    def get(self, proposal_id: int) -> Proposal:
        """One proposal; raises RecordNotFound."""
        with self._database.reading() as connection:
            return _stored(connection, proposal_id)

    def page(
        self,
        *,
        shop_id: str | None = None,
        states: Collection[State] = (),
        entry_id: str | None = None,
        limit: int = 50,
        offset: int = 0,
    ) -> tuple[list[Proposal], int]:
        """The proposals that meet every filter, newest change first, and how many there are in all.

        `shop_id` means that shop's and those about shared entries.
        """
        if not all(is_storable(value) for value in (shop_id, entry_id) if value is not None):
            return [], 0
        wanted = [or_(_ROW.shop_id == shop_id, _ROW.shop_id.is_(None))] if shop_id is not None else []
        wanted += [_ROW.state.in_(states)] if states else []
        wanted += [_ROW.entry_id == entry_id] if entry_id is not None else []
        query = select(proposals).where(*wanted).order_by(_ROW.updated_at.desc(), _ROW.id.desc())
        with self._database.reading() as connection:
            total = connection.scalars(select(func.count()).select_from(proposals).where(*wanted)).one()
            return [_proposal(row) for row in connection.execute(query.limit(limit).offset(offset))], total

    def edit(self, proposal_id: int, version: int, text: ProposalText, by: Author) -> Proposal:
        """Write new words, which makes it a draft again; the same words change nothing."""
        with self._database.writing() as connection:
            before = _standing(connection, proposal_id, version, OPEN, "修改")
            if ProposalText(before.draft, before.entry_id, before.base_version, before.comment) == text:
                return before
            after = _put(connection, before, {**_columns(text, by), "state": "draft"})
            put_records(connection, by, [_change("update", after, _told(before), _told(after))])
        return after

    def submit(self, proposal_id: int, version: int, by: Author) -> Proposal:
        """Ask for review."""
        return self._moved(proposal_id, version, _UNSUBMITTED, "提交审核", {"state": "in_review"}, "submit", by)

    def send_back(self, proposal_id: int, version: int, comment: str | None, by: Author) -> Proposal:
        """Return it to whoever wrote it, with what is to be mended."""
        require_storable({"comment": comment})
        values = {"state": "returned", "reviewer": by.name, "review_comment": comment}
        return self._moved(proposal_id, version, _SUBMITTED, "退回", values, "return", by)

    def delete(self, proposal_id: int, version: int, by: Author) -> None:
        """Throw one away that was not published."""
        with self._database.writing() as connection:
            before = _standing(connection, proposal_id, version, OPEN, "删除")
            connection.execute(delete(proposals).where(_ROW.id == proposal_id))
            put_records(connection, by, [_change("delete", before, before=_told(before))])

    def publishing(self, proposal: Proposal, by: Author, override_reason: str | None = None) -> Also:
        """What marks the proposal as published inside the transaction that writes its entry.

        It raises ProposalConflict when the proposal was changed, or published by somebody else, in between.
        """

        def mark(connection: Connection, saved: Sequence[Saved]) -> None:
            before = _standing(connection, proposal.id, proposal.version, OPEN, "发布")
            [entry] = saved
            values = {"state": "published", "reviewer": by.name, "entry_id": entry.entry_id}
            after = _put(connection, before, {**values, "published_version": entry.version})
            told = _told(after) | ({"override_reason": override_reason} if override_reason else {})
            put_records(connection, by, [_change("publish", after, _told(before), told)])

        return mark

    def _moved(
        self,
        proposal_id: int,
        version: int,
        states: Collection[State],
        step: str,
        values: Mapping[str, Any],
        action: str,
        by: Author,
    ) -> Proposal:
        with self._database.writing() as connection:
            before = _standing(connection, proposal_id, version, states, step)
            after = _put(connection, before, values)
            put_records(connection, by, [_change(action, after, {"state": before.state}, {**values})])
        return after


def _standing(connection: Connection, proposal_id: int, version: int, states: Collection[State], step: str) -> Proposal:
    """The proposal at that version in one of the states; raises RecordNotFound, ProposalConflict or WrongState."""
    stored = _stored(connection, proposal_id, lock=True)
    if stored.version != version:
        raise ProposalConflict(proposal_id, version, stored.version)
    if stored.state not in states:
        able = "、".join(f"“{STATE_ZH[state]}”" for state in states)
        raise WrongState(f"这份提案现在是“{STATE_ZH[stored.state]}”，只有{able}的提案才能{step}；请刷新后再看。")
    return stored


def _stored(connection: Connection, proposal_id: int, *, lock: bool = False) -> Proposal:
    query = select(proposals).where(_ROW.id == proposal_id)
    row = connection.execute(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise RecordNotFound("提案", proposal_id)
    return _proposal(row)


def _put(connection: Connection, before: Proposal, values: Mapping[str, Any]) -> Proposal:
    at = datetime.now(UTC).isoformat()
    statement = update(proposals).where(_ROW.id == before.id).returning(*_ROW)
    return _proposal(connection.execute(statement.values(**values, version=before.version + 1, updated_at=at)).one())


def _columns(text: ProposalText, by: Author) -> dict[str, Any]:
    require_storable({"shop_id": text.draft.shop_id, "entry_id": text.entry_id, "comment": text.comment})
    return {
        "shop_id": text.draft.shop_id,
        "entry_id": text.entry_id,
        "base_version": text.base_version,
        "draft": text.draft.model_dump_json(),
        "comment": text.comment,
        "editor": by.name,
        "editor_key": by.key_id,
    }


def _proposal(row: Row[Any]) -> Proposal:
    times = {name: datetime.fromisoformat(getattr(row, name)) for name in ("created_at", "updated_at")}
    return Proposal(**{**row._asdict(), **times, "draft": Sketch.model_validate_json(row.draft)})


def _told(proposal: Proposal) -> dict[str, Any]:
    """What the audit log keeps of a proposal."""
    return {
        "state": proposal.state,
        "entry_id": proposal.entry_id,
        "base_version": proposal.base_version,
        "draft": proposal.draft.model_dump(mode="json"),
    }


def _change(action: str, proposal: Proposal, before: Any = None, after: Any = None) -> Change:
    return Change(f"proposal.{action}", str(proposal.id), proposal.shop_id, before=before, after=after)
