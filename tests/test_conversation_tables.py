"""The tables of conversations: the migration makes what the program declares, and takes it away again."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, create_engine, inspect

import knowledge.migrations
from knowledge.records.conversations import Line
from knowledge.store import Store
from knowledge.tables import metadata

TABLES = {
    "conversation_clock", "conversations", "conversation_messages", "suggestions", "suggested", "feedback", "handovers"
}  # fmt: skip


def config_of(connection: Connection) -> Config:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(knowledge.migrations.__file__).parent))
    return config


def concerns(difference: Any) -> str:
    return str(difference)


def test_the_migrated_database_has_the_declared_tables(url: str) -> None:
    with closing(Store(url)):
        pass
    engine = create_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={"include_name": lambda name, kind, _: kind != "table" or name in TABLES, "compare_type": False},
        )
        differences = compare_metadata(context, metadata)
    engine.dispose()
    assert [one for one in differences if any(table in concerns(one) for table in TABLES)] == []


def test_the_migration_goes_back_and_forth(url: str) -> None:
    with closing(Store(url)) as store:
        store.conversations.add("demo", "c1", [Line("1", "buyer", "在吗")])
    engine = create_engine(url)
    with engine.begin() as connection:
        command.downgrade(config_of(connection), "0003")
        assert not TABLES & set(inspect(connection).get_table_names())
    engine.dispose()
    with closing(Store(url)) as store:
        assert store.conversations.since("demo", "c1") is None
        assert store.conversations.add("demo", "c1", [Line("1", "buyer", "在吗")]).seq == 1
