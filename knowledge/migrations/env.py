"""Run by alembic: the migrations use the connection, and so the transaction, that `upgrade` was given."""

from __future__ import annotations

from alembic import context

from knowledge.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
