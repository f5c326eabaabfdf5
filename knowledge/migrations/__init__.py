"""The schema's history, and the one way to bring a database to its newest state."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection


class NewerSchemaError(Exception):
    """The database was migrated by a newer program than this one."""


def upgrade(connection: Connection) -> None:
    """Bring the schema to the newest state inside the caller's transaction; nothing happens when it is there."""
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if not set(MigrationContext.configure(connection).get_current_heads()) <= known:
        raise NewerSchemaError
    command.upgrade(config, "head")
