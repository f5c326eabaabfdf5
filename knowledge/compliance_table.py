"""The table of `data/compliance.yaml`, read into rules that can be matched."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from models.data_files import read_data

Action = Literal["block", "warn"]

# Texts are matched with the narrow marks that folding leaves; editors write the wide ones.
_MARKS = str.maketrans({"，": ",", "！": "!", "？": r"\?", "：": ":", "；": ";", "（": r"\(", "）": r"\)", "～": "~"})
_REST, _GAP = r"[^,;。!?\n~”\"」）)]{0,24}", r"[^,;:、。!?\n]{0,6}?"
_NAME = re.compile(r"<([\u4e00-\u9fff]+)>")


@dataclass(frozen=True, slots=True)
class Rule:
    """One wording that breaks a rule, with what may excuse it; `quotable` when the buyer's own words may be repeated.

    `after`, `before` and `within` excuse by what stands right before it, right behind it, anywhere in its sentence.
    """

    category: str
    action: Action
    pattern: re.Pattern[str]
    reason: str
    replacement: str | None
    quotable: bool
    after: re.Pattern[str] | None
    before: re.Pattern[str] | None
    within: re.Pattern[str] | None


@cache
def table() -> dict[str, Any]:
    """The file as it is written."""
    read: dict[str, Any] = read_data("knowledge", "compliance.yaml")
    return read


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule, in the order of the table."""
    return tuple(_rule(category, row) for category in table()["categories"] for row in category["rules"])


@cache
def allowed() -> tuple[str, ...]:
    """Phrases that may always be said."""
    return tuple(str(phrase) for phrase in table()["allow"])


@cache
def quotation() -> re.Pattern[str]:
    """What the buyer said, repeated in quotation marks: the quotation is group 1."""
    return pattern_of(table()["quotation"])


def pattern_of(written: str) -> re.Pattern[str]:
    """A pattern of the table: <名> is a list of words, … a few characters, …… the rest of the clause."""
    spelt = _NAME.sub(lambda match: _any_of(table()["words"][match.group(1)]), written)
    return re.compile(spelt.translate(_MARKS).replace("……", _REST).replace("…", _GAP))


def _any_of(words: list[str]) -> str:
    """Longer words first, so that the longest is the one that is found; `re:` marks a pattern."""
    pieces = [word[3:] if word.startswith("re:") else re.escape(word) for word in sorted(words, key=len, reverse=True)]
    return f"(?:{'|'.join(pieces)})"


def _rule(category: dict[str, Any], row: dict[str, Any]) -> Rule:
    merged = {**category, **row}
    after = merged.get("unless_after")
    return Rule(
        category=category["name"],
        action="block" if row["action"] == "block" else "warn",
        pattern=pattern_of(row["pattern"]),
        reason=merged["reason"],
        replacement=row.get("replacement"),
        quotable=merged.get("quotable", True),
        after=pattern_of(f"(?:{after})$") if after else None,
        before=pattern_of(merged["unless_before"]) if merged.get("unless_before") else None,
        within=pattern_of(merged["unless_in"]) if merged.get("unless_in") else None,
    )
