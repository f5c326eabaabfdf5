"""Proposals under review, labelled tests, and the named periods of a shop."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_Id = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Make the tables, and an index on when a version was saved."""
    _make_proposals()
    op.create_table(
        "labelled_tests",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("shop_id", _Id, nullable=False, index=True),
        sa.Column("dialog", sa.Text, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("created_at", sa.Text, nullable=False),
        sa.Column("updated_at", sa.Text, nullable=False),
    )
    op.create_table(
        "shop_periods",
        sa.Column("shop_id", _Id, primary_key=True),
        sa.Column("periods", sa.Text, nullable=False),
        sa.Column("updated_at", sa.Text, nullable=False),
    )
    op.create_index("ix_entry_versions_saved_at", "entry_versions", ["saved_at"])


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_entry_versions_saved_at", "entry_versions")
    for table in ("shop_periods", "labelled_tests", "proposals"):
        op.drop_table(table)


def _make_proposals() -> None:
    op.create_table(
        "proposals",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("shop_id", _Id),
        sa.Column("entry_id", _Id, index=True),
        sa.Column("base_version", sa.Integer),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("draft", sa.Text, nullable=False),
        sa.Column("comment", sa.Text),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("editor", sa.Text, nullable=False),
        sa.Column("editor_key", sa.Integer),
        sa.Column("reviewer", sa.Text),
        sa.Column("review_comment", sa.Text),
        sa.Column("published_version", sa.Integer),
        sa.Column("created_at", sa.Text, nullable=False),
        sa.Column("updated_at", sa.Text, nullable=False),
    )
    op.create_index("ix_proposals_state", "proposals", ["state", "shop_id"])
