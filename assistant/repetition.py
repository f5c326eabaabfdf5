"""Repetition: whether something was said already, also where the agent changed a word or two before sending it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from models.text import normalise

_ALIKE = 0.8  # share of a text's character pairs that stand in one message sent before
_VOCATIVES = ("亲，", "亲亲，", "亲～", "亲！", "亲,")


def without_vocative(text: str) -> str:
    """The text without 亲 at its head."""
    return next((text[len(word) :] for word in _VOCATIVES if text.startswith(word)), text)


def was_said(text: str, said: Iterable[str]) -> bool:
    """Whether a message sent before holds the text, word for word or nearly so."""
    words = without_vocative(text)
    pairs = _pairs(words)
    return bool(pairs) and any(words in sent or len(pairs & _pairs(sent)) >= _ALIKE * len(pairs) for sent in said)


@lru_cache(maxsize=1024)  # the same few texts are compared with every wording of a turn
def _pairs(text: str) -> frozenset[str]:
    folded = "".join(character for character in normalise(text) if character.isalnum())
    return frozenset(folded[i : i + 2] for i in range(len(folded) - 1))
