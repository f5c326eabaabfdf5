"""Entries of an older program are found by all that the list looks at, and can be given back to it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import DBAPIError

import knowledge.migrations
from knowledge.audit import Author
from knowledge.starter import starter_changes
from knowledge.store import Changes, Store
from tests.entry_examples import draft

COLUMNS = "id, searchable, short_code, effective_from, effective_until, tags, title_key, pinyin"
DRAFTS = [
    *starter_changes().drafts[:20],
    draft("a", tags=["常用 ", "x\0y"], note="双11\0", effective_from="0001-01-01T00:00:00+14:00"),
    draft("b", effective_until="2026-11-11T00:00:00Z", questions=[], title="长" * 200),
    draft("c", short_code="FH"),
]


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def migrate(url: str, revision: str) -> None:
    with connected(url) as connection:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(Path(knowledge.migrations.__file__).parent))
        (command.downgrade if revision < "0005" else command.upgrade)(config, revision)


def rows(url: str, columns: str = COLUMNS, table: str = "entries") -> list[tuple[Any, ...]]:
    with connected(url) as connection:
        return [tuple(row) for row in connection.execute(text(f"SELECT {columns} FROM {table} ORDER BY 1"))]  # noqa: S608


def test_entries_are_filled_in_as_a_save_fills_them(url: str) -> None:
    with closing(Store(url)) as store:
        store.write(Changes(drafts=DRAFTS), by=Author("小林", "editor"))
    saved = [(*row[:2], None, *row[3:]) for row in rows(url)]  # short codes are lost on the way
    migrate(url, "0004")
    migrate(url, "head")
    assert [(row[0], row[1].replace("\nfh", ""), *row[2:]) for row in saved] == rows(url)
    with closing(Store(url)) as store:
        assert store.entry("a").note == "双11\0"
        assert store.entries(text="双11").total == 1
        assert [entry.id for entry in store.entries(tags=["x y"]).entries] == ["a"]


def test_the_older_program_gets_entries_that_it_can_read(url: str) -> None:
    with closing(Store(url)) as store:
        store.write(Changes(drafts=DRAFTS))
    migrate(url, "0004")
    for table, columns in (("entries", "id, body"), ("entry_versions", "entry_id, body")):
        bodies = [json.loads(body) for _, body in rows(url, columns, table)]
        assert len(bodies) == len(DRAFTS)
        assert all("short_code" not in body for body in bodies)
    with pytest.raises(DBAPIError, match="short_code"):
        rows(url)
