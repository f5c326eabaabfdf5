"""The tables of sign-ins and of the audit log; `api_keys` is among the first ones, in `tables`."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text

from knowledge.tables import Id, metadata

# `key_id` null: somebody on this machine, who came by the one-time link.
sign_ins = Table(
    "sign_ins",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("hash", Text, nullable=False, unique=True),
    Column("key_id", Integer, ForeignKey("api_keys.id"), index=True),
    Column("created_at", Text, nullable=False),
    Column("expires_at", Text, nullable=False),
)

# `before` and `after` are JSON. What an entry was and became is in its versions, so of entries only the numbers are
# kept.
audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("key_id", Integer),
    Column("shop_id", Id),
    Column("action", Text, nullable=False),
    Column("object", Id, nullable=False),
    Column("before", Text),
    Column("after", Text),
    Column("version_before", Integer),
    Column("version_after", Integer),
    Index("ix_audit_shop", "shop_id", "id"),
    Index("ix_audit_object", "object", "id"),
)
