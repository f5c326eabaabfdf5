"""Runs: labelled cases through the whole suggester, in batches, in one process."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from assistant.response import SuggestionResponse
from assistant.suggester import Suggester
from eval.datasets import Case
from knowledge.context import Context

BATCH = 32
CLOCK = datetime(2026, 6, 1, 2, tzinfo=UTC)  # ten in the morning in the shops' zone; any fixed day would do
Heard = Callable[[int, int], None]
"""Hears (done, total)."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A case and what the suggester made of it."""

    case: Case
    response: SuggestionResponse

    @property
    def topics(self) -> list[str]:
        """Intents of the suggestions, best first; holding phrases suggest nothing."""
        return [each.intent for each in self.response.suggestions if not each.fallback]


def run(suggester: Suggester, cases: Sequence[Case], on_progress: Heard | None = None) -> list[Outcome]:
    """Outcomes in the order of the cases; `on_progress` hears (done, total)."""
    outcomes: list[Outcome] = []
    for chunk in _chunks(cases):
        responses = suggester.suggest_many([case.request for case in chunk])
        outcomes += map(Outcome, chunk, responses)
        if on_progress:
            on_progress(len(outcomes), len(cases))
    return outcomes


def at_fixed_time(cases: Sequence[Case]) -> list[Case]:
    """The cases with `CLOCK` for the time that a request does not name, so that they are answered alike every day."""
    return [case if case.request.context.now else _asked(case, context=_timed(case)) for case in cases]


def with_limit(cases: Sequence[Case], limit: int) -> list[Case]:
    """The same cases asking for another number of suggestions."""
    return [_asked(case, limit=limit) for case in cases]


def spread(cases: Sequence[Case], most: int) -> list[Case]:
    """At most so many of the cases, at even distances."""
    count = min(len(cases), most)
    return [cases[number * len(cases) // count] for number in range(count)]


def _timed(case: Case) -> Context:
    return case.request.context.model_copy(update={"now": CLOCK})


def _asked(case: Case, **fields: object) -> Case:
    return replace(case, request=case.request.model_copy(update=fields))


def _chunks(cases: Sequence[Case]) -> Iterator[Sequence[Case]]:
    for start in range(0, len(cases), BATCH):
        yield cases[start : start + BATCH]
