"""Several questions in one turn: where each begins and ends, so that every one of them can be answered."""

from __future__ import annotations

import re
from functools import cache

from models.data_files import read_data

MAX_QUESTIONS = 3  # nobody asks more at once that one reply could answer
_BREAK = re.compile(r"(?<=[?!。;])|[,，、;。\s]+")


def questions_of(lines: list[str]) -> tuple[str, ...]:
    """The questions of a turn's normalised lines, each with what is said before it; empty when it asks but one thing.

    160 100斤 穿什么码 发什么快递 → (160,100斤,穿什么码 | 发什么快递).
    """
    pieces = [piece for line in lines for piece in _BREAK.split(line) if piece]
    questions: list[list[str]] = [[]]
    for piece in pieces:
        questions[-1].append(piece)
        if _asking().search(piece):
            questions.append([])
    *asked, rest = questions
    if len(asked) < 2:
        return ()
    asked[-1] += rest
    return tuple(",".join(question) for question in asked[-MAX_QUESTIONS:])


@cache
def _asking() -> re.Pattern[str]:
    """What marks a question or a request."""
    table = read_data("assistant", "conversation.yaml")
    return re.compile("|".join(table["asking"]))
