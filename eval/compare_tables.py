"""A comparison for people at a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from rich.console import RenderableType
from rich.markup import escape
from rich.table import Table

from eval.bootstrap import VERDICTS, Compared
from eval.case_changes import ASPECTS, Change
from eval.case_measures import described
from eval.compare import Comparison
from eval.report_tables import change_written

_STYLES = {"better": "green", "worse": "red"}
_NAMED = 10


def comparison_tables(found: Comparison) -> Iterator[RenderableType]:
    """The verdict on every metric, what was left out, and every case that changed."""
    yield _metrics(found)
    yield "[dim]一次看的指标多了，难免有一项只是碰巧；p 接近 0.05 的要再测一批才作准。[/dim]"
    yield from _left_out(found)
    for aspect, changes in groupby(found.changes, key=lambda each: each.aspect):
        yield _changes(ASPECTS[aspect], list(changes))


def _metrics(found: Comparison) -> Table:
    title = f"{found.first} → {found.second}（{found.paired} 条成对，重抽样 {found.resamples} 次）"
    table = Table(title=escape(title), title_justify="left")
    table.add_column("指标", overflow="fold")
    for heading in ("之前", "之后", "差", "95% 区间", "p"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("结论", no_wrap=True)
    for each in found.metrics:
        table.add_row(*_cells(each), VERDICTS[each.verdict], style=_STYLES.get(each.verdict))
    return table


def _cells(one: Compared) -> Sequence[str]:
    name = described(one.name)
    gap, low, high = (change_written(name, value) for value in (one.difference, one.low, one.high))
    return name.zh, name.written(one.first), name.written(one.second), gap, f"{low} ～ {high}", f"{one.p:.4f}"


def _left_out(found: Comparison) -> Iterator[str]:
    for told, ids in (
        (f"只在 {found.first} 里", found.only_first),
        (f"只在 {found.second} 里", found.only_second),
        ("两边的原文或标注不一样", found.relabelled),
    ):
        if ids:
            more = f" 等 {len(ids)} 条" if len(ids) > _NAMED else f"，{len(ids)} 条"
            yield escape(f"未计入（{told}）：{'、'.join(ids[:_NAMED])}{more}")


def _changes(aspect: str, changes: Sequence[Change]) -> Table:
    won = sum(each.won for each in changes)
    title = f"{aspect}：{won} 条变好，{len(changes) - won} 条变差"
    table = Table(title=title, title_justify="left")
    for heading in ("", "编号", "消息", "应当", "之前", "之后"):
        table.add_column(heading, overflow="fold", no_wrap=False)
    for each in changes:
        cells = (each.id, each.text, each.wanted, each.before, each.after)
        table.add_row("变好" if each.won else "变差", *map(escape, cells), style=None if each.won else "red")
    return table
