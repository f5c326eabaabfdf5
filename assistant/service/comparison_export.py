"""A comparison of two runs as tables: for spreadsheets (`.csv`) and for documents (`.md`)."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.insight.tables import Cell, Table, Written, csv_of, markdown_of
from assistant.service.evaluator import ComparisonDocument


def as_csv(found: ComparisonDocument) -> bytes:
    """Metrics, then wins and losses."""
    return csv_of(_tables(found))


def as_markdown(found: ComparisonDocument) -> str:
    """The same as a document."""
    return markdown_of("小二测评比较", f"{found.first} → {found.second}，{found.paired} 条成对。", _tables(found))


def _tables(found: ComparisonDocument) -> Iterator[Table]:
    metrics: list[list[Cell]] = [
        [one.zh, Written(one.first), Written(one.second), Written(one.difference),
         Written(f"{one.low} ～ {one.high}"), one.p, one.verdict]
        for one in found.metrics
    ]  # fmt: skip
    yield Table("指标", _note(found), ["指标", "之前", "之后", "差", "95% 区间", "p", "结论"], metrics)
    changes: list[list[Cell]] = [
        ["变好" if one.won else "变差", one.aspect, one.id, one.text, one.wanted, one.before, one.after]
        for one in found.changes
    ]
    yield Table(
        "变好与变差的消息",
        "同一条消息可能在几个方面变了。",
        ["", "方面", "编号", "消息", "应当", "之前", "之后"],
        changes,
    )


def _note(found: ComparisonDocument) -> str:
    alone = f"只在前一次 {found.only_first} 条，只在后一次 {found.only_second} 条，标注改过 {found.relabelled} 条"
    return f"成对重抽样 {found.resamples} 次；没有配上的：{alone}。"
