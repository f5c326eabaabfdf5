"""Where the time of a request goes: a stopwatch that the suggester tells when a stage has ended."""

from __future__ import annotations

from dataclasses import dataclass, field
from time import perf_counter
from typing import Literal, Protocol

Stage = Literal["encode", "retrieve", "understand", "write", "steps"]
STAGES: tuple[Stage, ...] = ("encode", "retrieve", "understand", "write", "steps")


class Stages(Protocol):
    """Hears where a request has got to. What lies between two calls belongs to the stage that the second one names."""

    def begin(self) -> None:
        """A call of the suggester begins."""

    def end(self, stage: Stage) -> None:
        """A stage ends; one that ends several times in a call (several questions in a turn) adds up."""


class NoStages:
    """Nobody listens: what a running service has."""

    __slots__ = ()

    def begin(self) -> None:
        """Nothing."""

    def end(self, stage: Stage) -> None:
        """Nothing."""


NO_STAGES = NoStages()


@dataclass(slots=True)
class Stopwatch:
    """Seconds by stage of the last call, `encode` … `steps`; for one thread and one request at a time."""

    seconds: dict[Stage, float] = field(default_factory=dict)
    _last: float = 0.0

    def begin(self) -> None:
        """Forget the call before."""
        self.seconds = dict.fromkeys(STAGES, 0.0)
        self._last = perf_counter()

    def end(self, stage: Stage) -> None:
        """The time since the last call of this stopwatch goes to `stage`."""
        now = perf_counter()
        self.seconds[stage] += now - self._last
        self._last = now
