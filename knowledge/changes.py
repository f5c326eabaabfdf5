"""What goes into the store in one write, and what comes back from it: values shared by the store and its callers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from sqlalchemy import Connection

from knowledge.catalogue import Item
from knowledge.entries import Entry, EntryDraft, Listed
from knowledge.shop_policy import ShopPolicy

Outcome = Literal["created", "updated", "unchanged", "deleted"]


@dataclass(frozen=True)
class Changes:
    """Everything that one transaction is to store; `policies` maps a shop to its whole new settings."""

    drafts: Sequence[EntryDraft] = ()
    deletes: Sequence[str] = ()
    items: Sequence[Item] = ()
    policies: Mapping[str, ShopPolicy] = field(default_factory=dict)


@dataclass(frozen=True)
class Saved:
    """What became of one entry, and the version that it now has (a deletion takes a version number too)."""

    entry_id: str
    version: int
    outcome: Outcome


Also = Callable[[Connection, Sequence[Saved]], None]
"""What a write does beside it in its transaction, told what became of the entries; what it raises undoes the write."""


@dataclass(frozen=True)
class Written:
    """One write as stored: the drafts in order, then the deletes, and the knowledge revision after it."""

    saved: tuple[Saved, ...]
    revision: int


@dataclass(frozen=True)
class Delta:
    """All that changed after a revision, as one consistent snapshot at `revision`.

    `entries` are the current ones of any status; `policies` names every shop that is new or whose settings changed,
    so a shop that came into being with an entry is there with the default settings.
    """

    revision: int
    entries: tuple[Entry, ...]
    deleted: frozenset[str]
    items: tuple[Item, ...]
    policies: Mapping[str, ShopPolicy]


@dataclass(frozen=True)
class Page:
    """One page of a list, and how many entries the whole list has."""

    entries: tuple[Listed, ...]
    total: int
