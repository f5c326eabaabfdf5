"""The report as tables, for spreadsheets (`.csv`) and for documents (`.md`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.insight.complaints import RatesByIntent
from assistant.insight.figures import Rate, Section
from assistant.insight.report import Insight
from assistant.insight.tables import Cell, Table, Written, csv_of, markdown_of

_RATE = ["数量", "分母", "占比", "上期占比"]


def as_csv(report: Insight) -> bytes:
    """Every table under its title."""
    return csv_of(tables(report))


def as_markdown(report: Insight) -> str:
    """Every table under its heading."""
    return markdown_of(f"小二洞察 {_days(report)}", report.explanation or _scope(report), tables(report))


def tables(report: Insight) -> Iterator[Table]:
    """The parts of the report in the order of the page."""
    yield _overview(report)
    yield _topics(report)
    yield _table(report.complaints, ["类别", *_RATE, "占投诉"], _by_intent(report.complaints))
    yield _adoption(report)
    yield _edits(report)
    yield _trend(report)
    yield _table(report.abstentions, ["类别", *_RATE, "占全部"], _by_intent(report.abstentions))
    lacking: list[list[Cell]] = [
        [gap.item_id, gap.title, gap.name, gap.field, gap.n, "；".join(gap.examples)] for gap in report.gaps.rows
    ]
    yield _table(report.gaps, ["商品编号", "商品", "缺的信息", "字段", "问到次数", "买家怎么问"], lacking)
    yield _table(
        report.context_gaps, ["信息", "字段", "次数"], [[g.name, g.field, g.n] for g in report.context_gaps.rows]
    )
    yield _not_buying(report)
    yield _quality(report)
    yield _by_item(report)


def _overview(report: Insight) -> Table:
    waiting = report.response.waiting
    rows: list[list[Cell]] = [
        ["买家消息", report.turns, None, None, None],
        ["会话", report.conversations, None, None, None],
        ["采用建议", *_rate(report.adoption.adopted)],
        ["投诉", *_rate(report.complaints.rate)],
        ["没有合适回复", *_rate(report.abstentions.rate)],
        [f"{report.response.target_s} 秒内响应", *_rate(waiting.within)],
        ["首次响应中位数（秒）", waiting.median_s, waiting.answered, None, report.response.before_median_s],
        ["首次响应九成内（秒）", waiting.p90_s, waiting.answered, None, None],
    ]
    return Table("概览", _scope(report), ["指标", *_RATE], rows)


def _topics(report: Insight) -> Table:
    rows = [[topic.zh, topic.phase_zh, *_rate(topic.rate)] for topic in report.topics.rows]
    return _table(report.topics, ["意图", "阶段", *_RATE], rows)


def _adoption(report: Insight) -> Table:
    found = report.adoption
    named = {"原样采用": found.as_is, "改后采用": found.edited, "没有采用": found.ignored, "采用合计": found.adopted}
    return _table(found, ["结果", *_RATE], [[name, *_rate(rate)] for name, rate in named.items()])


def _edits(report: Insight) -> Table:
    found = report.edits
    rows: list[list[Cell]] = [
        ["知道发送内容的回复", found.replies], ["一字未改", found.unchanged], ["改 1–5 字", found.few],
        ["改 6–20 字", found.some], ["改 20 字以上", found.many], ["平均改动字数", found.mean],
        ["改动字数中位数", found.median], ["平均改动占原文", _percent(found.mean_share)],
    ]  # fmt: skip
    return _table(found, ["项目", "数值"], rows)


def _trend(report: Insight) -> Table:
    columns = (report.adoption.trend, report.response.trend, report.complaints.trend, report.abstentions.trend)
    rows: list[list[Cell]] = [
        [
            Written(each.first),
            Written(each.last),
            each.turns,
            _percent(adopted),
            median,
            _percent(complaints),
            _percent(silent),
        ]
        for each, adopted, median, complaints, silent in zip(report.buckets, *columns, strict=True)
    ]
    headings = ["从", "到", "买家消息", "采用率", "首次响应中位数（秒）", "投诉率", "没有合适回复"]
    return Table("每天" if report.by == "day" else "每周", "按店铺所在时区的日期。", headings, rows)


def _not_buying(report: Insight) -> Table:
    found = report.not_buying
    rows = [[one.zh, one.n, _percent(one.part), _percent(one.before)] for one in found.rows]
    return _table(found, ["最后问的事", "会话", "占比", "上期占比"], rows)


def _quality(report: Insight) -> Table:
    codes = [code for code in report.quality.intents if any(code in row.issues for row in report.quality.rows)]
    rows = [
        [row.item_id, row.title, *_rate(row.rate), *(row.issues.get(code, 0) for code in codes)]
        for row in report.quality.rows
    ]
    names = [report.quality.intents[code] for code in codes]
    return _table(report.quality, ["商品编号", "商品", *_RATE, *names], rows)


def _by_item(report: Insight) -> Table:
    rows = [
        [item.item_id, item.title, item.n, one.zh, one.n, _percent(one.share)]
        for item in report.topics.by_item
        for one in item.topics
    ]
    headings = ["商品编号", "商品", "买家消息", "问得最多的", "次数", "占比"]
    return Table("各商品问得最多的", report.topics.note, headings, rows)


def _by_intent(found: RatesByIntent) -> list[list[Cell]]:
    return [[row.zh, *_rate(row.rate), _percent(row.part)] for row in found.rows]


def _table(section: Section, headings: Sequence[str], rows: Sequence[Sequence[Cell]]) -> Table:
    return Table(section.title, section.empty or section.note, headings, () if section.empty else rows)


def _rate(rate: Rate) -> list[Cell]:
    return [rate.n, rate.of, _percent(rate.share), _percent(rate.before)]


def _percent(share: float | None) -> Cell:
    return None if share is None else Written(f"{share:.1%}")


def _days(report: Insight) -> str:
    return f"{report.since} 至 {report.until}"


def _scope(report: Insight) -> str:
    item = f"，商品 {report.item_id}" if report.item_id else ""
    before = f"{report.before_since} 至 {report.before_until}"
    return f"店铺 {report.shop_id}{item}，{_days(report)}（{report.timezone}），与 {before} 相比。"
