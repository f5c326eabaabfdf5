"""Placeholders in answers: their catalogue, how they are found, and what stands in when a fact is not known."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from models.data_files import read_data

PLACEHOLDER = re.compile(r"\{([^{}\n]{1,60})\}")
_STRAY_BRACE = re.compile(r"[{}]")


@dataclass(frozen=True, slots=True)
class Field:
    """A fact that answers may quote and conditions may test (a row of `data/fields.yaml`)."""

    path: str
    names: tuple[str, ...]
    meaning: str
    gap: str | None = None
    values: tuple[str, ...] = ()
    missing: str | None = None

    @property
    def context_field(self) -> str:
        """The request field that would have given this fact."""
        return self.missing or self.path


@cache
def fields() -> dict[str, Field]:
    """Every field by its dotted path."""
    return {row["path"]: Field(**{**row, "names": tuple(row["names"]), "values": tuple(row.get("values", ()))})
            for row in _catalogue()["fields"]}  # fmt: skip


@cache
def context_names() -> dict[str, str]:
    """What pages call each fact and each context field that a gap may name."""
    return {**{field.path: field.meaning for field in fields().values()}, **_catalogue()["context"]}


@cache
def _catalogue() -> dict[str, Any]:
    catalogue: dict[str, Any] = read_data("knowledge", "fields.yaml")
    return catalogue


@cache
def _by_name() -> dict[str, str]:
    return {name: field.path for field in fields().values() for name in (field.path, *field.names)}


def path_of(name: str) -> str | None:
    """The dotted path that a placeholder's name stands for; None when it is not in the catalogue."""
    if "*" in name:
        return None
    prefix, _, attribute = name.partition(":")
    if prefix == "属性" and attribute:
        return f"item.attributes.{attribute}"
    if name.startswith("item.attributes.") and len(name) > len("item.attributes."):
        return name
    return _by_name().get(name)


def field_of(path: str) -> Field | None:
    """The catalogue's row for a dotted path; an item's attributes share one row."""
    return fields()["item.attributes.*"] if path.startswith("item.attributes.") else fields().get(path)


def placeholders(text: str) -> list[str]:
    """The names in braces, in order."""
    return PLACEHOLDER.findall(text)


def has_stray_brace(text: str) -> bool:
    """Whether a brace is left once the well-formed placeholders are taken out."""
    return bool(_STRAY_BRACE.search(PLACEHOLDER.sub("", text)))
