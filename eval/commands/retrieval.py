"""`xiaoer eval retrieval`: a BEIR folder through the retriever alone."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from assistant.service.settings import Settings
from eval.commands.output import require_packages, require_place, show, write_text
from models.encoder import load_encoder


def retrieval(
    context: typer.Context,
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="BEIR 文件夹：corpus.jsonl、queries.jsonl 和 qrels/test.tsv")
    ],
    run: Annotated[Path | None, typer.Option(help="写出 TREC 格式的结果，每个查询前 100 篇")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="在标准输出给出完整结果（JSON）")] = False,
    baselines: Annotated[bool, typer.Option("--baselines", help="同时测只用字面、只用向量和未调优的编码器")] = False,
) -> None:
    """用 BEIR 格式的问答集合单测检索：nDCG@10、召回率@100 等；不读知识库。

    [dim]例：xiaoer eval retrieval 集合 --run 结果.trec[/dim]
    """
    require_packages()
    from eval.collection import read_collection
    from eval.progress import shown_steps
    from eval.retrieval_evaluation import evaluate_retrieval
    from eval.tables import retrieval_tables
    from eval.trec import trec_run

    if run:
        require_place(run)
    settings: Settings = context.obj
    collection = read_collection(folder)
    errors = Console(stderr=True, soft_wrap=True)
    if collection.absent:
        errors.print(f"qrels 里有 {collection.absent} 处文档不在 corpus.jsonl 里，按找不到计。", style="yellow")
    encoder = load_encoder(settings.encoder)
    with shown_steps(errors) as steps:
        result, found = evaluate_retrieval(folder.resolve().name, collection, encoder, steps, baselines=baselines)
    if run:
        write_text(run, trec_run(found))
    show(result, retrieval_tables(result), as_json=as_json)
