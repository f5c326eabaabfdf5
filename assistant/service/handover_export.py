"""The hand-over table as a file: for spreadsheet programs, or as text to paste."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from knowledge.exchange.cell_text import cell_of
from knowledge.records.handovers import Handover
from knowledge.records.moments import moment

HEADINGS = ("编号", "状态", "事项", "内容", "对话", "客服", "登记时间", "更新时间")
STATUS_ZH = {"open": "待跟进", "done": "已完成"}
_BOM = "\ufeff"  # by which spreadsheet programs know UTF-8
_MARKDOWN = re.compile(r"([\\`*_\[\]<>|#~])")


def as_csv(handovers: Sequence[Handover], timezone: str) -> str:
    """The table with headings; a text that a spreadsheet program would calculate is guarded by an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEADINGS)
    for one in handovers:
        number, status, *texts, written, changed = _row(one, timezone)
        writer.writerow([number, status, *map(_cell, texts), written, changed])
    return _BOM + out.getvalue()


def as_markdown(handovers: Sequence[Handover], timezone: str) -> str:
    """The table in Markdown; marks in a text are shown as they are."""
    rows = [HEADINGS, tuple("---" for _ in HEADINGS)]
    lines = [f"| {' | '.join(row)} |" for row in rows]
    for one in handovers:
        cells = (_MARKDOWN.sub(r"\\\1", value).replace("\n", "<br>") for value in _row(one, timezone))
        lines.append(f"| {' | '.join(cells)} |")
    return "# 交接表\n\n" + "\n".join(lines) + "\n"


def _row(one: Handover, timezone: str) -> tuple[str, ...]:
    times = (_local(one.created_at, timezone), _local(one.updated_at, timezone))
    return (f"{one.id}", STATUS_ZH[one.status], one.title, one.text, one.conversation_id or "", one.agent or "", *times)


def _local(stored: str, timezone: str) -> str:
    at = moment(stored)
    return f"{at.astimezone(ZoneInfo(timezone)):%Y-%m-%d %H:%M}" if at else ""


def _cell(value: str) -> str:
    text = value.replace("\r\n", "\n").replace("\r", "\n").strip()
    return cell_of(text, typed=False) if text else ""
