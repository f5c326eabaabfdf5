"""`xiaoer kb`: knowledge in and out, and the index compared with the store."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from assistant.service.wiring import open_base, open_store
from knowledge.checks import check_entry
from knowledge.errors import ImportFailed
from knowledge.exchange import jsonl
from knowledge.importing import ImportReport, import_rows
from knowledge.index_check import check_index
from models.encoder import load_encoder

app = typer.Typer(help="知识库：导入、导出、检查、重建索引。", no_args_is_help=True)
_console = Console(soft_wrap=True)
_errors = Console(stderr=True, soft_wrap=True)
_ZH = {"created": "新增", "updated": "更新", "unchanged": "未变", "failed": "失败", "skipped": "未写入"}


@app.command("import")
def import_file(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="知识文件（.jsonl，每行一条）；- 表示标准输入")],
    keep_going: Annotated[bool, typer.Option("--keep-going", help="跳过有错的行，其余照常写入")] = False,
) -> None:
    """导入知识。逐行报告结果；默认有一行出错就整个文件都不写入。

    [dim]例：xiaoer kb import 新品.jsonl[/dim]
    """
    if str(file) != "-" and file.suffix != ".jsonl":
        raise ImportFailed(f"{file} 不是 .jsonl 文件；目前只支持 .jsonl，每行一条知识。")
    rows = jsonl.read_rows(sys.stdin.buffer if str(file) == "-" else file)
    with open_base(context.obj) as (_, base, _), _progress() as progress:
        task = progress.add_task("导入", total=None)
        report = import_rows(
            rows, base.write, check_entry, keep_going, lambda read: progress.update(task, completed=read)
        )
    _show(report)
    if report.failed:
        raise typer.Exit(1)


@app.command("export")
def export_file(
    context: typer.Context, file: Annotated[Path, typer.Argument(help="写到哪个 .jsonl 文件；- 表示标准输出")]
) -> None:
    """导出全部知识；再导入回来，什么都不会变。

    [dim]例：xiaoer kb export 备份.jsonl[/dim]
    """
    with open_base(context.obj) as (store, _, _):
        if str(file) == "-":
            jsonl.dump_entries(store.every_entry(), sys.stdout.buffer)
            return
        try:
            # Beside the old file first: an export that fails half-way must not take yesterday's with it.
            with NamedTemporaryFile(dir=file.parent, prefix=f".{file.name}-", delete=False) as stream:
                count = jsonl.dump_entries(store.every_entry(), stream)
            Path(stream.name).replace(file)
        except OSError as error:
            raise ImportFailed(f"写不了 {file}（{error.strerror}），请检查路径和权限。") from error
    _errors.print(f"已导出 {count} 条到 {file}", markup=False, highlight=False)


@app.command("check")
def check(context: typer.Context) -> None:
    """比较知识库和磁盘上的索引是否一致；不一致时退出码为 1。只看不改。"""
    settings = context.obj
    with open_store(settings) as store:
        report = check_index(store, load_encoder(settings.encoder), settings.index_dir)
    for finding in report.findings:
        _console.print(str(finding), markup=False, highlight=False)
    if report.clean:
        _console.print(f"一致：知识第 {report.revision} 版，{report.entries} 条可检索。", highlight=False)
    else:
        _errors.print("索引和知识库不一致；请运行 xiaoer kb rebuild，或重启服务，它会自动修复。", style="red")
        raise typer.Exit(1)


@app.command("rebuild")
def rebuild(context: typer.Context) -> None:
    """从知识库重新生成索引。"""
    with open_base(context.obj) as (_, base, _), _progress() as progress:
        task = progress.add_task("编码", total=None)
        base.rebuild(lambda done, total: progress.update(task, completed=done, total=total))
        entries = len(base.snapshot().entries)
    _console.print(f"索引已重建：{entries} 条知识（含不参与检索的话术）。", highlight=False)


def _progress() -> Progress:
    """A bar for people at a terminal; elsewhere it would only leave blank lines."""
    return Progress(console=_errors, transient=True, disable=not _errors.is_terminal)


def _show(report: ImportReport) -> None:
    for row in report.rows:
        if row.problems:
            reasons = "；".join(map(str, row.problems))
            _console.print(
                f"第 {row.number} 行 {_ZH[row.outcome]} {row.entry_id or ''}：{reasons}", markup=False, highlight=False
            )
    if len(report.rows) <= 50:
        for row in report.rows:
            if not row.problems:
                _console.print(f"第 {row.number} 行 {_ZH[row.outcome]} {row.entry_id}", markup=False, highlight=False)
    counts = Counter(row.outcome for row in report.rows)
    summary = "，".join(f"{_ZH[outcome]} {count}" for outcome, count in counts.items())
    _console.print(f"共读 {report.read} 行：{summary or '没有内容'}", markup=False, highlight=False)
