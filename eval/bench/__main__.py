"""`python -m eval.bench`: measure, print, and leave `bench.json` and `bench.png`."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from eval.bench.chart import draw
from eval.bench.measuring import Size, measure
from eval.bench.report import SYNTHETIC

TUNING = "OPENBLAS_"  # variables that choose a slower kernel than the machine has


def bench(
    entries: Annotated[int | None, typer.Option(help="Entries in the knowledge base; 10,000, or 400 if quick")] = None,
    quick: Annotated[bool, typer.Option("--quick", help="A small run that shows that all works")] = False,
    output: Annotated[Path, typer.Option(help="Where bench.json and bench.png go")] = Path("var/bench"),
) -> None:
    """Speed of the encoder alone, the suggester and the HTTP round trip, as ratios to the encoder alone."""
    size = Size.quick(entries or 400) if quick else Size.full(entries or 10_000)
    console = Console()
    columns = (SpinnerColumn(), TextColumn("{task.description}"), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        report = measure(size, progress)
    output.mkdir(parents=True, exist_ok=True)
    report.write(output / "bench.json")
    draw(report, output / "bench.png")
    console.print(*report.tables(), sep="\n")
    console.print(f"[dim]{SYNTHETIC}")
    console.print("[dim]" + ", ".join(f"{name.replace('_', ' ')}: {value}" for name, value in report.machine.items()))
    console.print(f"written: {output / 'bench.json'}, {output / 'bench.png'}")


if __name__ == "__main__":
    if any(name.startswith(TUNING) for name in os.environ):
        cleaned = {name: value for name, value in os.environ.items() if not name.startswith(TUNING)}
        os.execve(sys.executable, sys.orig_argv, cleaned)  # noqa: S606 - this very program, before it does anything
    typer.run(bench)
