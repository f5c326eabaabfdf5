"""Wire documents that are not the contract's own: lists, readiness and the names that pages show."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from assistant.request import MAX_TEXT, without_surrogates
from knowledge.catalogue import Item
from knowledge.compliance import Finding
from knowledge.context import Context
from knowledge.entries import Listed


class EntryList(BaseModel):
    """One page of entries, and how many there are in all."""

    entries: list[Listed]
    total: int


class ItemList(BaseModel):
    """The catalogue of a shop."""

    items: list[Item]


class LintRequest(BaseModel):
    """A text that an agent is about to send; with a shop or a context its promises are checked against them."""

    model_config = ConfigDict(frozen=True, extra="ignore", coerce_numbers_to_str=True)

    text: str = Field(max_length=MAX_TEXT)
    shop_id: str | None = None
    context: Context | None = None

    @model_validator(mode="before")
    @classmethod
    def _no_half_characters(cls, value: Any) -> object:
        return without_surrogates(value)

    @field_validator("text")
    @classmethod
    def _says_something(cls, text: str) -> str:
        if not text.strip():
            raise PydanticCustomError("string_too_short", "text is blank")
        return text


class LintResponse(BaseModel):
    """What must be mended, in the order of the text; not sendable while a finding blocks.

    Spans count characters (code points, as Python does and `Array.from(text)` in JavaScript), end excluded.
    """

    findings: list[Finding]
    sendable: bool


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
