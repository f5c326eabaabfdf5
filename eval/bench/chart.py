"""The report as a small picture: latency and throughput of each stage against the encoder alone."""

from __future__ import annotations

from pathlib import Path

from eval.bench.promises import P50_LIMIT
from eval.bench.report import Report, Row

_COLOURS = {"encoder alone": "#9aa5b1", "suggester": "#2f6fde", "HTTP round trip": "#e0833a"}


def draw(report: Report, path: Path) -> None:
    """Write a PNG of about 900 × 330 pixels."""
    # Imported here: the only part of the bench that needs a drawing library, and slow to import.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8.2, 3.0), dpi=110, layout="constrained")
    FigureCanvasAgg(figure)
    latency, throughput = figure.subplots(1, 2, sharey=True)
    names = [_name(row) for row in report.rows]
    colours = [_COLOURS[row.stage] for row in report.rows]
    latency.barh(names, [row.ratios["p50"] for row in report.rows], color=colours, label="p50")
    latency.plot([row.ratios["p95"] for row in report.rows], names, "k|", markersize=10, label="p95")
    latency.axvline(P50_LIMIT, color="#444444", linestyle=":", linewidth=1, label=f"p50 limit, {P50_LIMIT:g} ×")
    latency.set_xlabel("latency, × the encoder alone")
    latency.legend(fontsize=7, frameon=False)
    throughput.barh(names, [row.ratios["throughput"] for row in report.rows], color=colours)
    throughput.set_xlabel("throughput, × the encoder alone")
    latency.invert_yaxis()
    figure.suptitle(f"{report.corpus.entries:,} entries, {report.corpus.phrasings:,} phrasings", fontsize=10)
    figure.savefig(path)


def _name(row: Row) -> str:
    return f"{row.stage}, {row.clients} client{'s' if row.clients > 1 else ''}"
