"""Proposals: drafts of entries on their way through review, with the shop's labelled tests before publishing."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response

from assistant.publishing import Publisher, publishable
from assistant.regression import TestReport
from assistant.service.access import Principal, allow
from assistant.service.deps import PartsDep, StoreDep
from assistant.service.if_match import IfMatch, etag, matched_version
from assistant.service.review_schemas import (
    ProposalBody,
    ProposalDocument,
    ProposalList,
    PublishBody,
    PublishedProposal,
    ReturnBody,
    proposal_document,
    proposal_text,
)
from assistant.service.shop_rules import require_writable, seen_entry
from assistant.service.wiring import Parts
from knowledge.errors import EntryInvalid, Problem, ProposalConflict, RecordNotFound
from knowledge.proposals import Proposal, ProposalText, State
from knowledge.store import Store

router = APIRouter(prefix="/v1/proposals", tags=["review"])
Writer = Annotated[Principal, allow("knowledge.write")]
Id = Annotated[int, Path(ge=1, le=2_147_483_647)]


def _publisher(who: Writer, parts: PartsDep) -> Publisher:
    second_reader = parts.settings.review == "on"
    return Publisher(parts.store, parts.base, parts.suggester, shop_id=who.shop_id, second_reader=second_reader)


PublisherDep = Annotated[Publisher, Depends(_publisher)]


@router.get("")
def list_proposals(
    who: Writer,
    store: StoreDep,
    shop_id: Annotated[str | None, Query(description="That shop's and those about shared entries")] = None,
    state: Annotated[list[State], Query()] = [],  # noqa: B006  # FastAPI copies it for each request
    entry_id: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> ProposalList:
    """One page of proposals, the newest change first."""
    found, total = store.proposals.page(
        shop_id=who.shops(shop_id), states=state, entry_id=entry_id, limit=limit, offset=offset
    )
    return ProposalList(proposals=[proposal_document(each) for each in found], total=total)


@router.post("", status_code=201)
def create_proposal(body: ProposalBody, who: Writer, parts: PartsDep, response: Response) -> ProposalDocument:
    """Keep a draft of a new or existing entry; nothing is published by it."""
    return _told(parts.store.proposals.create(_text(body, who, parts), who.author), response)


@router.get("/{proposal_id}")
def read_proposal(proposal_id: Id, who: Writer, store: StoreDep, response: Response) -> ProposalDocument:
    """One proposal; its version is the ETag."""
    return _told(_seen(proposal_id, who, store), response)


@router.put("/{proposal_id}")
def replace_proposal(
    proposal_id: Id, body: ProposalBody, who: Writer, parts: PartsDep, response: Response, if_match: IfMatch = None
) -> ProposalDocument:
    """Write new words, which makes it a draft again. With If-Match, 412 when somebody else changed it in between."""
    stored = _writable(proposal_id, who, parts, if_match)
    changed = parts.store.proposals.edit(stored.id, stored.version, _text(body, who, parts), who.author)
    return _told(changed, response)


@router.delete("/{proposal_id}", status_code=204)
def delete_proposal(proposal_id: Id, who: Writer, parts: PartsDep, if_match: IfMatch = None) -> None:
    """Throw a proposal away that was not published."""
    stored = _writable(proposal_id, who, parts, if_match)
    parts.store.proposals.delete(stored.id, stored.version, who.author)


@router.post("/{proposal_id}/submit")
def submit_proposal(
    proposal_id: Id, who: Writer, parts: PartsDep, response: Response, if_match: IfMatch = None
) -> ProposalDocument:
    """Ask for review; 422 with all that keeps it from being published."""
    stored = _writable(proposal_id, who, parts, if_match)
    publishable(stored)
    return _told(parts.store.proposals.submit(stored.id, stored.version, who.author), response)


@router.post("/{proposal_id}/return")
def return_proposal(
    proposal_id: Id, body: ReturnBody, who: Writer, parts: PartsDep, response: Response, if_match: IfMatch = None
) -> ProposalDocument:
    """Give it back to whoever wrote it, with what is to be mended."""
    stored = _writable(proposal_id, who, parts, if_match)
    return _told(parts.store.proposals.send_back(stored.id, stored.version, body.comment, who.author), response)


@router.post("/{proposal_id}/test")
def try_proposal(proposal_id: Id, who: Writer, store: StoreDep, publisher: PublisherDep) -> TestReport:
    """What publishing would do to the shop's labelled tests; nothing is published."""
    return publisher.report(_seen(proposal_id, who, store))


@router.post("/{proposal_id}/publish")
def publish_proposal(
    proposal_id: Id,
    who: Writer,
    parts: PartsDep,
    publisher: PublisherDep,
    body: PublishBody | None = None,
    if_match: IfMatch = None,
) -> PublishedProposal:
    """Publish it; the next suggestion knows it. 409 with `regressions` when labelled tests would fail, unless an admin
    says why it has to be; 412 with `current` and `draft` when the entry was saved since the draft was made from it.
    """
    stored = _writable(proposal_id, who, parts, if_match)
    reason = ((body and body.override_reason) or "").strip()
    if reason:
        who.require("admin")
    published = publisher.publish(stored, who.author, reason or None)
    document = proposal_document(parts.store.proposals.get(stored.id))
    return PublishedProposal(proposal=document, entry=published.entry, report=published.report)


def _told(proposal: Proposal, response: Response) -> ProposalDocument:
    response.headers["ETag"] = etag(proposal.version)
    return proposal_document(proposal)


def _seen(proposal_id: int, who: Principal, store: Store) -> Proposal:
    proposal = store.proposals.get(proposal_id)
    if not who.sees(proposal.shop_id):
        raise RecordNotFound("提案", proposal_id)
    return proposal


def _writable(proposal_id: int, who: Principal, parts: Parts, if_match: str | None) -> Proposal:
    """The proposal that somebody may change; ProposalConflict when it is not the version that they saw."""
    proposal = _seen(proposal_id, who, parts.store)
    require_writable(who, parts.base, proposal.shop_id)
    version = matched_version(if_match)
    if version not in (None, proposal.version):
        raise ProposalConflict(proposal_id, version or 0, proposal.version)
    return proposal


def _text(body: ProposalBody, who: Principal, parts: Parts) -> ProposalText:
    """What is proposed, about an entry that the author may change."""
    require_writable(who, parts.base, body.draft.shop_id)
    if body.entry_id is None:
        return proposal_text(body, None)
    if body.draft.id not in (None, body.entry_id):
        raise EntryInvalid([Problem("draft.id", f"与 entry_id {body.entry_id} 不一致", "请改成一致，或去掉其中一个")])
    entry = seen_entry(who, parts.store, body.entry_id)
    require_writable(who, parts.base, entry.shop_id)
    if body.base_version and body.base_version > entry.version:
        raise EntryInvalid([Problem("base_version", f"条目只有 {entry.version} 版", "请写读取条目时看到的版本")])
    return proposal_text(body, body.base_version or entry.version)
