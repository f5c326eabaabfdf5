"""Progress of long steps: bars at a terminal; elsewhere, where these would leave blank lines, a line now and then."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial

from rich.console import Console
from rich.progress import Progress

from eval.runs import Heard

Steps = Callable[[str], AbstractContextManager[Heard]]
"""A named step; within it the callable hears (done, total)."""
EVERY_S = 10.0  # between two lines of one step


@contextmanager
def silent(_name: str) -> Iterator[Heard]:
    """A step that nobody watches."""
    yield lambda _done, _total: None


@contextmanager
def shown_steps(console: Console) -> Iterator[Steps]:
    """The progress of all steps on the console until the end."""
    if not console.is_terminal:
        yield partial(_lines, console)
        return
    with Progress(console=console, transient=True) as progress:

        @contextmanager
        def step(name: str) -> Iterator[Heard]:
            task = progress.add_task(name, total=None)
            yield lambda done, total: progress.update(task, completed=done, total=total)
            progress.remove_task(task)

        yield step


@contextmanager
def _lines(console: Console, name: str) -> Iterator[Heard]:
    """A line when a step begins, and how far it is at most every `EVERY_S` seconds."""
    console.print(f"{name}……", markup=False, highlight=False)
    told = time.monotonic()

    def heard(done: int, total: int) -> None:
        nonlocal told
        if time.monotonic() - told >= EVERY_S:
            told = time.monotonic()
            console.print(f"{name} {done}/{total}", markup=False, highlight=False)

    yield heard
