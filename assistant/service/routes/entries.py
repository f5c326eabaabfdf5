"""Knowledge entries: list, read, add, change, delete. A change is seen by the next suggestion."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header, Query, Response

from assistant.service.deps import BaseDep, StoreDep
from assistant.service.schemas import EntryList
from knowledge.changes import Changes
from knowledge.entries import Entry, EntryDraft, Kind, Status
from knowledge.errors import EntryInvalid, Problem

router = APIRouter(prefix="/v1/entries", tags=["entries"])
IfMatch = Annotated[str | None, Header(description='The version that was edited, as the ETag of GET: "3"')]


@router.get("")
def list_entries(
    store: StoreDep,
    shop_id: Annotated[str | None, Query(description="That shop's entries and the shared ones")] = None,
    intent: str | None = None,
    kind: Kind | None = None,
    status: Status | None = None,
    item_id: str | None = None,
    q: Annotated[str | None, Query(description="Text in title, questions or answers")] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> EntryList:
    """One page of entries, ordered by id."""
    page = store.entries(
        shop_id=shop_id, intent=intent, kind=kind, status=status, item_id=item_id, text=q, limit=limit, offset=offset
    )
    return EntryList(entries=list(page.entries), total=page.total)


@router.post("", status_code=201)
def create_entry(draft: EntryDraft, base: BaseDep, store: StoreDep, response: Response) -> Entry:
    """Add an entry; without an id it gets one. 409 when the id is taken."""
    written = base.write(Changes(drafts=[draft]), create_only=True)
    return _stored(store, written.saved[0].entry_id, response)


@router.get("/{entry_id}")
def read_entry(entry_id: str, store: StoreDep, response: Response) -> Entry:
    """One entry; its version is the ETag."""
    return _stored(store, entry_id, response)


@router.put("/{entry_id}")
def replace_entry(
    entry_id: str, draft: EntryDraft, base: BaseDep, store: StoreDep, response: Response, if_match: IfMatch = None
) -> Entry:
    """Replace an entry by a whole new draft. With If-Match, 412 when somebody else saved it in between."""
    if draft.id not in (None, entry_id):
        raise EntryInvalid(
            [Problem("id", f"正文里的编号是 {draft.id}，地址里的是 {entry_id}", "请改成一致，或去掉正文里的 id")]
        )
    store.entry(entry_id)  # only what exists is replaced
    base.write(Changes(drafts=[draft.model_copy(update={"id": entry_id})]), expected=_expected(entry_id, if_match))
    return _stored(store, entry_id, response)


@router.delete("/{entry_id}", status_code=204)
def delete_entry(entry_id: str, base: BaseDep, if_match: IfMatch = None) -> None:
    """Delete an entry; its versions are kept. With If-Match, 412 when somebody else saved it in between."""
    base.write(Changes(deletes=[entry_id]), expected=_expected(entry_id, if_match))


def _stored(store: StoreDep, entry_id: str, response: Response) -> Entry:
    entry = store.entry(entry_id)
    response.headers["ETag"] = f'"{entry.version}"'
    return entry


def _expected(entry_id: str, if_match: str | None) -> dict[str, int] | None:
    if if_match is None or if_match.strip() == "*":
        return None
    number = if_match.strip().removeprefix("W/").strip('"')
    if not number.isdecimal() or len(number) > 9:
        raise EntryInvalid([Problem("If-Match", f"{if_match} 不是版本号", '写成读取时 ETag 的样子，例如 "3"')])
    return {entry_id: int(number)}
