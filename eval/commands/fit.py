"""`xiaoer models fit`: the fitted numbers behind every probability, for this shop's entries and labelled dialogs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from assistant.adapting import adapt_calibration
from assistant.examples import Example
from assistant.fitting import fit_calibration
from assistant.service.settings import Settings
from assistant.service.wiring import open_base
from eval.commands.output import require_packages, require_place
from eval.errors import OutputUnwritable
from eval.labelled_examples import read_examples
from eval.progress import Steps, shown_steps
from knowledge.base import KnowledgeBase
from models.calibration import Calibration, load_calibration, save_calibration
from models.encoder import SHIPPED, Encoder

app = typer.Typer(help="模型：用自己店的知识和标注对话重新校准。", no_args_is_help=True)
# What a calibration says of its fit, for people; the shop's messages stand on a line of their own.
_NUMBERS = {
    "examples": "用例 {:,}",
    "intent_first": "首条意图对 {:.1%}",
    "intent_within_three": "前三条内对 {:.1%}",
    "calibration_error": "把握的校准误差 {:.3f}",
    "coverage": "能答的消息里要回答 {:.1%}",
}


@app.callback()
def _group() -> None:
    """Keeps `fit` a command of its own although it is the only one."""


@app.command("fit")
def fit(
    context: typer.Context,
    dialogs: Annotated[list[Path] | None, typer.Option(help="自己店标注的对话（.jsonl），可以给出几次")] = None,
    output: Annotated[Path | None, typer.Option(help="写到哪个文件；默认是数据目录里的 calibration.json")] = None,
    from_scratch: Annotated[
        bool, typer.Option("--from-scratch", help="不用自带校准，全部重新拟合（要几分钟）")
    ] = False,
) -> None:
    """用自己店的知识和标注对话，调整理解和排序的权重；重启服务后生效。

    [dim]例：xiaoer models fit --dialogs 标注对话.jsonl[/dim]
    """
    require_packages()
    settings: Settings = context.obj
    path = output or settings.calibration_file
    if output:  # told now, not after the whole fit
        require_place(output)
    examples = read_examples(dialogs or [])
    console = Console(stderr=True, soft_wrap=True)
    with open_base(settings) as (_, base, encoder), shown_steps(console) as steps:
        fitted = _fitted(settings, base, encoder, examples, steps, from_scratch=from_scratch)
    try:
        save_calibration(fitted, path)
    except OSError as error:
        raise OutputUnwritable(f"写不了 {path}（{error.strerror}），请检查路径和权限。") from error
    for line in (*_told(fitted.fitted_on), f"已写入 {path}{'' if output else '；正在运行的服务重启后生效'}。"):
        console.print(line, markup=False, highlight=False)


def _told(fitted_on: Mapping[str, int | float | str]) -> list[str]:
    """What was learned from, and what the calibration reached on its own examples: the shipped one, where adapted."""
    reached = "，".join(form.format(fitted_on[name]) for name, form in _NUMBERS.items() if name in fitted_on)
    if "shop_turns" not in fitted_on:
        return [f"重新拟合：{reached}。"]
    return [f"学习了本店标注的买家消息 {fitted_on['shop_turns']} 条。", f"所依据的自带校准：{reached}。"]


def _fitted(
    settings: Settings,
    base: KnowledgeBase,
    encoder: Encoder,
    examples: Sequence[Example],
    steps: Steps,
    *,
    from_scratch: bool,
) -> Calibration:
    """The shipped calibration adapted to the shop; anew where there is none for this encoder, or when asked for."""
    snapshot = base.snapshot()
    if from_scratch or settings.encoder != SHIPPED:
        with steps("全部重新拟合（要几分钟）"):
            return fit_calibration(snapshot, encoder, examples)
    with steps("按本店调整") as heard:
        return adapt_calibration(
            load_calibration(encoder.id), snapshot, encoder, settings.default_shop, examples, heard
        )
