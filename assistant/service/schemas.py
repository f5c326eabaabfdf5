"""Wire documents that are not the contract's own: lists, readiness and the names that pages show."""

from __future__ import annotations

from pydantic import BaseModel

from knowledge.catalogue import Item
from knowledge.entries import Entry


class EntryList(BaseModel):
    """One page of entries, and how many there are in all."""

    entries: list[Entry]
    total: int


class ItemList(BaseModel):
    """The catalogue of a shop."""

    items: list[Item]


class Readiness(BaseModel):
    """Whether suggestions can be asked for: model and index loaded, the index at the store's revision."""

    ready: bool
    encoder: str
    revision: int
    store_revision: int
    entries: int


class IntentName(BaseModel):
    """An intent as pages name it."""

    zh: str
    phase: str
    voice: str


class Vocabulary(BaseModel):
    """Chinese names of the codes in a response."""

    intents: dict[str, IntentName]
    phases: dict[str, str]
    emotions: dict[str, str]
    order_states: dict[str, str]
    fields: dict[str, str]


class ProblemField(BaseModel):
    """One thing wrong with one field, and what to do about it."""

    field: str
    reason: str
    remedy: str


class ProblemDocument(BaseModel):
    """An error (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[ProblemField] = []
