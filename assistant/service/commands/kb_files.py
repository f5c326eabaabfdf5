"""Files of entries on the command line: what the options mean, a progress bar that is honest, and the report."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from knowledge.errors import ImportFailed
from knowledge.importing import SKIPPED, ImportReport

OUTCOME_ZH = {"created": "新增", "updated": "更新", "unchanged": "未变", "failed": "失败", "skipped": "未写入"}
EACH_ROW = 50  # rows of a file whose good rows are listed, too
console = Console(soft_wrap=True)
errors = Console(stderr=True, soft_wrap=True)


def mapping_of(pairs: Sequence[str]) -> dict[str, str | None]:
    """`列=字段` of the options; nothing behind the sign leaves the column out. Raises BadParameter."""
    mapping: dict[str, str | None] = {}
    for pair in pairs:
        column, equals, field = pair.partition("=")
        if not equals or not column.strip():
            raise typer.BadParameter(f"--map 写成 列=字段，例如 --map 用户问题=标准问；收到的是 {pair}")
        mapping[column.strip()] = field.strip() or None
    return mapping


def progress_bar() -> Progress:
    """A bar for people at a terminal; elsewhere it would only leave blank lines."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal)


@contextmanager
def written_file(file: Path) -> Iterator[IO[bytes]]:
    """A stream into a file, or standard output for `-`; an export that fails half-way leaves the old file as it was."""
    if str(file) == "-":
        yield sys.stdout.buffer
        return
    try:
        with NamedTemporaryFile(dir=file.parent, prefix=f".{file.name}-", delete=False) as stream:
            beside = Path(stream.name)
            try:
                yield stream
                stream.flush()
                beside.replace(file)
            finally:
                beside.unlink(missing_ok=True)
    except OSError as error:
        raise ImportFailed(f"写不了 {file}（{error.strerror}），请检查路径和权限。") from error


def show_report(report: ImportReport, notes: Sequence[str]) -> None:
    """Every row with a problem, in a short file the good ones as well, what was left out, and the counts."""
    for row in report.rows:
        if row.outcome == "failed":
            reasons = "；".join(map(str, row.problems))
            _say(f"第 {row.number} 行 {OUTCOME_ZH[row.outcome]} {row.entry_id or ''}：{reasons}")
    for row in report.rows if len(report.rows) <= EACH_ROW else ():
        if not row.problems:
            _say(f"第 {row.number} 行 {OUTCOME_ZH[row.outcome]} {row.entry_id or ''}{_why(row.passed_over)}".rstrip())
    if report.skipped:
        _say(f"另外 {report.skipped} 行{SKIPPED.reason}；{SKIPPED.remedy}")
    for note in notes:
        _say(f"注意：{note}")
    counts = Counter(row.outcome for row in report.rows)
    summary = "，".join(f"{OUTCOME_ZH[outcome]} {count}" for outcome, count in counts.items())
    _say(f"共读 {report.read} 行：{summary or '没有内容'}")


def _why(passed_over: bool) -> str:
    return "（已经有了，按 --policy skip 没有改）" if passed_over else ""


def _say(text: str) -> None:
    console.print(text, markup=False, highlight=False)
