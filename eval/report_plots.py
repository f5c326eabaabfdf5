"""The three plots of the report, from a result."""

from __future__ import annotations

from markupsafe import Markup

from eval.plots import ACCENT, WARM, at_threshold, confusion_plot, coverage_plot, reliability_plot
from eval.report_tables import outside_answered
from eval.result import DialogsResult
from eval.tables import zh


def plots(result: DialogsResult) -> dict[str, Markup]:
    """SVG by name: `reliability`, `coverage`, `confusion`; one that has nothing to show is not there."""
    drawn = {}
    if any(each.n for each in result.reliability):
        drawn["reliability"] = reliability_plot(result.reliability, "把握与实际正确率")
    if result.risk_coverage:
        drawn["coverage"] = _coverage(result)
    if result.confusions:
        names = {code: zh(code) for pair in result.confusions for code in (pair.wanted, pair.got)}
        drawn["confusion"] = confusion_plot(result.confusions, names, "最常混淆的意图")
    return {name: Markup(svg) for name, svg in drawn.items()}  # noqa: S704 - our own drawing, names escaped there


def _coverage(result: DialogsResult) -> str:
    points = result.risk_coverage
    marks = {ACCENT: points[-1].coverage}
    threshold = result.out_of_scope.threshold_at_95
    if threshold is not None and (at_95 := at_threshold(points, threshold)):
        marks[WARM] = at_95.coverage
    outside = [outside_answered(result.cases, each.threshold) for each in points]
    shares = [share for share in outside if share is not None]
    return coverage_plot(points, shares, marks, "回复得越多，错得越多")
