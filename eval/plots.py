"""Plots of a result as inline SVG: drawn by matplotlib, coloured and lettered by the page that holds them.

Colours are stand-ins that become the page's CSS variables, so that a plot follows light and dark. Text stays text, in
the page's own fonts: a machine without Chinese fonts draws the same file, and the browser has the glyphs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from html import escape
from io import StringIO
from typing import Any

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter
from matplotlib.typing import RcKeyType
from scipy.stats import binomtest

from eval.result import Bin, Confusion, CoveragePoint

INK, QUIET, LINE, ACCENT, ALARM, WARM = _STAND_INS = ("#010101", "#020202", "#030303", "#040404", "#050505", "#060606")
_VARIABLES = dict(zip(_STAND_INS, ("ink", "ink-3", "line", "accent", "alarm", "warm"), strict=True))
_WIDTH = 5.0  # inches, 360 units of the drawing: as wide as a phone, so that letters keep their size there
_PALEST, _DARKEST = 0.12, 0.6  # opacity of a cell, so that its number can be read in light and dark
_LABELS = 1.4  # inches above the heat map, for the names of its columns
MOST_CODES = 12  # rows and columns of the heat map that can still be read on a phone
_RC: dict[RcKeyType, Any] = {
    "svg.fonttype": "none", "font.size": 12, "text.color": INK, "axes.edgecolor": LINE, "axes.labelcolor": QUIET,
    "xtick.color": LINE, "ytick.color": LINE, "xtick.labelcolor": QUIET, "ytick.labelcolor": QUIET,
    "axes.spines.top": False, "axes.spines.right": False, "grid.color": LINE, "axes.axisbelow": True,
}  # fmt: skip


def reliability_plot(bins: Sequence[Bin], label: str) -> str:
    """Accuracy by confidence over the diagonal, with 95 % Wilson intervals (Wilson 1927), and counts underneath."""
    filled = [each for each in bins if each.n]
    with _drawing("reliability", height=4.6) as figure:
        above, below = figure.subplots(2, sharex=True, height_ratios=(3, 1))
        figure.subplots_adjust(left=0.13, right=0.95, top=0.98, bottom=0.07, hspace=0.1)
        above.plot((0, 1), (0, 1), color=QUIET, linewidth=1, linestyle="--")
        above.bar(**_bars(filled, [each.accuracy or 0.0 for each in filled]), color=ACCENT, alpha=0.3)
        _accuracies(above, filled)
        below.bar(**_bars(filled, [each.n for each in filled]), color=QUIET, alpha=0.45)
        _counts(below, filled)
        above.set(xlim=(0, 1), ylim=(0, 1.02))
        above.yaxis.set_major_formatter(PercentFormatter(1))
        below.xaxis.set_major_formatter(PercentFormatter(1))
        return _svg(figure, "reliability", label)


def _bars(bins: Sequence[Bin], heights: Sequence[float]) -> dict[str, Any]:
    widths = [(each.high - each.low) * 0.92 for each in bins]
    return {"x": [(each.low + each.high) / 2 for each in bins], "height": heights, "width": widths}


def _accuracies(axes: Axes, bins: Sequence[Bin]) -> None:
    """A dot at mean confidence and accuracy of each bin, and the interval that so few turns leave open."""
    means = np.array([each.accuracy or 0.0 for each in bins])
    spans = np.array([_wilson(each) for each in bins]).reshape(-1, 2).T
    reach = np.clip(np.abs(spans - means), 0.0, 1.0)
    axes.errorbar([each.confidence or 0.0 for each in bins], means, yerr=reach, fmt="o", color=ACCENT, markersize=5)


def _wilson(one: Bin) -> tuple[float, float]:
    right = round((one.accuracy or 0.0) * one.n)
    interval = binomtest(right, one.n).proportion_ci(method="wilson")
    return float(interval.low), float(interval.high)


def _counts(axes: Axes, bins: Sequence[Bin]) -> None:
    most = max((each.n for each in bins), default=1)
    axes.set_ylim(0, most * 1.35)
    axes.yaxis.set_major_locator(MaxNLocator(2, integer=True))
    for each in bins:
        axes.text((each.low + each.high) / 2, each.n + most * 0.05, str(each.n), ha="center", fontsize=10, color=QUIET)


def coverage_plot(
    points: Sequence[CoveragePoint], outside: Sequence[float], marks: Mapping[str, float], label: str
) -> str:
    """Wrong answers by coverage, and above it the share of messages outside the job that is answered at each point.

    `outside` holds a share for every point, or nothing where no message is outside the job. `marks` are colours
    (`ACCENT`, `WARM`) and the coverage at which a line of that colour stands.
    """
    with _drawing("coverage", height=4.6 if outside else 3.2) as figure:
        panels = figure.subplots(2 if outside else 1, sharex=True, squeeze=False)[:, 0]
        figure.subplots_adjust(left=0.13, right=0.95, top=0.97, bottom=0.08, hspace=0.14)
        covered = [each.coverage for each in points]
        if outside:
            _curve(panels[0], covered, outside, QUIET)
        _curve(panels[-1], covered, [each.risk for each in points], ALARM)
        for colour, place in marks.items():
            for axes in panels:
                axes.axvline(place, color=colour, linewidth=1.4, linestyle="-" if colour == ACCENT else "--")
        panels[-1].set_xlim(0, 1.01)
        panels[-1].xaxis.set_major_formatter(PercentFormatter(1))
        return _svg(figure, "coverage", label)


def _curve(axes: Axes, x: Sequence[float], y: Sequence[float], colour: str) -> None:
    axes.step(x, y, where="post", color=colour, linewidth=1.8)
    axes.set_ylim(0, max([0.02, *y]) * 1.08)
    axes.yaxis.set_major_locator(MaxNLocator(5))
    axes.yaxis.set_major_formatter(PercentFormatter(1))
    axes.grid(axis="y", linewidth=0.6)


def confusion_plot(pairs: Sequence[Confusion], names: Mapping[str, str], label: str) -> str:
    """The worst pairs as a heat map: rows what was wanted, columns what was first. `names` say codes in Chinese."""
    rows, columns = _crossed(pairs)
    counts = {(each.wanted, each.got): each.n for each in pairs}
    grid = np.array([[counts.get((row, column), 0) for column in columns] for row in rows])
    with _drawing("confusion", height=_LABELS + 0.29 * len(rows)) as figure:
        axes = figure.add_axes((0.31, 0.01, 0.56, 0.98 - _LABELS / figure.get_figheight()))
        axes.pcolormesh(np.ma.masked_equal(grid, 0), cmap=_tints(), vmin=0, edgecolors=LINE, linewidth=0.8)
        for (row, column), n in np.ndenumerate(grid):
            if n:
                axes.text(column + 0.5, row + 0.5, str(n), ha="center", va="center_baseline")
        axes.set_yticks(np.arange(len(rows)) + 0.5, rows)
        axes.set_xticks(np.arange(len(columns)) + 0.5, columns, rotation=62, ha="left", rotation_mode="anchor")
        _as_table(axes, len(columns), len(rows))
        return _lettered(_svg(figure, "confusion", label), names, {*rows, *columns})


def _crossed(pairs: Sequence[Confusion]) -> tuple[list[str], list[str]]:
    """Rows and columns of as many pairs, worst first, as have room; by code, which puts related ones together."""
    rows: set[str] = set()
    columns: set[str] = set()
    for each in pairs:
        if len(rows | {each.wanted}) <= MOST_CODES and len(columns | {each.got}) <= MOST_CODES:
            rows.add(each.wanted)
            columns.add(each.got)
    return sorted(rows), sorted(columns)


def _tints() -> LinearSegmentedColormap:
    ends = [(*matplotlib.colors.to_rgb(ALARM), opacity) for opacity in (_PALEST, _DARKEST)]
    return LinearSegmentedColormap.from_list("tints", ends)


def _as_table(axes: Axes, columns: int, rows: int) -> None:
    axes.set(xlim=(0, columns), ylim=(rows, 0))
    axes.xaxis.tick_top()
    axes.tick_params(length=0, pad=4, labelcolor=INK)
    axes.spines[:].set_visible(False)


@contextmanager
def _drawing(name: str, height: float) -> Iterator[Figure]:
    """A figure of `height` inches under settings of our own, whatever the machine has; ids are seeded by the name."""
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update({**_RC, "svg.hashsalt": name})
        yield Figure(figsize=(_WIDTH, height))


def _svg(figure: Figure, name: str, label: str) -> str:
    """The figure as an `<svg>` for a page of HTML: without prologue, date and size, with a name for screen readers."""
    written = StringIO()
    bare = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    figure.savefig(written, format="svg", transparent=True, metadata=bare)
    drawn = re.sub(
        r"<svg\b[^>]*?(viewBox=\"[^\"]*\")[^>]*>", rf'<svg class="plot {name}" \1>', written.getvalue(), count=1
    )
    drawn = drawn[drawn.index("<svg") :].replace("<svg", f'<svg role="img" aria-label="{escape(label)}"', 1)
    return _coloured(_without_group_ids(drawn))


def _without_group_ids(drawn: str) -> str:
    """Groups are numbered alike in every figure, and nothing refers to them; one page must not have an id twice."""
    return re.sub(r'<g id="[^"]*">', "<g>", drawn)


def _coloured(drawn: str) -> str:
    """The page's colours and fonts for the stand-ins."""
    drawn = re.sub(r"font-family: [^;\"]*;?", "", drawn)
    for stand_in, variable in _VARIABLES.items():
        drawn = drawn.replace(stand_in, f"var(--{variable})")
    return drawn


def _lettered(drawn: str, names: Mapping[str, str], codes: set[str]) -> str:
    """Names for people in place of the codes that were drawn."""
    for code in codes:
        drawn = drawn.replace(f">{code}</text>", f">{escape(names.get(code, code))}</text>")
    return drawn


def at_threshold(points: Sequence[CoveragePoint], threshold: float) -> CoveragePoint | None:
    """The last point that answers nothing below the threshold; None where everything is below."""
    return next((each for each in reversed(points) if each.threshold >= threshold), None)
