"""A row of an imported file, whatever its format: a draft, or what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from knowledge.entries import EntryDraft
from knowledge.errors import Problem
from knowledge.exchange.field_problems import field_problems


@dataclass(frozen=True, slots=True)
class Row:
    """`number` counts lines from 1 as an editor's window does; exactly one of `draft` and `problems` is there.

    `named` gives the name that the file has for a field of the entry, for problems found later.
    """

    number: int
    draft: EntryDraft | None = None
    problems: tuple[Problem, ...] = ()
    entry_id: str | None = None
    named: Callable[[str], str] = field(default=str, compare=False)


def row_of(number: int, values: Mapping[str, Any]) -> Row:
    """Read one row's fields as an entry."""
    entry_id = values.get("id")
    shown_id = entry_id if isinstance(entry_id, str) else None
    try:
        return Row(number, EntryDraft.model_validate(values), entry_id=shown_id)
    except ValidationError as error:
        return Row(number, problems=tuple(field_problems(error)), entry_id=shown_id)
