"""Entries with their versions, shops with their items, the revision, and API keys."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_Id = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Make every table; the revision counts from 0."""
    _make_shops()
    _make_entries()
    op.create_table(
        "api_keys",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("hash", sa.Text, nullable=False, unique=True),
        sa.Column("created_at", sa.Text, nullable=False),
        sa.Column("revoked_at", sa.Text),
    )
    revision_row = op.create_table(
        "revision",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("value", sa.Integer, nullable=False),
    )
    op.bulk_insert(revision_row, [{"id": 1, "value": 0}])


def downgrade() -> None:
    """There is nothing before this."""
    for table in ("revision", "api_keys", "entry_versions", "entry_items", "entries", "items", "shops"):
        op.drop_table(table)


def _make_shops() -> None:
    op.create_table(
        "shops",
        sa.Column("shop_id", _Id, primary_key=True),
        sa.Column("policy", sa.Text, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False, index=True),
    )
    op.create_table(
        "items",
        sa.Column("shop_id", _Id, sa.ForeignKey("shops.shop_id"), primary_key=True),
        sa.Column("item_id", _Id, primary_key=True),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False, index=True),
    )


def _make_entries() -> None:
    op.create_table(
        "entries",
        sa.Column("id", _Id, primary_key=True),
        sa.Column("shop_id", _Id, sa.ForeignKey("shops.shop_id"), index=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("intent", sa.Text, nullable=False, index=True),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("searchable", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False, index=True),
        sa.Column("deleted", sa.Boolean, nullable=False),
        sa.Column("updated_at", sa.Text, nullable=False),
    )
    op.create_table(
        "entry_items",
        sa.Column("entry_id", _Id, sa.ForeignKey("entries.id"), primary_key=True),
        sa.Column("item_id", _Id, primary_key=True, index=True),
    )
    op.create_table(
        "entry_versions",
        sa.Column("entry_id", _Id, sa.ForeignKey("entries.id"), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("deleted", sa.Boolean, nullable=False),
        sa.Column("saved_at", sa.Text, nullable=False),
    )
