"""Where results go: standard output, the terminal, files beside each other."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

from pydantic import BaseModel
from rich.console import Console, RenderableType

from eval.errors import OutputUnwritable, PackagesMissing
from models.extras import install_command

NEEDED = {"ir_measures": "ir-measures", "jinja2": "jinja2", "matplotlib": "matplotlib", "sklearn": "scikit-learn"}


def require_packages() -> None:
    """Raise PackagesMissing, in one sentence, where the extra `eval` is not installed."""
    missing = [name for module, name in NEEDED.items() if find_spec(module) is None]
    if missing:
        raise PackagesMissing(
            f"测评和校准还要用到 {'、'.join(missing)}；请在小二的文件夹里运行 {install_command('eval')} 安装后再试。"
        )


def require_place(path: Path) -> None:
    """Raise OutputUnwritable before a long run rather than after it."""
    if path.is_dir() or not path.parent.is_dir():
        raise OutputUnwritable(f"写不了 {path}：{'它是一个文件夹' if path.is_dir() else '文件夹不存在'}，请检查路径。")


def write_text(path: Path, text: str) -> None:
    """Write a file; OutputUnwritable when that fails."""
    try:
        path.write_text(text, "utf-8")
    except OSError as error:
        raise OutputUnwritable(f"写不了 {path}（{error.strerror}），请检查路径和权限。") from error


def show(result: BaseModel, tables: Iterable[RenderableType], *, as_json: bool) -> None:
    """The result on standard output: the document for programs, or tables for people."""
    from eval.result import as_json as written

    if as_json:
        sys.stdout.write(written(result))
        return
    console = Console()
    for table in tables:
        console.print(table)
