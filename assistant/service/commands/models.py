"""`xiaoer models`: the fitted numbers behind every probability."""

from __future__ import annotations

import typer
from rich.console import Console

from assistant.fitting import fit_calibration
from assistant.service.wiring import open_base

app = typer.Typer(help="模型：为当前的知识和编码器重新校准。", no_args_is_help=True)


@app.command("fit")
def fit(context: typer.Context) -> None:
    """用自带的标注语料，为当前知识和编码器重新拟合各信号的权重，写入数据目录；重启服务后生效。"""
    settings = context.obj
    console = Console(stderr=True)
    with open_base(settings) as (_, base, encoder), console.status("正在校准……"):
        calibration = fit_calibration(base.snapshot(), encoder)
    settings.calibration_file.write_text(calibration.model_dump_json(indent=1), "utf-8")
    for name, value in calibration.fitted_on.items():
        console.print(f"{name}: {value}", highlight=False)
    console.print(f"已写入 {settings.calibration_file}", highlight=False)
