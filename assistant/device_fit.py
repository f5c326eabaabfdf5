"""A device that a buyer names (iPhone 15, 笔记本, 电磁炉) against the attribute that lists devices.

Only a plain word decides: the device itself among those that suit, or it or its kind among those that do not.
That phones suit says nothing of one phone (its plug may be another).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from knowledge.quantities import clauses, is_excluding
from knowledge.suitability import Device, Verdict, device_attributes, devices
from models.text import normalise

_UPWARDS = re.compile(r"\s*(?:及|和)?(?:以上|以后|之后|起|\+)")


@dataclass(frozen=True, slots=True)
class _Mention:
    """A device in a text, with the number of its model (iPhone 15) where there is one."""

    device: Device
    model: int | None
    start: int
    end: int


def device_fit(attributes: Mapping[str, str], text: str) -> Verdict | None:
    """Whether the device named in a normalised text suits; one that does not is told before one that does."""
    name = next((name for name in device_attributes() if attributes.get(name)), None)
    verdicts = [
        Verdict(suits, _called(mention), name)
        for mention in (_mentions(text) if name else ())
        if name and (suits := _suits(mention, _folded(attributes[name]))) is not None
    ]
    return min(verdicts, key=lambda verdict: verdict.suits, default=None)


def names_a_device(text: str) -> bool:
    """Whether a normalised text names any device."""
    return _words().search(text) is not None


@lru_cache(maxsize=512)
def _folded(value: str) -> str:
    return normalise(value)


def _called(mention: _Mention) -> str:
    return f"{mention.device.name} {mention.model}" if mention.model else mention.device.name


def _suits(asked: _Mention, value: str) -> bool | None:
    included = excluded = False
    for clause in clauses(value):
        for named in _mentions(clause):
            if is_excluding(clause):
                excluded |= named.device.name in (asked.device.name, asked.device.kind) and named.model is None
            elif named.device.name == asked.device.name:
                covered = _covers(clause, named, asked.model)
                included |= covered is True
                excluded |= covered is False
    return included if included != excluded else None


def _covers(clause: str, named: _Mention, model: int | None) -> bool | None:
    """Whether 'iPhone 8及以上' or 'iPhone 12、13、14' covers a model; None when it does not say."""
    if named.model is None:
        return True
    if model is None:
        return None
    if _UPWARDS.match(clause[named.end :]):
        return model >= named.model
    listed = re.match(r"\d+(?:\s*(?:[/、]|pro|max|plus|mini|系列)\s*\d*)*", clause[named.end - len(str(named.model)) :])
    return True if listed and str(model) in re.findall(r"\d+", listed[0]) else None


def _mentions(text: str) -> Iterator[_Mention]:
    taken = 0
    for match in _words().finditer(text):
        if match.start() >= taken:
            taken = match.end()
            model = match["model"]
            yield _Mention(_by_word()[match["word"]], int(model) if model else None, *match.span())


@cache
def _by_word() -> dict[str, Device]:
    return {word: device for device in devices() for word in device.words}


@cache
def _words() -> re.Pattern[str]:
    words = "|".join(map(re.escape, sorted(_by_word(), key=len, reverse=True)))
    # The number is a model only right behind the name: iphone15, 苹果 14pro; 65 of iphone 65w is none.
    return re.compile(rf"(?P<word>{words})(?:\s*(?P<model>\d{{1,2}})(?![\d.]|\s*(?:w|瓦|个|台|次|分|块|元|%)))?")
