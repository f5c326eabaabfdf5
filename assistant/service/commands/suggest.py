"""`xiaoer suggest`: suggestions on the command line, for people, for programs and in batches."""

from __future__ import annotations

import json
import sys
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator, Sequence
from io import BufferedReader
from pathlib import Path
from typing import IO, Annotated, Any

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from assistant.request import Message, SuggestionRequest
from assistant.response import SuggestionResponse
from assistant.service.errors import problem_of
from assistant.service.wiring import open_parts
from assistant.suggester import Suggester
from knowledge.errors import KnowledgeError
from models.intents import intents

BATCH = 64
_console = Console(soft_wrap=False)


def suggest(
    context: typer.Context,
    text: Annotated[str | None, typer.Argument(help="买家的话")] = None,
    item: Annotated[str | None, typer.Option(help="买家在看的商品编号，例如 dress-001")] = None,
    order: Annotated[Path | None, typer.Option(help="订单 JSON 文件，字段同接口里的 context.order")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出接口的完整响应")] = False,
    batch: Annotated[bool, typer.Option("--batch", help="从标准输入读，每行一个请求 JSON，每行输出一个响应")] = False,
) -> None:
    """为一条买家消息给出建议回复。

    [dim]例：xiaoer suggest 我160高100斤穿多大 --item dress-001[/dim]
    [dim]批量：xiaoer suggest --batch < 请求.jsonl > 响应.jsonl[/dim]
    """
    if batch == (text is not None):
        raise typer.BadParameter("请给出买家的话，或用 --batch 从标准输入读请求（二选一）。")
    if batch and (item or order or as_json):
        raise typer.BadParameter("--batch 的商品和订单写在每行请求的 context 里，不能再加 --item、--order 或 --json。")
    request = None if batch else _request(str(text), item, order)
    with open_parts(context.obj) as parts:
        if request is None:
            with open(sys.stdin.fileno(), "rb", closefd=False) as stream:
                run_batch(parts.suggester, arriving_lines(stream), sys.stdout.buffer)
            return
        response = parts.suggester.suggest(request)
    if as_json:
        sys.stdout.write(response.model_dump_json(indent=2) + "\n")
    else:
        _show(response)


def run_batch(suggester: Suggester, arriving: Iterable[list[bytes]], output: IO[bytes]) -> None:
    """A response line for every request line, in order; a bad request gives its problem and the run goes on."""
    for lines in arriving:
        for start in range(0, len(lines), BATCH):
            parsed = [_parse(suggester, line) for line in lines[start : start + BATCH]]
            output.writelines(document.encode() + b"\n" for document in _answers(suggester, parsed))
            output.flush()


def arriving_lines(stream: BufferedReader) -> Iterator[list[bytes]]:
    """The lines that have arrived, so that a program which waits for each answer gets it; blank ones are left out."""
    rest = b""
    while data := stream.read1(1 << 20):
        *lines, rest = (rest + data).split(b"\n")
        yield [line for line in lines if line.strip()]
    yield [rest] if rest.strip() else []


def _answers(suggester: Suggester, parsed: Sequence[SuggestionRequest | dict[str, Any]]) -> Iterator[str]:
    requests = [one for one in parsed if isinstance(one, SuggestionRequest)]
    responses = iter(suggester.suggest_many(requests) if requests else [])
    for one in parsed:
        if isinstance(one, SuggestionRequest):
            yield next(responses).model_dump_json()
        else:
            yield json.dumps({"error": one}, ensure_ascii=False)


def _parse(suggester: Suggester, line: bytes) -> SuggestionRequest | dict[str, Any]:
    """The request of a line, or the problem document that stands in its place."""
    try:
        request = SuggestionRequest.model_validate_json(line.removeprefix(BOM_UTF8))
        suggester.require_known_shop(request)
    except (ValidationError, KnowledgeError) as error:
        return problem_of(error)
    return request


def _request(text: str, item: str | None, order: Path | None) -> SuggestionRequest:
    context: dict[str, Any] = {}
    if item:
        context["item"] = {"item_id": item}
    if order:
        context["order"] = _read_order(order)
    try:
        message = Message(id="m1", role="buyer", text=text)
        return SuggestionRequest.model_validate({"messages": [message], "context": context})
    except ValidationError as error:
        raise typer.BadParameter(str(problem_of(error)["detail"])) from error


def _read_order(path: Path) -> Any:
    try:
        return json.loads(path.read_text("utf-8-sig"))
    except (OSError, ValueError) as error:
        raise typer.BadParameter(
            f"订单文件 {path} 读不出来；它应是一个 UTF-8 的 JSON 文件，字段同 context.order。"
        ) from error


def _show(response: SuggestionResponse) -> None:
    """A table for people."""
    heard = response.understanding
    names = "、".join(f"{intents()[each.code].zh} {each.confidence:.0%}" for each in heard.intents[:3])
    _console.print(f"[bold]理解[/bold] {names}{'  [red]投诉[/red]' if heard.complaint.value else ''}", highlight=False)
    if response.reason:
        _console.print(f"[yellow]{response.reason}[/yellow]", highlight=False)
    table = Table(show_lines=True)
    for heading in ("#", "把握", "建议回复", "来源"):
        table.add_column(heading, overflow="fold")
    for one in response.suggestions:
        trust = "备用" if one.fallback else f"{one.confidence:.0%}"
        source = f"{one.source.title}\n{one.source.entry_id} v{one.source.version}"
        table.add_row(str(one.rank), trust, escape(one.text), escape(source))
    _console.print(table)
    for step in response.next_steps:
        told = escape(step.text or "、".join(step.items or ()))
        _console.print(f"[bold]{step.title}[/bold] {told}", highlight=False)
