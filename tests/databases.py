"""Databases for tests: a SQLite file, or a schema of its own on a PostgreSQL server that answers."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import OperationalError

KINDS = ("sqlite", "postgresql")
POSTGRES = os.environ.get("XIAOER_TEST_POSTGRES", "postgresql+psycopg://postgres@127.0.0.1:5432/test")


@contextmanager
def new_database(kind: str, folder: Path) -> Iterator[str]:
    """The URL of an empty database; dropped afterwards. Skips the test when there is no PostgreSQL server."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / f'{secrets.token_hex(4)}.db'}"
        return
    if reason := _no_postgres():
        pytest.skip(reason)
    schema = f"xiaoer_test_{secrets.token_hex(6)}"
    _execute(f"CREATE SCHEMA {schema}")
    try:
        url = make_url(POSTGRES).update_query_dict({"options": f"-csearch_path={schema}"})
        yield url.render_as_string(hide_password=False)
    finally:
        _execute(f"DROP SCHEMA {schema} CASCADE")


@cache
def _no_postgres() -> str | None:
    try:
        _execute("SELECT 1")
    except (ImportError, OperationalError) as error:
        return f"no PostgreSQL server at {make_url(POSTGRES).render_as_string()}: {error}"
    return None


def _execute(statement: str) -> None:
    engine = create_engine(POSTGRES, connect_args={"connect_timeout": 3})
    try:
        with engine.begin() as connection:
            connection.execute(text(statement))
    finally:
        engine.dispose()
