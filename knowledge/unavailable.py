"""Why a database cannot be used, in one sentence for the person who runs the shop's installation."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from knowledge.errors import StoreUnavailable
from models.extras import install_command

_ELSEWHERE = "请检查文件夹的写权限，或用 XIAOER_DATA_DIR 换一个可写的文件夹"
_NOT_OURS = ("里面的表和小二要用的不一致", "它可能是别的程序的数据库，请换一个文件名或库名")

# SQLite's primary result codes → what happened, and what to do.
_SQLITE = {
    sqlite3.SQLITE_ERROR: _NOT_OURS,
    sqlite3.SQLITE_READONLY: ("文件是只读的", _ELSEWHERE),
    sqlite3.SQLITE_PERM: ("没有读写权限", _ELSEWHERE),
    sqlite3.SQLITE_CANTOPEN: ("不能在这里建立或打开文件", _ELSEWHERE),
    sqlite3.SQLITE_NOTADB: ("文件已损坏，或不是 SQLite 数据库", "请用备份替换它，或换一个文件夹"),
    sqlite3.SQLITE_CORRUPT: ("文件已损坏", "请用备份替换它，或把它移走后重新导入知识"),
    sqlite3.SQLITE_BUSY: ("另一个程序一直占用着它", "请关闭那个程序，或稍后再试"),
    sqlite3.SQLITE_LOCKED: ("另一个程序一直占用着它", "请关闭那个程序，或稍后再试"),
    sqlite3.SQLITE_FULL: ("磁盘已满", "请腾出空间后再试"),
    sqlite3.SQLITE_IOERR: ("读写磁盘出错", "请检查磁盘和文件夹后再试"),
}

# PostgreSQL's SQLSTATE codes and classes; a code stands before its class.
_POSTGRES = {
    "25006": ("服务器目前只读", "请连接主库"),
    "42501": ("这个用户没有建表或读写的权限", "请为它授权"),
    "42": _NOT_OURS,
    "53": ("服务器资源不足", "请稍后再试"),
    "40": ("与别的写入冲突", "请再试一次"),
    "57": ("服务器正在停机或取消了操作", "请稍后再试"),
}
_NO_SERVER = ("连不上服务器，或用户名、密码、库名不对", "请检查数据库地址，并确认服务器已启动")


def parse_url(url: str) -> URL:
    """The parsed URL of a database that this program can use; raises StoreUnavailable for any other."""
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise StoreUnavailable(f"数据库地址 {url!r} 写法不对，应类似 sqlite:///var/xiaoer.db。") from error
    if parsed.get_backend_name() not in ("sqlite", "postgresql"):
        raise StoreUnavailable(
            f"不支持 {parsed.get_backend_name()} 数据库，请使用 sqlite:/// 或 postgresql+psycopg://。"
        )
    if parsed.get_backend_name() == "sqlite" and parsed.database in (None, "", ":memory:"):
        raise StoreUnavailable("知识库要存成文件，请在 sqlite:/// 后面写上文件路径。")
    return parsed


def make_folder(url: URL) -> None:
    """Make the folder of a SQLite file; raises StoreUnavailable when that cannot be."""
    if url.get_backend_name() != "sqlite":
        return
    path = Path(str(url.database))
    if path.is_dir():
        raise StoreUnavailable(_sentence(url, "这是一个文件夹，不是文件", "请在后面写上文件名"))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        raise StoreUnavailable(_sentence(url, "路径里有一段是文件，不是文件夹", "请换一个文件夹")) from error
    except OSError as error:
        raise StoreUnavailable(_sentence(url, "不能建立文件夹", _ELSEWHERE)) from error


def newer(url: URL) -> StoreUnavailable:
    """The database was migrated by a newer program."""
    return StoreUnavailable(_sentence(url, "它由更新版本的小二建立", "请先升级本程序"))


def no_driver(url: URL) -> StoreUnavailable:
    """The driver that the URL names is not installed."""
    remedy = f"请在小二的文件夹里运行 {install_command('postgres')}，地址写成 postgresql+psycopg://"
    return StoreUnavailable(_sentence(url, "缺少数据库驱动", remedy))


def explain(url: URL, error: Exception) -> StoreUnavailable | None:
    """What a database error means to its owner; None when the error is this program's own fault."""
    if isinstance(error, PoolTimeout):
        return StoreUnavailable(_sentence(url, "同时使用的连接太多", "请稍后再试"))
    cause = error.orig if isinstance(error, DBAPIError) else error
    code = getattr(cause, "sqlite_errorcode", None)
    state = getattr(cause, "sqlstate", None)
    known = _SQLITE.get(code & 0xFF) if code is not None else _of_state(state)
    if known is None and isinstance(error, IntegrityError | ProgrammingError | DataError):
        return None
    if known is None:
        known = _NO_SERVER if url.get_backend_name() == "postgresql" else (f"数据库报错 {cause}", "请检查后再试")
    return StoreUnavailable(_sentence(url, *known))


def _of_state(state: str | None) -> tuple[str, str] | None:
    return next((known for prefix, known in _POSTGRES.items() if state and state.startswith(prefix)), None)


def _sentence(url: URL, reason: str, remedy: str) -> str:
    is_file = url.get_backend_name() == "sqlite"
    where = os.path.abspath(str(url.database)) if is_file else url.render_as_string(hide_password=True)
    return f"知识库 {where} 不能使用：{reason}，{remedy}。"
