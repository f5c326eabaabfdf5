"""`xiaoer eval gate`: does a result hold the levels that were set?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from assistant.service.settings import Settings
from assistant.service.wiring import open_parts
from eval.commands.output import require_packages
from eval.errors import InputUnreadable

if TYPE_CHECKING:
    from eval.gate import Held
    from eval.metric_names import MetricName


def gate(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(help="一份结果（.json），或几份标注对话（.jsonl）")],
    levels: Annotated[Path | None, typer.Option(help="底线文件（.yaml）；默认用自带对话的底线")] = None,
) -> None:
    """检查是否守住底线：有一项低于（或高于）所定的值，退出码就是 1。

    [dim]例：xiaoer eval gate 结果.json --levels 底线.yaml[/dim]
    """
    require_packages()
    from eval.gate import judge, read_levels, shipped_levels

    bounds = read_levels(levels or shipped_levels())
    held = judge(_metrics(context.obj, files), bounds)
    failed = [each for each in held if not each.ok]
    Console().print(_table(held))
    if failed:
        Console(stderr=True).print(f"{len(failed)} 项没有守住底线。", style="red")
        raise typer.Exit(1)


def _metrics(settings: Settings, paths: Sequence[Path]) -> Mapping[str, float | None]:
    from eval.saved_results import read_numbers

    saved = [path for path in paths if path.suffix == ".json"]
    if not saved:
        return _measured(settings, paths)
    if len(paths) > 1:
        raise InputUnreadable("一次只能检查一份结果（.json），也不能和标注对话（.jsonl）混在一起。")
    return read_numbers(saved[0]).metrics


def _measured(settings: Settings, paths: Sequence[Path]) -> Mapping[str, float | None]:
    from eval.dialog_evaluation import Dialogs, evaluate_dialogs
    from eval.progress import shown_steps

    read = Dialogs.read(paths)
    with open_parts(settings) as parts, shown_steps(Console(stderr=True)) as steps:
        return evaluate_dialogs(parts.suggester, read, steps).metrics


def _table(held: Sequence[Held]) -> Table:
    from eval.metric_names import metric_names

    table = Table("指标", title="底线", title_justify="left")
    for heading in ("实测", "底线"):
        table.add_column(heading, justify="right")
    table.add_column("")
    for each in held:
        name = metric_names()[each.name]
        sign = "≥" if each.bound == "at_least" else "≤"
        row = (name.zh, _reached(each, name), f"{sign} {name.written(each.level)}", "守住" if each.ok else "没守住")
        table.add_row(*row, style=None if each.ok else "red")
    return table


def _reached(held: Held, name: MetricName) -> str:
    """The value, with all its digits where rounding would hide by how little a level was missed."""
    if held.reached is None:
        return "没有测到"
    written = name.written(held.reached)
    return f"{held.reached:.6g}" if not held.ok and written == name.written(held.level) else written
