"""Versions of an entry: who saved what and when, what changed, and the way back, also for deleted entries."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from assistant.service.access import Principal, allow
from assistant.service.deps import PartsDep, StoreDep
from assistant.service.if_match import IfMatch, etag, matched_version
from assistant.service.review_schemas import RollbackBody, VersionDiff, VersionDocument, VersionList
from assistant.service.shop_rules import require_writable
from knowledge.changes import Changes
from knowledge.entries import Entry
from knowledge.entry_history import SavedVersion
from knowledge.errors import EntryInvalid, EntryNotFound, Problem, VersionConflict
from knowledge.store import Store

router = APIRouter(prefix="/v1/entries/{entry_id}", tags=["review"])
Reader = Annotated[Principal, allow("knowledge.read")]
Number = Annotated[int, Query(ge=1, le=999_999_999)]


@router.get("/versions")
def list_versions(
    entry_id: str,
    who: Reader,
    store: StoreDep,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> VersionList:
    """The versions of an entry, newest first; also of a deleted one."""
    _latest(entry_id, who, store)
    found, total = store.history.versions(entry_id, limit, offset)
    # One that once was another shop's tells nothing of that time.
    seen = [VersionDocument.of(each) for each in found if who.sees(each.entry.shop_id)]
    return VersionList(versions=seen, total=total)


@router.get("/versions/diff")
def compare_versions(
    entry_id: str,
    who: Reader,
    store: StoreDep,
    from_version: Annotated[Number, Query(alias="from")],
    to_version: Annotated[Number, Query(alias="to")],
) -> VersionDiff:
    """What changed from one version to another, field by field."""
    _latest(entry_id, who, store)
    return VersionDiff.of(*(_version(entry_id, number, who, store) for number in (from_version, to_version)))


@router.post("/rollback")
def roll_back(
    entry_id: str,
    body: RollbackBody,
    who: Annotated[Principal, allow("knowledge.write")],
    parts: PartsDep,
    response: Response,
    if_match: IfMatch = None,
) -> Entry:
    """Give the entry the content of an earlier version, as a new version; a deleted entry is restored by it.

    Checked as every save is, but not by the labelled tests: it is the way out when something went wrong.
    """
    latest = _latest(entry_id, who, parts.store)
    wanted = _version(entry_id, body.version, who, parts.store)
    for shop_id in (latest.entry.shop_id, wanted.entry.shop_id):
        require_writable(who, parts.base, shop_id)
    if wanted.deleted:
        raise EntryInvalid([Problem("version", f"第 {body.version} 版是删除，没有内容", "请选择删除之前的版本")])
    seen = matched_version(if_match)
    if seen not in (None, latest.version):
        raise VersionConflict(entry_id, seen or 0, latest.version)
    expected = None if latest.deleted else {entry_id: latest.version}
    parts.base.write(
        Changes(drafts=[wanted.entry.draft()]), expected=expected, create_only=latest.deleted, by=who.author
    )
    entry = parts.store.entry(entry_id)
    response.headers["ETag"] = etag(entry.version)
    return entry


def _latest(entry_id: str, who: Principal, store: Store) -> SavedVersion:
    """The newest version, by which an entry belongs to a shop; EntryNotFound for another shop's."""
    [latest], _ = store.history.versions(entry_id, limit=1)
    return _told(latest, who)


def _version(entry_id: str, version: int, who: Principal, store: Store) -> SavedVersion:
    return _told(store.history.version(entry_id, version), who)


def _told(saved: SavedVersion, who: Principal) -> SavedVersion:
    if not who.sees(saved.entry.shop_id):
        raise EntryNotFound(saved.entry.id)
    return saved
