"""Lists in one cell: phrasings one a line, tags and items with 、 between; any text can be an element."""

from __future__ import annotations

import re
from collections.abc import Iterable

from knowledge.exchange.cell_text import exact_of, exactly

_SEPARATORS = "、，,；;\n\r"
_TOKEN = re.compile(
    rf"""\s*(?:('"(?:[^"\\]|\\.)*")\s*(?=[{_SEPARATORS}]|$)|([^{_SEPARATORS}]*))(?:[{_SEPARATORS}]|$)"""
)
_LINE_END = re.compile(r"\r\n|\r|\n")


def lines_cell(texts: Iterable[str]) -> str:
    """One text a line."""
    return "\n".join(exactly(text) if _stands_out(text, "\n\r") else text for text in texts)


def lines_of(cell: str) -> list[str]:
    """The texts of a cell's lines; blank lines are none."""
    return [_read(line) for line in map(str.strip, _LINE_END.split(cell)) if line]


def list_cell(texts: Iterable[str]) -> str:
    """The texts with 、 between."""
    return "、".join(exactly(text) if _stands_out(text, _SEPARATORS) else text for text in texts)


def list_of(cell: str) -> list[str]:
    """The texts of a cell, whichever separator stands between: 、 comma, semicolon (full-width or not) or line end."""
    found = (exact or plain.strip() for exact, plain in _TOKEN.findall(cell))
    return [_read(token) for token in found if token]


def _stands_out(text: str, separators: str) -> bool:
    """Whether a text is no element as it stands; one that begins like `exactly` could end in the next element."""
    return not text or text != text.strip() or text.startswith("'\"") or any(mark in text for mark in separators)


def _read(written: str) -> str:
    exact = exact_of(written)
    return written if exact is None else exact
