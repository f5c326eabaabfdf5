"""Reasons: why a buyer does not buy or cancels, as far as their own words say it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

from models.data_files import read_data
from models.text import normalise


def read_reason(kind: str, texts: Iterable[str]) -> str | None:
    """The reason of `kind` (unsold, cancel) that the first of the texts to name one gives; None when none does."""
    for text in map(normalise, texts):
        for reason, pattern in _patterns()[kind].items():
            if pattern.search(text):
                return reason
    return None


def reasons(kind: str) -> tuple[str, ...]:
    """All reasons of a kind, for the agent to tick."""
    return tuple(_patterns()[kind])


@cache
def _patterns() -> dict[str, dict[str, re.Pattern[str]]]:
    table: dict[str, Any] = read_data("assistant", "reasons.yaml")
    return {
        kind: {reason: re.compile("|".join(f"(?:{word})" for word in words)) for reason, words in rows.items()}
        for kind, rows in table.items()
    }
