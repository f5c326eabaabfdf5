"""`xiaoer serve`: the API and the page."""

from __future__ import annotations

import logging
import socket
from dataclasses import replace
from typing import Annotated

import typer
import uvicorn
from rich.console import Console

from assistant.service.api import create_app
from assistant.service.evaluator import EVALUATOR
from assistant.service.one_time_link import VALID_S, OneTimeLink
from assistant.service.security import is_loopback
from assistant.service.settings import Settings
from assistant.service.wiring import Parts, open_parts
from knowledge.errors import StoreUnavailable


def serve(
    context: typer.Context,
    host: Annotated[str, typer.Option(help="监听地址；不是本机地址时必须先建 API 密钥")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="端口", min=0, max=65535)] = 8000,
) -> None:
    """启动接口和网页。数据目录是空的时，先装入自带的知识。

    [dim]例：xiaoer serve --port 8080[/dim]
    """
    settings: Settings = context.obj
    with _listen(host, port) as listener, open_parts(settings) as parts:
        _require_key_unless_local(parts, host)
        link = None if parts.store.api_keys.any() else OneTimeLink()
        app = create_app(replace(parts, evaluator=context.meta.get(EVALUATOR)), host, link)
        _greet(f"http://{_in_url(host)}:{listener.getsockname()[1]}", len(parts.base.snapshot().entries), link)
        config = uvicorn.Config(app, log_level="warning", access_log=False)
        logging.getLogger("uvicorn.error").addFilter(_is_news)
        server = uvicorn.Server(config)
        app.state.feed.stopping = lambda: server.should_exit  # pages that listen would keep the server from ending
        server.run(sockets=[listener])


def _is_news(record: logging.LogRecord) -> bool:
    """Whether it is not the error of a request, which is in our own log already, with personal data masked."""
    return "Exception in ASGI application" not in record.getMessage()


def _greet(address: str, entries: int, link: OneTimeLink | None) -> None:
    console = Console(stderr=True, soft_wrap=True)
    console.print(f"小二已就绪：{address}/（知识 {entries} 条，按 Ctrl+C 停止）", highlight=False)
    if link:
        told = f"还没有密钥，请用这个链接打开（{VALID_S // 60} 分钟内有效，只能用一次）："
        console.print(f"{told}{address}{link.path}", markup=False, highlight=False)


def _listen(host: str, port: int) -> socket.socket:
    """Take the port before anything is loaded, so that a port in use is told at once and in one sentence."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(2048)
    except OSError as error:
        other = f"--port {port % 65535 + 1}"
        raise StoreUnavailable(
            f"不能监听 {host}:{port}（{error.strerror or error}）。"
            f'端口可能已被占用，请换一个，例如 {other}；用 make 启动时是 make serve ARGS="{other}"。'
        ) from error
    return listener


def _require_key_unless_local(parts: Parts, host: str) -> None:
    if not is_loopback(host) and not parts.store.api_keys.any():
        raise StoreUnavailable(
            f"监听 {host} 会让别的机器访问到，所以要先有 API 密钥：请运行 xiaoer keys create 名称，再重新启动。"
        )


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host
