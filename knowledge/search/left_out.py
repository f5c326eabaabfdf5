"""What a scope leaves out: entries that are near to a message and yet may not answer it, each with the reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

import numpy as np

from knowledge.entries import EMPATHY_TAG, Entry
from knowledge.retriever import Query, Scope
from knowledge.snapshot import Snapshot
from knowledge.vector_segment import Bools
from models.intents import intents
from models.text import normalise, tokens

Filter = Literal["shop", "status", "effective", "item", "role", "conditions"]
LOOKED_AT = 10  # of each kind
NEAR = 0.88  # cosine of a phrasing below which an entry has nothing to do with the message
SHARED = 0.5  # share of the message's words in a phrasing of an entry that has no vector
_STATUS_ZH = {"draft": "草稿", "archived": "已归档"}


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An entry that would have been near, the filter that kept it out and why; `similarity` null: it has no vector."""

    entry_id: str
    title: str
    filter: Filter
    reason: str
    similarity: float | None = None


@dataclass(frozen=True, slots=True)
class Applied:
    """A filter, what it asked for, and how many entries it took out of all that passed those before it."""

    filter: Filter
    about: str
    removed: int


def applied_filters(snapshot: Snapshot, scope: Scope, unpublished: int, *, all_shops: bool) -> list[Applied]:
    """The filters of a scope in their order; what other shops have is only counted for who may see all shops."""
    roster, now = snapshot.roster, scope.now.timestamp()
    mine = roster.of_shop(scope.shop_id)
    in_time = mine & (roster.since <= now) & (now < roster.until)
    admitted = roster.allowed(scope)
    others = int(np.count_nonzero(roster.shops > 0) - np.count_nonzero(mine & (roster.shops > 0)))
    shop = [Applied("shop", f"店铺 {scope.shop_id} 自己的和共用的", others)] if all_shops else []
    return [
        *shop,
        Applied("status", "已发布", unpublished),
        Applied("effective", f"{scope.now.isoformat()} 时有效", int((mine & ~in_time).sum())),
        Applied("item", f"不限商品，或限于商品 {scope.item_id or '（没有给出）'}", int((in_time & ~admitted).sum())),
    ]


def left_out(
    snapshot: Snapshot, query: Query, scope: Scope, unpublished: Sequence[Entry], *, all_shops: bool
) -> list[LeftOut]:
    """The entries nearest to the message that the scope does not admit; other shops' only with `all_shops`."""
    roster = snapshot.roster
    mine, admitted = roster.of_shop(scope.shop_id), roster.allowed(scope)
    zone = ZoneInfo(snapshot.policy(scope.shop_id or "").timezone)
    found = [
        *_near(snapshot, query, mine & ~admitted, lambda entry: _out_of_scope(entry, scope, zone)),
        *_near(snapshot, query, admitted, _opened_by_the_agent),
        *_worded(query, unpublished, _unpublished),
        *_worded(query, [e for e in snapshot.phrases(scope) if not e.answers_messages], _beside_a_reply),
    ]
    if all_shops:
        found += _near(snapshot, query, ~mine & (roster.shops > 0), lambda entry: _of_another_shop(entry, scope))
    return sorted(found, key=lambda each: (-(each.similarity or 0.0), each.entry_id))


def _near(
    snapshot: Snapshot, query: Query, allowed: Bools, reason: Callable[[Entry], tuple[Filter, str] | None]
) -> Iterator[LeftOut]:
    """Of the slots that are `allowed`, those that are near and have a reason."""
    if not allowed.any():
        return
    hits = snapshot.phrasings.search(query.vector, LOOKED_AT, snapshot.phrasings.mask(allowed))
    for owner, cosine in zip(hits.owners.tolist(), hits.scores.tolist(), strict=True):
        entry = snapshot.roster.entry(owner)
        why = reason(entry) if cosine >= NEAR else None
        if why:
            yield LeftOut(entry.id, entry.title, *why, similarity=round(cosine, 4))


def _worded(query: Query, entries: Iterable[Entry], reason: Callable[[Entry], tuple[Filter, str]]) -> Iterator[LeftOut]:
    """Of entries without vectors, those in whose phrasings the words of the message are."""
    asked = set(tokens(query.text))
    if not asked:
        return
    shares = [
        (max(len(asked & set(tokens(normalise(text)))) / len(asked) for text in entry.phrasings), entry)
        for entry in entries
    ]
    best = sorted((one for one in shares if one[0] >= SHARED), key=lambda one: (-one[0], one[1].id))
    for _, entry in best[:LOOKED_AT]:
        yield LeftOut(entry.id, entry.title, *reason(entry))


def _out_of_scope(entry: Entry, scope: Scope, zone: ZoneInfo) -> tuple[Filter, str]:
    if entry.effective_from and scope.now < entry.effective_from:
        return "effective", f"还没有生效，{_moment(entry.effective_from, zone)} 起才用"
    if entry.effective_until and entry.effective_until <= scope.now:
        return "effective", f"已经失效，只用到 {_moment(entry.effective_until, zone)}"
    here = f"这里是商品 {scope.item_id}" if scope.item_id else "这里没有给出商品"
    return "item", f"只用于商品 {'、'.join(entry.items[:5])}{' 等' if len(entry.items) > 5 else ''}，{here}"


def _opened_by_the_agent(entry: Entry) -> tuple[Filter, str] | None:
    if intents()[entry.intent].voice == "buyer":
        return None
    return "role", "这类话由客服主动发起，不用来回答买家的消息"


def _unpublished(entry: Entry) -> tuple[Filter, str]:
    return "status", f"{_STATUS_ZH.get(entry.status, entry.status)}，发布后才会用到"


def _beside_a_reply(entry: Entry) -> tuple[Filter, str]:
    beside = "安抚开头" if EMPATHY_TAG in entry.tags else "后续引导"
    return "role", f"带有 {'、'.join(entry.tags)} 标签，只作{beside}，不单独作回复"


def _of_another_shop(entry: Entry, scope: Scope) -> tuple[Filter, str]:
    return "shop", f"属于店铺 {entry.shop_id}，这里是店铺 {scope.shop_id}"


def _moment(moment: datetime, zone: ZoneInfo) -> str:
    try:
        return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M")
    except OverflowError:  # the first and the last day that there are, in another zone
        return moment.isoformat()
