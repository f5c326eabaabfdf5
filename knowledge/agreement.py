"""Whether two answers to one question say the same: under conditions that can hold together, in other words or not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from knowledge.conditions import compatible
from knowledge.entries import Answer
from knowledge.placeholders import PLACEHOLDER
from knowledge.quantities import han_number
from models.data_files import read_data
from models.text import normalise

ALIKE = 0.93  # cosine of two answers that may be one in other words; measured on starter answers, others are below
_UNITS = "小时|工作日|天|日|周|月|年|元|块|折|件|次|倍"
_NUMBERS = re.compile(rf"\d+(?:\.\d+)?|[一二两三四五六七八九十百]+(?=个?(?:{_UNITS}))")


@dataclass(frozen=True, eq=False)
class Said:
    """An answer and its vector (dim,)."""

    answer: Answer
    vector: NDArray[np.float32]

    @property
    def text(self) -> str:
        """The answer as it is compared: placeholders are all alike, for they are filled alike."""
        return normalise(PLACEHOLDER.sub(r"\1", self.answer.text))


def disagreement(ours: Iterable[Said], theirs: Iterable[Said]) -> str | None:
    """What an answer of ours says otherwise than all of theirs that may be given in the same case; None: nothing."""
    others = list(theirs)
    for one in ours:
        rivals = [other for other in others if compatible(one.answer, other.answer)]
        reasons = [_difference(one, other) for other in rivals]
        if reasons and all(reasons):
            return reasons[0]
    return None


def _difference(one: Said, other: Said) -> str | None:
    if one.text == other.text:
        return None
    mine, yours = _numbers(one.text), _numbers(other.text)
    if mine and yours and mine != yours:
        return f"数字不同：这里是 {'、'.join(sorted(mine))}，那里是 {'、'.join(sorted(yours))}"
    if _refuses(one.text) != _refuses(other.text):
        return "一个肯定，一个否定"
    return None if float(one.vector @ other.vector) >= ALIKE else "说的不是一回事"


def _numbers(text: str) -> frozenset[str]:
    found = _NUMBERS.findall(text)
    return frozenset(number if number[0].isascii() else f"{han_number(number):g}" for number in found)


def _refuses(text: str) -> bool:
    words = _words()
    for phrase in words["harmless"]:
        text = text.replace(phrase, " ")
    return any(word in text for word in words["refuses"])


@cache
def _words() -> Mapping[str, list[str]]:
    table: Mapping[str, list[str]] = read_data("knowledge", "refusals.yaml")
    return table
