"""Next steps: what the agent should do besides replying, from an editable table of cases."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from assistant.response import NextStep, Understanding
from knowledge.conditions import Facts
from knowledge.placeholders import PLACEHOLDER

_GAPS = re.compile(r"\s*([，、：；）])|\s{2,}")  # what a fact that is not known leaves behind
MAX_NOTE_BYTES = 1000  # what an order note of the platform holds
_LIKELY = 0.4


@dataclass(frozen=True, slots=True)
class Case:
    """A row of the table: for these intents or risks (and order states), these steps."""

    steps: tuple[Mapping[str, Any], ...]
    intents: frozenset[str] = frozenset()
    risks: frozenset[str] = frozenset()
    states: frozenset[str] = frozenset()
    complaint: bool | None = None

    def applies(self, topics: set[str], understanding: Understanding, facts: Facts) -> bool:
        """Whether the turn is such a case."""
        named = topics & self.intents or set(understanding.risks) & self.risks
        in_state = not self.states or facts.get("order.state") in self.states
        complains = self.complaint is None or self.complaint == understanding.complaint.value
        return bool(named) and in_state and complains


def next_steps(understanding: Understanding, facts: Facts, turn: str, now: datetime) -> tuple[NextStep, ...]:
    """The steps for this turn, each kind and title once; `now` is the shop's local time."""
    topics = {guess.code for guess in understanding.intents[:2] if guess.confidence >= _LIKELY}
    topics |= {guess.code for guess in understanding.intents[:1]}
    words = {**facts, "summary": _summary(turn), "time": now.strftime("%m-%d %H:%M")}
    steps = (
        _fill(step, words) for case in _cases() if case.applies(topics, understanding, facts) for step in case.steps
    )
    return tuple(_unique(steps))


def _fill(step: Mapping[str, Any], words: Mapping[str, object]) -> NextStep | None:
    """The step with its text filled in; None when nothing of the text is known."""
    text = _filled(step["text"], words) if "text" in step else None
    if text == "":
        return None
    items = tuple(step["items"]) if "items" in step else None
    return NextStep(kind=step["kind"], title=step["title"], items=items, text=text, flag=step.get("flag"))


def _filled(text: str, words: Mapping[str, object]) -> str:
    """Fill a note; of its parts between bars, one that says only what is not known is left out."""
    parts = [part for part in text.split(" | ") if not _says_nothing(part, words)]
    filled = PLACEHOLDER.sub(lambda match: str(words.get(match.group(1)) or ""), " | ".join(parts))
    return _shorten(_GAPS.sub(lambda match: match.group(1) or " ", filled).strip())


def _says_nothing(part: str, words: Mapping[str, object]) -> bool:
    names = PLACEHOLDER.findall(part)
    return bool(names) and not any(words.get(name) for name in names) and len(PLACEHOLDER.sub("", part).strip()) <= 3


def _shorten(text: str) -> str:
    return text.encode()[:MAX_NOTE_BYTES].decode(errors="ignore")


def _summary(turn: str) -> str:
    turn = " ".join(turn.split())
    return turn if len(turn) <= 60 else f"{turn[:59]}…"


def _unique(steps: Iterable[NextStep | None]) -> Iterator[NextStep]:
    seen = set()
    for step in steps:
        if step and (step.kind, step.title) not in seen:
            seen.add((step.kind, step.title))
            yield step


@cache
def _cases() -> tuple[Case, ...]:
    rows = yaml.safe_load(files("assistant").joinpath("data/next_steps.yaml").read_text("utf-8"))
    sets = ("intents", "risks", "states")
    return tuple(
        Case(
            steps=tuple(row["steps"]),
            complaint=row.get("complaint"),
            **{name: frozenset(row.get(name, ())) for name in sets},
        )
        for row in rows
    )
