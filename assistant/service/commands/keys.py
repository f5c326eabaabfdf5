"""`xiaoer keys`: API keys for programs and pages on other machines."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from assistant.service.access import ROLE_ZH
from assistant.service.wiring import open_store
from knowledge.api_keys import Role

app = typer.Typer(help="API 密钥：有了密钥，接口就只认密钥；对外监听时必须有。", no_args_is_help=True)
_console = Console(soft_wrap=True)
_errors = Console(stderr=True, soft_wrap=True)


@app.command("create")
def create(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="给谁用的，例如 侧边栏插件")],
    role: Annotated[Role, typer.Option(help="agent 客服、editor 知识编辑、evaluator 质检、admin 管理员")] = "admin",
    shop: Annotated[str | None, typer.Option(help="限定一个店铺；默认全部")] = None,
) -> None:
    """新建一个密钥。只显示这一次，请马上保存。

    [dim]例：xiaoer keys create 侧边栏插件 --role agent --shop demo[/dim]
    """
    with open_store(context.obj) as store:
        try:
            secret = store.api_keys.create(name, role, shop)
        except ValueError as error:
            raise typer.BadParameter(str(error)) from error
    _console.print(secret, markup=False, highlight=False)


@app.command("list")
def list_keys(context: typer.Context) -> None:
    """列出全部密钥（名称、角色、店铺和时间，不含密钥本身）。"""
    with open_store(context.obj) as store:
        keys = store.api_keys.list()
    table = Table("编号", "名称", "角色", "店铺", "建立时间", "停用时间")
    for key in keys:
        made, stopped = (f"{at:%Y-%m-%d %H:%M}" if at else "" for at in (key.created_at, key.revoked_at))
        shop = escape(key.shop_id) if key.shop_id else "全部"
        table.add_row(str(key.id), escape(key.name), ROLE_ZH[key.role], shop, made, stopped)
    _console.print(table)


@app.command("revoke")
def revoke(
    context: typer.Context,
    key_id: Annotated[int, typer.Argument(help="xiaoer keys list 里的编号", min=1, max=2**31 - 1)],
) -> None:
    """停用一个密钥，立即生效。

    [dim]例：xiaoer keys revoke 1[/dim]
    """
    with open_store(context.obj) as store:
        revoked = store.api_keys.revoke(key_id)
    if not revoked:
        _errors.print(f"没有编号为 {key_id} 的有效密钥，请用 xiaoer keys list 查看编号。", style="red", highlight=False)
        raise typer.Exit(1)
    _console.print(f"已停用密钥 {key_id}。", highlight=False)
