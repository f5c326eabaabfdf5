"""The table of next steps: cases with their conditions, and the steps that they call for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from assistant.response import StepKind
from models.data_files import read_data

NO_STATE = "none"


@dataclass(frozen=True, slots=True)
class Question:
    """An item of a list; not asked when any of `unless` is known."""

    text: str
    unless: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """A step as the table words it; given when all of `needs` and none of `unless` is known."""

    kind: StepKind
    title: str
    text: str | None = None
    items: tuple[Question, ...] = ()
    needs: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    flag: str | None = None

    def wanted(self, words: Mapping[str, object]) -> bool:
        """Whether what is known calls for this step."""
        return all(map(words.get, self.needs)) and not any(map(words.get, self.unless))

    def questions(self, words: Mapping[str, object]) -> tuple[str, ...]:
        """The items of the list without those that are already known."""
        return tuple(item.text for item in self.items if not any(map(words.get, item.unless)))


@dataclass(frozen=True, slots=True)
class Case:
    """A row of the table: for these intents or risks, in these states, moods and words, these steps."""

    steps: tuple[Step, ...]
    named: frozenset[str] = frozenset()
    states: frozenset[str] = frozenset()
    severity: frozenset[str] = frozenset()
    complaint: bool | None = None
    says: re.Pattern[str] | None = None
    earlier: re.Pattern[str] | None = None

    def about(self, named: Iterable[str]) -> bool:
        """Whether it is about one of these risks and topics; a row that names none is about any."""
        return not self.named or not self.named.isdisjoint(named)

    def fits(self, state: object, complains: bool, severity: str) -> bool:
        """Whether order state, complaint and severity are those of the row."""
        in_state = not self.states or (state or NO_STATE) in self.states
        return in_state and self.complaint in (None, complains) and (not self.severity or severity in self.severity)

    def heard(self, turn: str, earlier: str) -> bool:
        """Whether the normalised turn and conversation hold the row's words, if it has any."""
        return all(
            pattern is None or pattern.search(text) is not None
            for pattern, text in ((self.says, turn), (self.earlier, earlier))
        )

    def rank(self, named: Sequence[str]) -> int:
        """The place of the first of its names among the turn's; that of a row for any topic is behind them all."""
        if not self.named:
            return -1 if self.severity else len(named)
        return min(place for place, code in enumerate(named) if code in self.named)


@dataclass(frozen=True, slots=True)
class StepTable:
    """`cases`; `promised` the drafts for promises by kind of step; `danger` and `solutions` are words to look for."""

    cases: tuple[Case, ...]
    promised: Mapping[str, Step]
    danger: re.Pattern[str]
    solutions: re.Pattern[str]


@cache
def step_table() -> StepTable:
    """The table of `data/next_steps.yaml`."""
    table = read_data("assistant", "next_steps.yaml")
    return StepTable(
        cases=tuple(map(_case, table["cases"])),
        promised={kind: _step(row) for kind, row in table["promised"].items()},
        danger=_pattern(table["danger"]),
        solutions=_pattern(table["solutions"]),
    )


def _case(row: Mapping[str, Any]) -> Case:
    return Case(
        steps=tuple(map(_step, row["steps"])),
        named=frozenset((*row.get("intents", ()), *row.get("risks", ()))),
        states=frozenset(row.get("states", ())),
        severity=frozenset(row.get("severity", ())),
        complaint=row.get("complaint"),
        says=_pattern(row["says"]) if "says" in row else None,
        earlier=_pattern(row["earlier"]) if "earlier" in row else None,
    )


def _step(row: Mapping[str, Any]) -> Step:
    lists = {name: tuple(row.get(name, ())) for name in ("needs", "unless")}
    items = tuple(map(_question, row.get("items", ())))
    return Step(row["kind"], row["title"], row.get("text"), items, flag=row.get("flag"), **lists)


def _question(item: str | Mapping[str, Any]) -> Question:
    return Question(item) if isinstance(item, str) else Question(item["ask"], tuple(item["unless"]))


def _pattern(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{word})" for word in words))
