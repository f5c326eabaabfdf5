"""`xiaoer serve`: the API and the page."""

from __future__ import annotations

import socket
from typing import Annotated

import typer
import uvicorn
from rich.console import Console

from assistant.service.api import create_app
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
        app = create_app(parts, host)
        shown = f"http://{_in_url(host)}:{listener.getsockname()[1]}/"
        Console(stderr=True).print(
            f"小二已就绪：{shown}（知识 {len(parts.base.snapshot().entries)} 条，按 Ctrl+C 停止）", highlight=False
        )
        config = uvicorn.Config(app, log_level="warning", access_log=False)
        uvicorn.Server(config).run(sockets=[listener])


def _listen(host: str, port: int) -> socket.socket:
    """Take the port before anything is loaded, so that a port in use is told at once and in one sentence."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(2048)
    except OSError as error:
        raise StoreUnavailable(
            f"不能监听 {host}:{port}（{error.strerror or error}）。"
            f"端口可能已被占用，请换一个，例如 --port {port % 65535 + 1}。"
        ) from error
    return listener


def _require_key_unless_local(parts: Parts, host: str) -> None:
    if not is_loopback(host) and not parts.store.api_keys.any():
        raise StoreUnavailable(
            f"监听 {host} 会让别的机器访问到，所以要先有 API 密钥：请运行 xiaoer keys create 名称，再重新启动。"
        )


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host
