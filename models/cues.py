"""Word lists as evidence: which emotions and risks the words of a message name by themselves."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from models.data_files import read_data

EMOTIONS = ("positive", "neutral", "anxious", "upset", "angry")


@dataclass(frozen=True, slots=True)
class Cues:
    """How many different cues of each kind were found; `risks` are intent codes, most cues first."""

    emotions: dict[str, int]
    calm: int
    risks: tuple[str, ...]


def read_cues(text: str) -> Cues:
    """The cues in a normalised text."""
    lists = _lists()
    risks = {code: _count(pattern, text) for code, pattern in lists.risks.items()}
    return Cues(
        emotions={label: _count(pattern, text) for label, pattern in lists.emotions.items()},
        calm=_count(lists.calm, text),
        risks=tuple(sorted((code for code, count in risks.items() if count), key=lambda code: -risks[code])),
    )


@dataclass(frozen=True, slots=True)
class _Lists:
    emotions: dict[str, re.Pattern[str]]
    calm: re.Pattern[str]
    risks: dict[str, re.Pattern[str]]


@cache
def _lists() -> _Lists:
    table = read_data("models", "cues.yaml")
    return _Lists(
        emotions={label: _pattern(words) for label, words in table["emotions"].items()},
        calm=_pattern(table["calm"]),
        risks={code: _pattern(words) for code, words in table["risks"].items()},
    )


def _pattern(words: list[str]) -> re.Pattern[str]:
    """One pattern for a list; longer words first, so that 差评预定 is not read as 差评 alone."""
    pieces = [word[3:] if word.startswith("re:") else re.escape(word) for word in sorted(words, key=len, reverse=True)]
    return re.compile("|".join(f"(?:{piece})" for piece in pieces))


def _count(pattern: re.Pattern[str], text: str) -> int:
    return len({match.group() for match in pattern.finditer(text)})
