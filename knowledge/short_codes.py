"""Short codes: what an agent types to find one phrase, so among the entries of a shop no two have the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from sqlalchemy import Connection, select

from knowledge import tables
from knowledge.batches import batches
from knowledge.entries import EntryDraft
from knowledge.errors import EntryInvalid, Problem
from knowledge.search.columns import folded_code


class _Coded(NamedTuple):
    id: str
    shop_id: str | None
    code: str


def require_free_codes(connection: Connection, saved: Iterable[EntryDraft]) -> None:
    """Raise EntryInvalid when a code of entries that this transaction has put down stands for another one, too."""
    problems = list(taken_codes(connection, saved))
    if problems:
        raise EntryInvalid(problems)


def taken_codes(connection: Connection, drafts: Iterable[EntryDraft]) -> Iterator[Problem]:
    """A problem for each draft whose code a stored entry of its shop, or one that all shops share, has."""
    coded = [(each, code) for each in drafts if (code := folded_code(each.short_code))]
    stored: dict[str, list[_Coded]] = {}
    for one in _stored(connection, sorted({code for _, code in coded})):
        stored.setdefault(one.code, []).append(one)
    for draft, code in coded:
        other = next((one for one in stored.get(code, ()) if one.id != draft.id and _met(one, draft)), None)
        if other:
            reason = f"短代码 {draft.short_code} 已经是条目 {other.id} 的"
            yield Problem("short_code", reason, "请换一个短代码，或先改掉那一条的")


def _met(one: _Coded, draft: EntryDraft) -> bool:
    """Whether some shop has both: a shared entry is every shop's."""
    return None in (one.shop_id, draft.shop_id) or one.shop_id == draft.shop_id


def _stored(connection: Connection, codes: list[str]) -> Iterator[_Coded]:
    columns = tables.entries.c
    for some in batches(codes):
        wanted = columns.short_code.in_(some)
        query = select(columns.id, columns.shop_id, columns.short_code).where(wanted, ~columns.deleted)
        for row in connection.execute(query.order_by(columns.id)):
            yield _Coded(*row)
