"""The numbers of the report in the form in which its template lays them out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from eval.metric_names import MetricName, metric_names
from eval.plots import at_threshold
from eval.report_words import words
from eval.result import CaseResult, CoveragePoint, DialogsResult, IntentResult, Row
from eval.topics import OUTSIDE, OUTSIDE_TAG

BETTER, WORSE, SAME = "better", "worse", ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A value as it is written, and how it stands to the one it is compared with."""

    text: str
    change: str = ""
    way: str = SAME


@dataclass(frozen=True, slots=True)
class Table:
    """Columns, and rows of a heading and its cells."""

    title: str
    note: str
    columns: list[str]
    rows: list[tuple[str, list[Cell]]]


@dataclass(frozen=True, slots=True)
class TileView:
    """A headline number."""

    name: str
    value: str
    means: str
    better: str


@dataclass(frozen=True, slots=True)
class OperatingPoint:
    """What answering from a threshold on comes to; `mark` is the colour of its line in the plot."""

    name: str
    mark: str
    point: CoveragePoint
    outside: float | None


@dataclass(frozen=True, slots=True)
class Counted:
    """Labelled against said: rows what readers say, columns what the system says; `most` for the shades."""

    labels: list[str]
    counts: list[list[int]]

    @property
    def most(self) -> int:
        """The largest count off the diagonal, at least 1."""
        return max([1, *(n for i, row in enumerate(self.counts) for j, n in enumerate(row) if i != j)])

    @property
    def total(self) -> int:
        """All that was counted."""
        return sum(map(sum, self.counts))


def tiles(result: DialogsResult) -> list[TileView]:
    """The headline numbers that this run has."""
    names = metric_names()
    return [
        TileView(names[tile.metric].zh, names[tile.metric].written(value), tile.means, names[tile.metric].better)
        for tile in words().tiles
        if (value := result.metrics.get(tile.metric)) is not None
    ]


def metric_rows(result: DialogsResult) -> Table:
    """Every metric, with a column for each file when there are several."""
    columns = {"合计": result.metrics, **(result.by_file if len(result.by_file) > 1 else {})}
    rows = [
        (described.zh, [Cell(described.written(metrics.get(name))) for metrics in columns.values()])
        for name, described in metric_names().items()
        if any(metrics.get(name) is not None for metrics in columns.values())
    ]
    return Table("全部指标", "", list(columns), rows)


def rows_table(title: str, note: str, rows: Sequence[Row]) -> Table:
    """Systems against metrics, each with its difference to the whole system, the row `system`."""
    whole = next((row.metrics for row in rows if row.name == "system"), {})
    names = {
        name: described for name, described in metric_names().items()
        if any(row.metrics.get(name) is not None for row in rows)
    }  # fmt: skip
    lines = [
        (
            row.note,
            [_against(described, row.metrics.get(name), whole.get(name), row) for name, described in names.items()],
        )
        for row in rows
    ]
    return Table(title, note, [described.zh for described in names.values()], lines)


def _against(described: MetricName, value: float | None, whole: float | None, row: Row) -> Cell:
    text = described.written(value)
    if value is None or whole is None or row.name == "system" or text == described.written(whole):
        return Cell(text)
    return Cell(text, change_written(described, value - whole), way_of(described, value - whole))


def change_written(described: MetricName, difference: float) -> str:
    """A difference with its sign; shares in percentage points."""
    if described.format == "share":
        return f"{difference * 100:+.1f}"
    return f"{difference:+.3f}" if described.format == "number" else f"{difference:+.0f}"


def way_of(described: MetricName, difference: float) -> str:
    """Whether a difference is for the better or the worse."""
    if described.better == "none" or difference == 0:
        return SAME
    return BETTER if (difference > 0) == (described.better == "up") else WORSE


def operating_points(result: DialogsResult) -> list[OperatingPoint]:
    """Answering as things are, and from the threshold that keeps 95 % of the messages inside the job."""
    points, scope = result.risk_coverage, result.out_of_scope
    found = [OperatingPoint("现在", "accent", points[-1], scope.answered)] if points else []
    at_95 = None if scope.threshold_at_95 is None else at_threshold(points, scope.threshold_at_95)
    if at_95:
        found.append(OperatingPoint("职责内保留 95%", "warm", at_95, scope.answered_at_95))
    return found


def outside_answered(cases: Sequence[CaseResult], threshold: float) -> float | None:
    """The share of the messages outside the job that is answered from a threshold on; None when there are none."""
    beyond = [each for each in cases if is_outside(each)]
    return sum(each.score >= threshold and not each.abstained for each in beyond) / len(beyond) if beyond else None


def is_outside(case: CaseResult) -> bool:
    """Whether the message has nothing to do with the shop, by its tag or its first code."""
    return OUTSIDE_TAG in case.tags or case.wanted[:1] == [OUTSIDE]


def intent_bars(result: DialogsResult) -> list[tuple[str, IntentResult]]:
    """Intents, the weakest first, among equals the most frequent."""
    return sorted(result.by_intent.items(), key=lambda pair: (pair[1].first, pair[1].within_three, -pair[1].n, pair[0]))


def complaint_table(cases: Sequence[CaseResult]) -> Counted:
    """Complaints, yes and no."""
    pairs = [
        (_yes(each.labelled.complaint), _yes(each.said.complaint))
        for each in cases if each.labelled.complaint is not None
    ]  # fmt: skip
    return _counted(pairs, ["是投诉", "不是投诉"])


def emotion_table(cases: Sequence[CaseResult]) -> Counted:
    """Emotions, from pleased to angry."""
    labels = words().emotions
    pairs = [(each.labelled.emotion, each.said.emotion or "") for each in cases if each.labelled.emotion]
    return _counted([(labels.get(a, a), labels.get(b, b)) for a, b in pairs], list(labels.values()))


def _yes(value: bool | None) -> str:
    return "是投诉" if value else "不是投诉"


def _counted(pairs: Sequence[tuple[str, str]], labels: list[str]) -> Counted:
    counts = Counter(pairs)
    return Counted(labels, [[counts[row, column] for column in labels] for row in labels])
