"""Runs: labelled cases through the whole suggester, in batches, in one process."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from assistant.response import SuggestionResponse
from assistant.suggester import Suggester
from eval.datasets import Case

BATCH = 32


@dataclass(frozen=True, slots=True)
class Outcome:
    """A case and what the suggester made of it."""

    case: Case
    response: SuggestionResponse

    @property
    def topics(self) -> list[str]:
        """Intents of the suggestions, best first; holding phrases suggest nothing."""
        return [each.intent for each in self.response.suggestions if not each.fallback]


def run(
    suggester: Suggester, cases: Sequence[Case], on_progress: Callable[[int, int], None] | None = None
) -> list[Outcome]:
    """Outcomes in the order of the cases; `on_progress` hears (done, total)."""
    outcomes: list[Outcome] = []
    for chunk in _chunks(cases):
        responses = suggester.suggest_many([case.request for case in chunk])
        outcomes += map(Outcome, chunk, responses)
        if on_progress:
            on_progress(len(outcomes), len(cases))
    return outcomes


def _chunks(cases: Sequence[Case]) -> Iterator[Sequence[Case]]:
    for start in range(0, len(cases), BATCH):
        yield cases[start : start + BATCH]
