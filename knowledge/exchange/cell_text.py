"""A text as it stands in a cell of a table, and back: safe from spreadsheet programs, and never changed by the way.

A leading apostrophe protects: `'=1+1` is the text =1+1, which no program takes for a formula, and `'"…"` holds in JSON
what a cell cannot hold as it is: control characters, blanks at the ends, the empty text.
"""

from __future__ import annotations

import json
import re

_GUARD = "'"
_FORMULA = "=+-@＝＋－＠"
# What cannot pass through every program: control characters but tab and newline, line separators, the byte order
# mark, what XML forbids, and what Excel takes for its own escapes.
_UNSAFE = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]|_x[0-9A-Fa-f]{4}_|x005F_")
_ESCAPED = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)|(?<=x005F)_")
_LINE_END = re.compile(r"(_x000D_)?(\r\n|\r|\n)|_x000D_")  # as programs write it; ours is \n
# Numbers, dates and truth values: opened from .csv they would be rewritten (007 to 7, 1-2 to 1月2日).
_RETYPED = re.compile(
    r"(?=\D*\d)[\d\s.,:/%¥$￥€eE年月日时分秒-]+|true|false"
    r"|(\d{1,4}[\s-]?)?(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[\s-]?\d{0,4}",
    re.IGNORECASE,
)
SCIENTIFIC = re.compile(r"\d(\.\d+)?[eE]\+?\d{2,}")  # a long number that a program rewrote, with digits lost
NOT_CALCULATED = "#(=)"  # stands for the result of a formula that was saved without one
FORMULA_ERRORS = (
    NOT_CALCULATED, "#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"
)  # fmt: skip


def cell_of(text: str, *, typed: bool) -> str:
    """The cell that holds a text; `typed` where the format itself says that a cell is text, as .xlsx does."""
    guarded = _GUARD + text if _needs_guard(text, typed) else text
    fits = text == text.strip() != "" and not _UNSAFE.search(text)
    return guarded if fits and text_of(guarded) == text else exactly(text)


def text_of(cell: str) -> str:
    """The text that a cell holds: without what `cell_of` added, and without blanks at its ends."""
    cell = _LINE_END.sub("\n", cell.strip())
    if not cell.startswith(_GUARD):
        return cell
    exact = exact_of(cell)
    if exact is not None:
        return exact
    return cell[1:] if _needs_guard(cell[1:], typed=False) else cell


def exactly(text: str) -> str:
    """A text as JSON behind an apostrophe: all of it in visible characters of one line."""
    return _GUARD + _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(text, ensure_ascii=False))


def exact_of(written: str) -> str | None:
    """The text of what `exactly` wrote; None for anything else."""
    if not (written.startswith("'\"") and written.endswith('"') and len(written) > 2):
        return None
    try:
        text = json.loads(written[1:])
    except ValueError:
        return None
    return text if isinstance(text, str) else None


def _needs_guard(text: str, typed: bool) -> bool:
    if text.startswith(_GUARD):  # else the apostrophe would be taken off on the way back
        return _needs_guard(text[1:], typed=False)
    if text[:1] in tuple(_FORMULA) or text in FORMULA_ERRORS or SCIENTIFIC.fullmatch(text):
        return True
    return not typed and _RETYPED.fullmatch(text) is not None
