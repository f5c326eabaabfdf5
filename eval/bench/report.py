"""What the bench found: values, their JSON, and the table that is printed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.table import Table

from eval.bench.corpus import Corpus
from eval.bench.load import Sample
from eval.bench.promises import Promise

ENCODER, SUGGESTER, HTTP = STAGES = ("encoder alone", "suggester", "HTTP round trip")
PERCENTS = (50, 95, 99)
SYNTHETIC = (
    "Entries named made-… are combined from word lists; their vectors are composed from real ones of their parts plus"
    " noise. The starter entries, every query, the encoder and the whole path of a request are real."
)


@dataclass(frozen=True, slots=True)
class Row:
    """One stage under one load. `ratios` are to the encoder alone with as many clients, a throughput of 0.5 is half
    of its; `ms` the same percentiles in milliseconds; `cpu_ms` the median processor time, None over HTTP."""

    stage: str
    clients: int
    requests: int
    ratios: dict[str, float]
    ms: dict[str, float]
    per_second: float
    cpu_ms: float | None
    cpu_ratio: float | None

    @classmethod
    def of(cls, stage: str, clients: int, sample: Sample, encoder: Sample) -> Row:
        """From what was measured of the stage and of the encoder alone with as many clients."""
        in_process = stage != HTTP
        ratios = {f"p{percent}": sample.waited_ms(percent) / encoder.waited_ms(percent) for percent in PERCENTS}
        return cls(
            stage=stage,
            clients=clients,
            requests=len(sample.waited),
            ratios=ratios | {"throughput": sample.per_second / encoder.per_second},
            ms={f"p{percent}": sample.waited_ms(percent) for percent in PERCENTS},
            per_second=sample.per_second,
            cpu_ms=sample.worked_ms if in_process else None,
            cpu_ratio=sample.worked_ms / encoder.worked_ms if in_process else None,
        )


@dataclass(frozen=True)
class Report:
    """One run of the bench. `machine` tells processors and load, `side_notes` what has no promise."""

    machine: dict[str, object]
    corpus: Corpus
    rows: Sequence[Row]
    promises: Sequence[Promise]
    side_notes: dict[str, float | None]

    def write(self, path: Path) -> None:
        """As JSON."""
        promises = [{**asdict(promise), "kept": promise.kept} for promise in self.promises]
        content = {**asdict(self), "promises": promises, "synthetic": SYNTHETIC}
        path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", "utf-8")

    def tables(self) -> tuple[Table, Table]:
        """Speeds and promises, to be printed."""
        return _speeds(self), _promises(self)


def _speeds(report: Report) -> Table:
    corpus = report.corpus
    table = Table(title=f"× the encoder alone, at {corpus.entries:,} entries with {corpus.phrasings:,} phrasings")
    table.add_column("stage", no_wrap=True)
    for heading in ("clients", "p50", "p95", "p99", "rate", "CPU", "p50 ms", "per s"):
        table.add_column(heading, justify="right", no_wrap=True)
    for row in report.rows:
        ratios = [f"{row.ratios[name]:.2f}" for name in ("p50", "p95", "p99", "throughput")]
        cpu = "–" if row.cpu_ratio is None else f"{row.cpu_ratio:.2f}"
        notes = (f"[dim]{row.ms['p50']:.1f}", f"[dim]{row.per_second:.0f}")
        table.add_row(row.stage, str(row.clients), *ratios, cpu, *notes, end_section=row.stage == HTTP)
    return table


def _promises(report: Report) -> Table:
    table = Table("promise", "measured", "at most", "kept")
    for promise in report.promises:
        value = "not here" if promise.value is None else f"{promise.value:.2f} {promise.unit}"
        kept = {True: "yes", False: "[red]no[/red]", None: "–"}[promise.kept]
        table.add_row(promise.name, value, f"{promise.limit:g} {promise.unit}", kept)
    for name, note in report.side_notes.items():
        table.add_row(f"[dim]{name}", "" if note is None else f"[dim]{note:.2f}", "", "")
    return table
