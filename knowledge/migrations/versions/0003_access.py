"""Roles and shops of keys, sign-ins and the audit log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_ID = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Make the tables and columns. A key made before there were roles could do everything, and still can."""
    op.add_column("api_keys", sa.Column("role", sa.Text, nullable=False, server_default="admin"))
    op.add_column("api_keys", sa.Column("shop_id", _ID))
    op.create_table(
        "sign_ins",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("hash", sa.Text, nullable=False, unique=True),
        sa.Column("key_id", sa.Integer, sa.ForeignKey("api_keys.id"), index=True),
        sa.Column("created_at", sa.Text, nullable=False),
        sa.Column("expires_at", sa.Text, nullable=False),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("key_id", sa.Integer),
        sa.Column("shop_id", _ID),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("object", _ID, nullable=False),
        sa.Column("before", sa.Text),
        sa.Column("after", sa.Text),
        sa.Column("version_before", sa.Integer),
        sa.Column("version_after", sa.Integer),
    )
    op.create_index("ix_audit_shop", "audit", ["shop_id", "id"])
    op.create_index("ix_audit_object", "audit", ["object", "id"])


def downgrade() -> None:
    """Drop them."""
    op.drop_table("audit")
    op.drop_table("sign_ins")
    op.drop_column("api_keys", "shop_id")
    op.drop_column("api_keys", "role")
