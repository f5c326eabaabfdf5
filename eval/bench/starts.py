"""The server with the starter knowledge: how soon it is ready, and what it keeps in memory once it has worked."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

from rich.progress import Progress

from eval.bench.load import Limits, run
from eval.bench.questions import questions
from eval.bench.server import Memory, serving

ASKED_BEFORE_MEMORY, ASKERS = 200, 4  # requests and clients


@dataclass(frozen=True, slots=True)
class Starts:
    """Seconds to readiness: the first start on an empty folder, and the median of later ones; memory after requests."""

    first_s: float
    warm_s: float
    memory: Memory | None


def measure_starts(folder: Path, warm: int, progress: Progress) -> Starts:
    """Start a server on an empty folder once and `warm` times again, each in a new process."""
    task = progress.add_task("starting servers", total=1 + warm)
    seconds: list[float] = []
    memory = None
    for number in range(1 + warm):
        with serving(folder) as server:
            seconds.append(server.start_s)
            if number == warm:
                client = partial(server.client, questions(ASKED_BEFORE_MEMORY))
                run(client, ASKERS, Limits(ASKED_BEFORE_MEMORY, 60.0))
                memory = server.memory()
        progress.advance(task)
    return Starts(seconds[0], median(seconds[1:]), memory)
