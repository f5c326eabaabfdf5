"""Attributes in buyers' words: which attribute of an item a question is about, through an editable synonym table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from models.data_files import read_data


@dataclass(frozen=True, slots=True)
class Synonyms:
    """`names` as catalogues write the attribute, `words` as buyers do; for `intents` it is the one meant by default."""

    names: tuple[str, ...]
    words: tuple[str, ...]
    intents: tuple[str, ...] = ()

    def name_among(self, attributes: Mapping[str, str]) -> str | None:
        """The name by which these attributes call it."""
        return next((name for name in self.names if name in attributes), None)


def asked_attribute(text: str, attributes: Mapping[str, str], intent: str) -> tuple[str, str | None] | None:
    """Name and value of the attribute that a normalised text asks for; no value when the item does not say it.

    An attribute named in full wins, then the longest buyer's word, then the intent's default; None: no attribute.
    """
    named = max((name for name in attributes if name.lower() in text), key=len, default=None)
    row, length = _longest_named(text)
    if named and len(named) >= length:
        return named, attributes[named]
    if row is None:
        return _default(attributes, intent)
    name = row.name_among(attributes)
    return (name, attributes[name]) if name else (row.names[0], None)


def names_asked(text: str) -> tuple[str, ...]:
    """How catalogues call the attribute that a buyer's word in a normalised text means; none where no word is."""
    row, _ = _longest_named(text)
    return row.names if row else ()


@lru_cache(maxsize=256)  # one turn asks for every entry that may answer it
def _longest_named(text: str) -> tuple[Synonyms | None, int]:
    """The row with the longest word in the text, the earlier of equals, and that word's length."""
    words = _words()
    found = (entry for first in set(text) for entry in words.get(first, ()) if entry[1] in text)
    number, word = min(found, key=lambda entry: (-len(entry[1]), entry[0]), default=(0, ""))
    return (_table()[number] if word else None), len(word)


@cache
def _words() -> dict[str, list[tuple[int, str]]]:
    """Every buyer's word with the number of its row, by its first character: few are tried for a text."""
    words: dict[str, list[tuple[int, str]]] = {}
    for number, row in enumerate(_table()):
        for word in row.words:
            words.setdefault(word[0], []).append((number, word))
    return words


def _default(attributes: Mapping[str, str], intent: str) -> tuple[str, str | None] | None:
    rows = [row for row in _table() if intent in row.intents]
    found = (name for row in rows if (name := row.name_among(attributes)))
    name = next(found, None)
    if name:
        return name, attributes[name]
    return (rows[0].names[0], None) if rows else None


@cache
def _table() -> tuple[Synonyms, ...]:
    rows = read_data("knowledge", "attributes.yaml")
    return tuple(
        Synonyms(
            tuple(row["names"]), tuple(str(word).lower() for word in row["words"]), tuple(row.get("intents") or ())
        )
        for row in rows
    )
