"""`xiaoer eval dialogs`: labelled dialogs through the whole suggester."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from assistant.service.wiring import open_parts
from eval.commands.output import require_packages, require_place, show, write_text


def dialogs(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(help="标注对话的文件（.jsonl），可以给出几个")],
    as_json: Annotated[bool, typer.Option("--json", help="在标准输出给出完整结果（JSON）")] = False,
    report: Annotated[Path | None, typer.Option(help="写出网页报告（.html），旁边另存同名的 .json")] = None,
    baselines: Annotated[bool, typer.Option("--baselines", help="同时测关键词、BM25 和未调优的编码器")] = False,
    ablation: Annotated[bool, typer.Option("--ablation", help="同时测关掉每一部分之后的结果")] = False,
) -> None:
    """用标注好的对话测评整套系统。

    报告首条对不对、投诉和情绪、把握准不准、有无泄漏、耗时多少。

    [dim]例：xiaoer eval dialogs 对话.jsonl --report 报告.html[/dim]
    """
    require_packages()
    from eval.dialog_evaluation import Dialogs, evaluate_dialogs
    from eval.progress import shown_steps
    from eval.report import write_report
    from eval.result import as_json as written
    from eval.tables import dialogs_tables

    if report:
        require_place(report)
    read = Dialogs.read(files)
    with open_parts(context.obj) as parts, shown_steps(Console(stderr=True)) as steps:
        result = evaluate_dialogs(parts.suggester, read, steps, baselines=baselines, ablation=ablation)
    if report:
        write_text(report.with_suffix(".json"), written(result))
        write_report(result, report)
    show(result, dialogs_tables(result), as_json=as_json)
