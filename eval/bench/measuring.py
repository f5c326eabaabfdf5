"""One run of the bench: build, start, ask, report.

Stages take turns round by round, so that what else the machine does at the time falls on all of them alike.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from rich.progress import Progress, TaskID

from assistant.request import SuggestionRequest
from assistant.service.settings import Settings
from assistant.service.wiring import open_parts
from assistant.suggester import Suggester
from eval.bench.corpus import Corpus, build_corpus
from eval.bench.editing import measure_edits
from eval.bench.listing import measure_lists
from eval.bench.load import Call, Connect, Limits, Sample, run
from eval.bench.promises import promises
from eval.bench.questions import query_of, questions
from eval.bench.report import ENCODER, HTTP, STAGES, SUGGESTER, Report, Row
from eval.bench.server import Server, serving
from eval.bench.starts import measure_starts
from models.encoder import load_encoder

CLIENTS = (1, 32)

Asked = TypeVar("Asked")


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured; `alone` limits one run of a stage with one client, `crowd` one with 32 clients.

    Lists are measured over a knowledge base of their own, of `listed` entries.
    """

    entries: int
    rounds: int
    alone: Limits
    crowd: Limits
    starts: int
    edits: int
    listed: int
    list_rounds: int

    @classmethod
    def full(cls, entries: int = 10_000) -> Size:
        """What `make bench` quotes: about ten minutes on two cores."""
        limits = {"alone": Limits(100, 10.0), "crowd": Limits(320, 10.0)}
        return cls(entries, rounds=12, **limits, starts=5, edits=60, listed=50_000, list_rounds=20)

    @classmethod
    def quick(cls, entries: int = 400) -> Size:
        """Enough to see that everything works; the figures mean little."""
        limits = {"alone": Limits(20, 5.0), "crowd": Limits(64, 5.0)}
        return cls(entries, rounds=1, **limits, starts=1, edits=3, listed=entries, list_rounds=1)


def measure(size: Size, progress: Progress) -> Report:
    """Everything, in a temporary folder that is gone afterwards."""
    before = os.getloadavg()
    with TemporaryDirectory(prefix="xiaoer-bench-") as folder:
        starts = measure_starts(Path(folder) / "starter", size.starts, progress)
        corpus = _build(large := Path(folder) / "large", size.entries, progress)
        with serving(large) as server, open_parts(Settings(data_dir=large)) as parts:
            samples = _measure_stages(parts.suggester, server, size, progress)
            memory = server.memory()
        with serving(large) as server:
            edits = measure_edits(server, size.edits, progress)
        lists = _measure_lists(Path(folder) / "listed", size, progress)
    rows = [Row.of(stage, clients, each, samples[ENCODER, clients]) for (stage, clients), each in samples.items()]
    return Report(
        machine=_machine(before),
        corpus=corpus,
        rows=rows,
        promises=promises(_ratio(rows, SUGGESTER), starts, edits, lists),
        side_notes={
            "first start, empty data folder, s": starts.first_s,
            f"start to ready, {size.entries:,} entries, s": server.start_s,
            f"server memory after its load, {size.entries:,} entries, MB": memory.now_mb if memory else None,
            "peak server memory, starter knowledge, MB": starts.memory.peak_mb if starts.memory else None,
            "edit to visible p50, ms": edits.waited_ms(50),
            **{f"list {name} p95, {size.listed:,} entries, ms": each.waited_ms(95) for name, each in lists.items()},
        },
    )


def _measure_lists(folder: Path, size: Size, progress: Progress) -> dict[str, Sample]:
    _build(folder, size.listed, progress)
    with serving(folder) as server:
        return measure_lists(server, size.list_rounds, progress)


def _build(folder: Path, entries: int, progress: Progress) -> Corpus:
    task = progress.add_task(f"making {entries:,} entries", total=None)
    encoder = load_encoder()
    corpus = build_corpus(folder, encoder, entries, partial(_show, progress, task))
    progress.update(task, completed=1, total=1)
    return corpus


def _show(progress: Progress, task: TaskID, done: int, total: int) -> None:
    progress.update(task, completed=done, total=total)


def _measure_stages(
    suggester: Suggester, server: Server, size: Size, progress: Progress
) -> dict[tuple[str, int], Sample]:
    stages = _stages(suggester, server, max(size.alone.requests, size.crowd.requests))
    samples = {(stage, clients): Sample() for clients in CLIENTS for stage in STAGES}
    task = progress.add_task("measuring", total=size.rounds * len(samples))
    for connect in stages.values():
        run(connect, 2, Limits(20, 10.0))  # what is read or compiled at first use
    for _ in range(size.rounds):
        for (stage, clients), sample in samples.items():
            sample.add(run(stages[stage], clients, size.alone if clients == 1 else size.crowd))
            progress.advance(task)
    return samples


def _stages(suggester: Suggester, server: Server, count: int) -> dict[str, Connect]:
    bodies = questions(count)
    requests = [SuggestionRequest.model_validate(body) for body in bodies]
    queries = [query_of(body) for body in bodies]
    encoder = suggester.encoder
    return {
        ENCODER: _in_process(lambda query: encoder.encode_queries([query]), queries),
        SUGGESTER: _in_process(suggester.suggest, requests),
        HTTP: partial(server.client, bodies),
    }


def _in_process(answer: Callable[[Asked], object], asked: Sequence[Asked]) -> Connect:
    @contextmanager
    def connect() -> Iterator[Call]:
        yield lambda number: answer(asked[number % len(asked)])

    return connect


def _ratio(rows: Sequence[Row], stage: str) -> float:
    """The stage's median latency for one client, to the encoder alone."""
    return next(row.ratios["p50"] for row in rows if (row.stage, row.clients) == (stage, 1))


def _machine(load_before: tuple[float, float, float]) -> dict[str, object]:
    return {
        "processors": os.cpu_count(),
        "platform": platform.platform(),
        "python": platform.python_version(),
        "load_average_before": round(load_before[0], 2),
        "load_average_after": round(os.getloadavg()[0], 2),
    }
