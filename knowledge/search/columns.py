"""What of an entry stands in columns beside its JSON, so that a list can be searched and sorted by it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from knowledge.entries import Entry
from knowledge.pinyin import pinyin_lines, pinyin_of

_KEY_LENGTH = 100  # characters that decide where a title is sorted


def search_columns(entry: Entry) -> dict[str, Any]:
    """The columns by name."""
    return {
        "searchable": searchable(entry),
        "short_code": folded_code(entry.short_code),
        "effective_from": _seconds(entry.effective_from),
        "effective_until": _seconds(entry.effective_until),
        "tags": "".join(map(tag_line, entry.tags)),
        "title_key": pinyin_of(entry.title).full[:_KEY_LENGTH],
        "pinyin": pinyin_lines((entry.title, *entry.questions)),
    }


def searchable(entry: Entry) -> str:
    """What a text search looks through: everything that people read of an entry, and its id, case folded."""
    texts = (entry.title, *entry.questions, *(answer.text for answer in entry.answers))
    lines = (*texts, entry.note, entry.short_code, entry.id)
    return "\n".join(line for line in lines if line).replace("\0", " ").casefold()


def folded_code(code: str | None) -> str | None:
    """A short code as it is compared: whatever the case."""
    return code.casefold() if code else None


def tag_line(tag: str) -> str:
    """A tag as it is looked for among others: a line of its own."""
    return f"\n{' '.join(tag.replace(chr(0), ' ').split())}\n"


def _seconds(moment: datetime | None) -> float | None:
    return moment.timestamp() if moment else None
