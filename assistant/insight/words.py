"""The words and lists of insight (`data/insight.yaml`), and what codes are called."""

from __future__ import annotations

import re
from functools import cache

from pydantic import BaseModel, ConfigDict

from knowledge.placeholders import context_names
from models.data_files import read_data
from models.intents import intents, phases

_ATTRIBUTE = "item.attributes."
_EXPLAINED = re.compile("[；，（：]")


class SectionWords(BaseModel):
    """What a part of the report is called, what its figures are shares of, and what is said when it is empty."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    note: str
    empty: str


class Words(BaseModel):
    """The whole file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sections: dict[str, SectionWords]
    nothing: str
    no_messages: str
    no_item: str
    unnamed: str
    quality_intents: tuple[str, ...]
    telling_phases: frozenset[str]
    product_intents: frozenset[str]
    own_fields: dict[str, tuple[str, ...]]
    not_on_the_page: frozenset[str]


@cache
def words() -> Words:
    """All of them."""
    return Words.model_validate(read_data("assistant", "insight.yaml"))


def intent_name(code: str) -> str:
    """An intent in Chinese; a code of an older program as it is."""
    return intents()[code].zh if code in intents() else code


def phase_of(code: str) -> str:
    """The phase that an intent belongs to."""
    return intents()[code].phase if code in intents() else "other"


def phase_name(code: str) -> str:
    """A phase in Chinese."""
    return phases().get(code, code)


def field_name(path: str) -> str:
    """A missing field as people call it: 材质, 尺码表, 快递单号."""
    if path.startswith(_ATTRIBUTE):
        return path.removeprefix(_ATTRIBUTE)
    return _EXPLAINED.split(context_names().get(path, path))[0]
