"""`xiaoer models`: the fitted numbers behind every probability."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from assistant.fitting import fit_calibration
from assistant.service.settings import Settings
from assistant.service.wiring import open_base
from knowledge.errors import ImportFailed
from models.calibration import save_calibration

app = typer.Typer(help="模型：为当前的知识和编码器重新校准。", no_args_is_help=True)


@app.command("fit")
def fit(
    context: typer.Context,
    output: Annotated[Path | None, typer.Option(help="写到哪个文件；默认是数据目录里的 calibration.json")] = None,
) -> None:
    """用自带的标注语料，为当前知识和编码器重新拟合各信号的权重；重启服务后生效。

    [dim]例：xiaoer models fit[/dim]
    """
    settings: Settings = context.obj
    path = output or settings.calibration_file
    if output and (output.is_dir() or not output.parent.is_dir()):  # told now, not after the whole fit
        raise ImportFailed(f"写不了 {output}，请检查路径。")
    console = Console(stderr=True)
    with open_base(settings) as (_, base, encoder), console.status("正在校准……"):
        calibration = fit_calibration(base.snapshot(), encoder)
    try:
        save_calibration(calibration, path)
    except OSError as error:
        raise ImportFailed(f"写不了 {path}（{error.strerror}），请检查路径和权限。") from error
    for name, value in calibration.fitted_on.items():
        console.print(f"{name}: {value}", highlight=False)
    console.print(f"已写入 {path}", highlight=False)
