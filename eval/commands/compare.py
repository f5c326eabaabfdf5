"""`xiaoer eval compare`: two saved results of the same cases."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from eval.commands.output import require_packages, show


def compare(
    first: Annotated[Path, typer.Argument(metavar="A.json", help="之前的结果（eval dialogs --json 存下的）")],
    second: Annotated[Path, typer.Argument(metavar="B.json", help="之后的结果")],
    as_json: Annotated[bool, typer.Option("--json", help="在标准输出给出比较结果（JSON）")] = False,
) -> None:
    """比较两次测评：哪些指标变好、变差，是不是碰巧，具体是哪几条变了。

    [dim]例：xiaoer eval compare 之前.json 之后.json[/dim]
    """
    require_packages()
    from eval.compare import compare_files
    from eval.compare_tables import comparison_tables

    found = compare_files(first, second)
    show(found, comparison_tables(found), as_json=as_json)
