"""The tables of review: as the migration makes them, and gone when it is taken back."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, create_engine, inspect

import knowledge.migrations
from knowledge.review_tables import labelled_tests, proposals, shop_periods
from knowledge.store import Store

TABLES = (proposals, labelled_tests, shop_periods)


def config(connection: Connection) -> Config:
    found = Config(attributes={"connection": connection})
    found.set_main_option("script_location", str(Path(knowledge.migrations.__file__).parent))
    return found


def test_the_migration_makes_what_the_program_declares(url: str) -> None:
    with closing(Store(url)):
        pass
    engine = create_engine(url)
    made = inspect(engine)
    for table in TABLES:
        columns = {column["name"]: column["nullable"] for column in made.get_columns(table.name)}
        assert columns == {column.name: column.nullable for column in table.columns}
        assert {index["name"] for index in made.get_indexes(table.name)} == {index.name for index in table.indexes}
    assert "ix_entry_versions_saved_at" in {index["name"] for index in made.get_indexes("entry_versions")}
    engine.dispose()


def test_the_migration_can_be_taken_back_and_made_again(url: str) -> None:
    with closing(Store(url)):
        pass
    engine = create_engine(url)
    with engine.begin() as connection:
        command.downgrade(config(connection), "0005")
        left = inspect(connection)
        assert not {table.name for table in TABLES} & set(left.get_table_names())
        assert "ix_entry_versions_saved_at" not in {index["name"] for index in left.get_indexes("entry_versions")}
    engine.dispose()
    with closing(Store(url)) as store:
        assert store.proposals.page() == ([], 0)
        assert store.labelled_tests.list() == []
        assert store.periods.get("demo") is None
