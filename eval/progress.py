"""Progress of long steps, for people at a terminal; nothing elsewhere, where it would only leave blank lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from rich.console import Console
from rich.progress import Progress

from eval.runs import Heard

Steps = Callable[[str], AbstractContextManager[Heard]]
"""A named step; within it the callable hears (done, total)."""


@contextmanager
def silent(_name: str) -> Iterator[Heard]:
    """A step that nobody watches."""
    yield lambda _done, _total: None


@contextmanager
def shown_steps(console: Console) -> Iterator[Steps]:
    """Bars on the console for all steps until the end."""
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:

        @contextmanager
        def step(name: str) -> Iterator[Heard]:
            task = progress.add_task(name, total=None)
            yield lambda done, total: progress.update(task, completed=done, total=total)
            progress.remove_task(task)

        yield step
