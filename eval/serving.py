"""Evaluation for the service: the same runs, reports and comparisons as those of `xiaoer eval`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

from assistant.service.evaluator import (
    CaseChange,
    ComparisonDocument,
    Evaluated,
    MetricChange,
    MetricDocument,
    Progress,
)
from assistant.suggester import Suggester
from eval.commands.output import require_packages
from eval.errors import InputUnreadable, PackagesMissing
from eval.metric_names import metric_names
from eval.report_words import words
from eval.runs import Heard
from knowledge.errors import ImportFailed
from knowledge.evaluations import Documents

HELD_OUT = ("batch_b.jsonl", "batch_d.jsonl")  # nothing is fitted on these two
_RESAMPLES = 2_000  # enough to see what is sure, in a second
_NUMBERS = ("turns",)  # kept beside the headline metrics


class DialogsEvaluator:
    """The evaluator that `xiaoer serve` hands to the service. Its libraries are loaded when they are needed."""

    def missing(self) -> str | None:
        """What must be installed, in one sentence; None when all is there."""
        try:
            require_packages()
        except PackagesMissing as error:
            return str(error)
        return None

    def metrics(self) -> Sequence[MetricDocument]:
        """The headline metrics of the report."""
        names = metric_names()
        return [
            MetricDocument(
                name=tile.metric,
                zh=names[tile.metric].zh,
                means=tile.means,
                better=names[tile.metric].better,
                format=names[tile.metric].format,
            )
            for tile in words().tiles
        ]

    def own(self) -> bytes:
        """The held-out batches of our own dialogs."""
        folder = files("eval").joinpath("dialogs")
        return b"".join(folder.joinpath(name).read_bytes() for name in HELD_OUT)

    def cases(self, dialogs: bytes, name: str) -> int:
        """How many messages there are to judge; ImportFailed names line and field."""
        from eval.dialog_evaluation import Dialogs

        with _explained():
            return len(Dialogs.of([(Path(name), name, dialogs)]).cases)

    def run(self, suggester: Suggester, dialogs: bytes, name: str, on_progress: Progress) -> Evaluated:
        """The result with its report."""
        from eval.dialog_evaluation import Dialogs, evaluate_dialogs
        from eval.report import report_html, report_policy
        from eval.result import as_json

        with _explained():
            read = Dialogs.of([(Path(name), name, dialogs)])
        result = evaluate_dialogs(suggester, read, _Steps(on_progress).step)
        on_progress("写报告", 0, 1)
        kept = (*_NUMBERS, *(tile.metric for tile in words().tiles))
        return Evaluated(
            Documents(as_json(result), report_html(result), report_policy()),
            {metric: result.metrics.get(metric) for metric in kept},
            result.system.knowledge_revision,
        )

    def compare(self, first: tuple[str, str], second: tuple[str, str]) -> ComparisonDocument:
        """What differs, how surely, and which messages it is."""
        from eval.bootstrap import VERDICTS, Compared
        from eval.case_changes import ASPECTS
        from eval.case_measures import described
        from eval.compare import compare_saved
        from eval.report_tables import change_written
        from eval.saved_results import parse_saved

        with _explained():
            a, b = (parse_saved(name, content.encode()) for name, content in (first, second))
            found = compare_saved(first[0], a, second[0], b, _RESAMPLES)

        def metric(one: Compared) -> MetricChange:
            name = described(one.name)
            gap, low, high = (change_written(name, value) for value in (one.difference, one.low, one.high))
            return MetricChange(
                name=one.name,
                zh=name.zh,
                first=name.written(one.first),
                second=name.written(one.second),
                difference=gap,
                low=low,
                high=high,
                p=one.p,
                verdict=VERDICTS[one.verdict],
                way=one.verdict if one.verdict in ("better", "worse") else "",
            )

        return ComparisonDocument(
            first=found.first,
            second=found.second,
            paired=found.paired,
            only_first=len(found.only_first),
            only_second=len(found.only_second),
            relabelled=len(found.relabelled),
            resamples=found.resamples,
            metrics=[metric(one) for one in found.metrics],
            changes=[CaseChange(**{**one.model_dump(), "aspect": ASPECTS[one.aspect]}) for one in found.changes],
        )


class _Steps:
    """The steps of an evaluation, each told to who watches it."""

    def __init__(self, on_progress: Progress) -> None:
        self._on_progress = on_progress

    @contextmanager
    def step(self, name: str) -> Iterator[Heard]:
        """One step."""
        self._on_progress(name, 0, 0)
        yield lambda done, total: self._on_progress(name, done, total)


@contextmanager
def _explained() -> Iterator[None]:
    """What cannot be read is told as any other file that was handed in."""
    try:
        yield
    except InputUnreadable as error:
        raise ImportFailed(str(error)) from error
