"""Knowledge entries: list, read, add, change, delete. A change is seen by the next suggestion."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response

from assistant.service.access import Principal, allow
from assistant.service.deps import BaseDep, PartsDep, StoreDep
from assistant.service.entry_schemas import SavedEntry
from assistant.service.if_match import IfMatch, matched_version
from assistant.service.routes.draft_checks import checked
from assistant.service.schemas import EntryList
from assistant.service.shop_rules import require_reviewed, require_writable, seen_entry
from knowledge.changes import Changes
from knowledge.entries import Entry, EntryDraft, Kind, Status
from knowledge.errors import EntryInvalid, Problem
from knowledge.search.filters import Effective, Filters, Sort

router = APIRouter(prefix="/v1/entries", tags=["entries"])
Check = Annotated[bool, Query(description="Tell in `warnings` what `POST /v1/entries/check` says of it")]

Reader = Annotated[Principal, allow("knowledge.read")]
Writer = Annotated[Principal, allow("knowledge.write")]


Mode = Literal["text", "meaning", "pinyin"]


@router.get("")
def list_entries(
    who: Reader,
    store: StoreDep,
    base: BaseDep,
    shop_id: Annotated[str | None, Query(description="That shop's entries and the shared ones")] = None,
    q: Annotated[str | None, Query(max_length=2_000, description="What is looked for, as `mode` says")] = None,
    mode: Annotated[
        Mode, Query(description="In texts, note, id and code; by meaning (published ones); pinyin")
    ] = "text",
    intent: str | None = None,
    kind: Kind | None = None,
    status: Status | None = None,
    item_id: str | None = None,
    author: Annotated[str | None, Query(description="Who saved it last")] = None,
    tag: Annotated[list[str], Query(description="Tags that it has, all of them")] = [],  # noqa: B006
    short_code: str | None = None,
    effective: Annotated[Effective | None, Query(description="In effect now, only later, or no more")] = None,
    never_matched: Annotated[bool, Query(description="No suggestion came from it")] = False,
    disliked: Annotated[bool, Query(description="Disliked or reported as it is now")] = False,
    sort: Annotated[Sort, Query(description="By id, title (its pinyin), or the latest first")] = "id",
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> EntryList:
    """One page of the entries that meet every filter. By meaning the nearest come first, at most 100, whatever `sort`
    says; drafts, archived entries, openers and guides are not found that way."""
    filters = Filters(
        shop_id=who.shops(shop_id),
        intent=intent,
        kind=kind,
        status=status,
        item_id=item_id,
        author=author,
        tags=tag,
        short_code=short_code,
        effective=effective,
        never_matched=never_matched,
        disliked=disliked,
    )
    if q and mode == "meaning":
        page = base.entries_like(q, limit=limit, offset=offset, **filters)
    else:
        filters["pinyin" if mode == "pinyin" else "text"] = q or None
        page = store.entries(sort=sort, limit=limit, offset=offset, **filters)
    return EntryList(entries=list(page.entries), total=page.total)


@router.post("", status_code=201)
def create_entry(
    draft: EntryDraft, who: Writer, parts: PartsDep, response: Response, check: Check = False
) -> SavedEntry:
    """Add an entry; without an id it gets one. 409 when the id is taken."""
    require_writable(who, parts.base, draft.shop_id)
    require_reviewed(who, parts.settings, draft)
    written = parts.base.write(Changes(drafts=[draft]), create_only=True, by=who.author)
    return _saved(written.saved[0].entry_id, parts, response, check=check)


@router.get("/{entry_id}")
def read_entry(entry_id: str, who: Reader, store: StoreDep, response: Response) -> Entry:
    """One entry; its version is the ETag."""
    return _stored(seen_entry(who, store, entry_id), response)


@router.put("/{entry_id}")
def replace_entry(
    entry_id: str,
    draft: EntryDraft,
    who: Writer,
    parts: PartsDep,
    response: Response,
    if_match: IfMatch = None,
    check: Check = False,
) -> SavedEntry:
    """Replace an entry by a whole new draft. With If-Match, 412 when somebody else saved it in between."""
    if draft.id not in (None, entry_id):
        raise EntryInvalid(
            [Problem("id", f"正文里的编号是 {draft.id}，地址里的是 {entry_id}", "请改成一致，或去掉正文里的 id")]
        )
    for shop_id in (seen_entry(who, parts.store, entry_id).shop_id, draft.shop_id):  # only what exists is replaced
        require_writable(who, parts.base, shop_id)
    require_reviewed(who, parts.settings, draft)
    changes = Changes(drafts=[draft.model_copy(update={"id": entry_id})])
    parts.base.write(changes, expected=_expected(entry_id, if_match), by=who.author)
    return _saved(entry_id, parts, response, check=check)


@router.delete("/{entry_id}", status_code=204)
def delete_entry(entry_id: str, who: Writer, base: BaseDep, store: StoreDep, if_match: IfMatch = None) -> None:
    """Delete an entry; its versions are kept. With If-Match, 412 when somebody else saved it in between."""
    require_writable(who, base, seen_entry(who, store, entry_id).shop_id)
    base.write(Changes(deletes=[entry_id]), expected=_expected(entry_id, if_match), by=who.author)


def _saved(entry_id: str, parts: PartsDep, response: Response, *, check: bool) -> SavedEntry:
    """The entry as it was saved, and, where that is asked for, what an editor had better look at."""
    entry = _stored(parts.store.entry(entry_id), response)
    warnings = checked(entry.draft(), entry.shop_id, parts) if check else None
    return SavedEntry.model_validate({**entry.model_dump(), "warnings": warnings})


def _stored(entry: Entry, response: Response) -> Entry:
    response.headers["ETag"] = f'"{entry.version}"'
    return entry


def _expected(entry_id: str, if_match: str | None) -> dict[str, int] | None:
    version = matched_version(if_match)
    return None if version is None else {entry_id: version}
