"""`xiaoer kb`: knowledge in and out, and the index compared with the store."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress, TaskID

from assistant.service.commands.kb_files import (
    console,
    errors,
    mapping_of,
    progress_bar,
    show_report,
    written_file,
)
from assistant.service.wiring import open_base, open_store
from knowledge.audit import COMMAND_LINE
from knowledge.checks import check_entry
from knowledge.errors import ImportFailed
from knowledge.exchange.reading import FORMATS, Format, open_rows
from knowledge.exchange.template import write_template
from knowledge.exchange.writing import write_entries
from knowledge.import_checks import Policy
from knowledge.importing import import_rows
from knowledge.index_check import check_index
from knowledge.known_entries import KnownEntries
from models.encoder import load_encoder

app = typer.Typer(help="知识库：导入、导出、模板、检查、重建索引。", no_args_is_help=True)


@app.command("import")
def import_file(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="知识文件（.csv、.xlsx 或 .jsonl）；- 表示标准输入")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只检查并报告，不写入")] = False,
    policy: Annotated[Policy, typer.Option(help="已有的条目：update 更新，skip 跳过，refuse 算出错")] = "update",
    keep_going: Annotated[bool, typer.Option("--keep-going", help="跳过有错的行，其余照常写入")] = False,
    columns: Annotated[
        list[str] | None, typer.Option("--map", metavar="列=字段", help="某列是什么，可写几次；“列=”不导入")
    ] = None,
    shop: Annotated[str | None, typer.Option(help="没写店铺的行归哪家；默认各店共用")] = None,
) -> None:
    """导入知识。逐行报告结果；默认有一行出错就整个文件都不写入。

    [dim]例：xiaoer kb import 新品.xlsx --dry-run[/dim]
    """
    source = sys.stdin.buffer.read() if str(file) == "-" else file
    defaults = {"shop_id": shop} if shop else {}
    with open_base(context.obj) as (store, base, _), progress_bar() as bar:
        known = KnownEntries(store.every_entry())
        opened = open_rows(source, file.name, mapping=mapping_of(columns or ()), defaults=defaults, known=known)
        write = None if dry_run else partial(base.write, by=COMMAND_LINE, on_progress=_advance(bar, "编码"))
        checked = _advance(bar, "检查")
        report = import_rows(
            opened.rows, write, check_entry, keep_going, lambda read: checked(read, None), known=known, policy=policy
        )
    show_report(report, opened.notes)
    if dry_run:
        console.print("以上是试导入的结果，没有写入。", highlight=False)
    if report.failed:
        raise typer.Exit(1)


@app.command("export")
def export_file(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="写到哪个 .csv、.xlsx 或 .jsonl 文件；- 表示标准输出（.jsonl）")],
) -> None:
    """导出全部知识；再导入回来，什么都不会变。

    [dim]例：xiaoer kb export 备份.xlsx[/dim]
    """
    kind = "jsonl" if str(file) == "-" else _format_of(file)
    with open_base(context.obj) as (store, _, _), written_file(file) as stream:
        count = write_entries(store.every_entry(), kind, stream)
    if str(file) != "-":
        errors.print(f"已导出 {count} 条到 {file}", markup=False, highlight=False)


@app.command("template")
def template(file: Annotated[Path, typer.Argument(help="写到哪个 .csv 或 .xlsx 文件")]) -> None:
    """导入用的空表：表头、填好的示例和每列的写法。

    [dim]例：xiaoer kb template 模板.xlsx[/dim]
    """
    kind = _format_of(file)
    if kind == "jsonl":
        raise ImportFailed("模板只有 .csv 和 .xlsx 两种；.jsonl 请看 README 里的例子。")
    with written_file(file) as stream:
        write_template(stream, kind)
    errors.print(f"模板已写到 {file}", markup=False, highlight=False)


@app.command("check")
def check(context: typer.Context) -> None:
    """比较知识库和磁盘上的索引是否一致；不一致时退出码为 1。只看不改。"""
    settings = context.obj
    with open_store(settings) as store:
        report = check_index(store, load_encoder(settings.encoder), settings.index_dir)
    for finding in report.findings:
        console.print(str(finding), markup=False, highlight=False)
    if report.clean:
        console.print(f"一致：知识第 {report.revision} 版，{report.entries} 条可检索。", highlight=False)
    else:
        errors.print("索引和知识库不一致；请运行 xiaoer kb rebuild，或重启服务，它会自动修复。", style="red")
        raise typer.Exit(1)


@app.command("rebuild")
def rebuild(context: typer.Context) -> None:
    """从知识库重新生成索引。"""
    with open_base(context.obj) as (_, base, _), progress_bar() as progress:
        task = progress.add_task("编码", total=None)
        base.rebuild(lambda done, total: progress.update(task, completed=done, total=total))
        entries = len(base.snapshot().entries)
    console.print(f"索引已重建：{entries} 条知识（含不参与检索的话术）。", highlight=False)


def _format_of(file: Path) -> Format:
    kind = FORMATS.get(file.suffix.lower())
    if kind is None or file.suffix.lower() not in (".csv", ".xlsx", ".jsonl"):
        raise ImportFailed(f"{file} 的格式不认识；请写成 .csv、.xlsx 或 .jsonl 文件。")
    return kind


def _advance(bar: Progress, name: str) -> Callable[[int, int | None], None]:
    """Shows how far a step is; its bar appears when it begins."""
    tasks: list[TaskID] = []

    def advance(done: int, total: int | None) -> None:
        if not tasks:
            tasks.append(bar.add_task(name, total=total))
        bar.update(tasks[0], completed=done, total=total)

    return advance
