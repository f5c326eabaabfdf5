"""Published entries by intent and tag, kept up with every change: making them anew takes 20 ms at 10,000 entries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import TypeAlias

from knowledge.entries import Entry

Key: TypeAlias = tuple[str | None, str | None]
"""An intent and a tag; None for any."""


@dataclass(frozen=True, slots=True)
class EntryGroups:
    """The entries of every intent, of every tag, of both together, and all of them. Immutable."""

    _members: Mapping[Key, Mapping[str, Entry]] = field(default_factory=dict)

    def of(self, intent: str | None = None, tag: str | None = None) -> Iterable[Entry]:
        """The entries of an intent, of a tag, or of both; without either, all. In no particular order."""
        return self._members.get((intent, tag), {}).values()

    def replaced(self, gone: Iterable[Entry], put: Iterable[Entry]) -> EntryGroups:
        """These groups without the entries `gone` and with the entries `put`."""
        fresh: dict[Key, dict[str, Entry]] = {}

        def own(key: Key) -> dict[str, Entry]:
            if key not in fresh:
                fresh[key] = dict(self._members.get(key, {}))
            return fresh[key]

        for entry in gone:
            for key in _keys(entry):
                own(key).pop(entry.id, None)
        for entry in put:
            for key in _keys(entry):
                own(key)[entry.id] = entry
        return EntryGroups({**self._members, **fresh})


def _keys(entry: Entry) -> Iterable[Key]:
    return product((None, entry.intent), (None, *dict.fromkeys(entry.tags)))
