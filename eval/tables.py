"""Results for people at a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.markup import escape
from rich.table import Table

from eval.metric_names import metric_names
from eval.result import Confusion, DialogsResult, Latency, Leak, Metrics, RetrievalResult, Row
from eval.topics import SILENCE
from models.intents import intents

SHOWN = 10
_STAGES = {
    "total": "全程", "encode": "编码", "retrieve": "检索", "understand": "理解与排序", "write": "写回复",
    "steps": "后续事项",
}  # fmt: skip
_LEAKS = {"placeholder": "留有占位符", "blocked": "禁用语", "unsourced": "无来源的事实"}


def dialogs_tables(result: DialogsResult) -> Iterator[RenderableType]:
    """What a run over dialogs came to, the most telling first."""
    columns = {"合计": result.metrics, **(result.by_file if len(result.by_file) > 1 else {})}
    yield _metrics_table("标注对话", columns)
    if result.confusions:
        yield _confusions(result.confusions[:SHOWN])
    for title, rows in (("与简单办法相比", result.baselines), ("关掉一部分之后", result.ablation)):
        if rows:
            yield rows_table(title, rows)
    if result.leaks:
        yield _leaks(result.leaks[:SHOWN])
    yield _latency(result.latency)


def retrieval_tables(result: RetrievalResult) -> Iterator[RenderableType]:
    """What a run over a collection came to."""
    yield _metrics_table("检索", {"本系统": result.metrics})
    if result.baselines:
        yield rows_table("与单一办法相比", result.baselines)


def rows_table(title: str, rows: Sequence[Row]) -> Table:
    """Systems against metrics; metrics that no system has are left out."""
    names = [name for name in metric_names() if any(row.metrics.get(name) is not None for row in rows)]
    table = Table(title=title, title_justify="left")
    table.add_column("办法", overflow="fold", min_width=12)
    for name in names:
        table.add_column(metric_names()[name].zh, justify="right", overflow="fold")
    for row in rows:
        table.add_row(escape(row.note), *(metric_names()[name].written(row.metrics.get(name)) for name in names))
    return table


def zh(code: str) -> str:
    """What a topic is called."""
    if code == SILENCE:
        return "（不作回复）"
    return intents()[code].zh if code in intents() else code


def _metrics_table(title: str, columns: dict[str, Metrics]) -> Table:
    table = Table("指标", title=title, title_justify="left")
    for column in columns:
        table.add_column(escape(column), justify="right")
    for name, described in metric_names().items():
        values = [metrics.get(name) for metrics in columns.values()]
        if any(value is not None for value in values):
            table.add_row(described.zh, *map(described.written, values))
    return table


def _confusions(pairs: Sequence[Confusion]) -> Table:
    table = Table("应当是", "却首先给出", "次数", title="最常混淆的意图", title_justify="left")
    for pair in pairs:
        table.add_row(zh(pair.wanted), zh(pair.got), str(pair.n))
    return table


def _leaks(found: Sequence[Leak]) -> Table:
    table = Table("对话", "问题", "内容", "回复", title="不该出现在回复里的", title_justify="left")
    for leak in found:
        table.add_row(escape(leak.case), _LEAKS[leak.kind], escape("、".join(leak.found)), escape(leak.text))
    return table


def _latency(latency: Latency) -> Table:
    title = f"逐条耗时（毫秒，{latency.requests} 条）"
    table = Table("阶段", "中位数", "95%", "99%", title=title, title_justify="left")
    for name, times in {"total": latency.total, **latency.stages}.items():
        table.add_row(_STAGES[name], *(f"{value:.1f}" for value in (times.p50, times.p95, times.p99)))
    return table
