"""The tables. Values are kept as the JSON of their pydantic models; columns beside it exist to be searched by.

A row's `revision` is the knowledge revision that last changed it, so a reader asks for what is newer than it holds.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, ForeignKey, Index, Integer, MetaData, Table, Text

metadata = MetaData()

# Ids sort by code point on every database, as Python sorts them; a locale's order would differ between servers.
Id = Text().with_variant(Text(collation="C"), "postgresql")

revision = Table(
    "revision",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("value", Integer, nullable=False),
)

shops = Table(
    "shops",
    metadata,
    Column("shop_id", Id, primary_key=True),
    Column("policy", Text, nullable=False),
    Column("revision", Integer, nullable=False, index=True),
)

items = Table(
    "items",
    metadata,
    Column("shop_id", Id, ForeignKey("shops.shop_id"), primary_key=True),
    Column("item_id", Id, primary_key=True),
    Column("body", Text, nullable=False),
    Column("revision", Integer, nullable=False, index=True),
)

# The current state of an entry. A deleted one keeps its row, so that readers learn of it and its numbers go on.
# `title_key` is what titles are sorted by (their pinyin); `tags` has a line for each; `short_code` is case folded;
# effective times are epoch seconds.
entries = Table(
    "entries",
    metadata,
    Column("id", Id, primary_key=True),
    Column("shop_id", Id, ForeignKey("shops.shop_id"), index=True),
    Column("kind", Text, nullable=False),
    Column("intent", Text, nullable=False, index=True),
    Column("status", Text, nullable=False),
    Column("searchable", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("revision", Integer, nullable=False, index=True),
    Column("deleted", Boolean, nullable=False),
    Column("updated_at", Text, nullable=False),
    Column("updated_by", Text),
    Column("short_code", Id, index=True),
    Column("effective_from", Float),
    Column("effective_until", Float),
    Column("tags", Text, nullable=False),
    Column("title_key", Id, nullable=False),
    Column("pinyin", Text, nullable=False),
)
# All that the list filters and sorts by, so that it reads through 7 MB instead of the whole table (50,000 entries).
Index(
    "ix_entries_list",
    *(entries.c[name] for name in ("title_key", "id", "shop_id", "status", "kind", "intent")),
    *(entries.c[name] for name in ("effective_from", "effective_until", "updated_at")),
    sqlite_where=~entries.c.deleted,
    postgresql_where=~entries.c.deleted,
)

# Which items an entry is limited to, for the list of an item's entries.
entry_items = Table(
    "entry_items",
    metadata,
    Column("entry_id", Id, ForeignKey("entries.id"), primary_key=True),
    Column("item_id", Id, primary_key=True, index=True),
)

entry_versions = Table(
    "entry_versions",
    metadata,
    Column("entry_id", Id, ForeignKey("entries.id"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("revision", Integer, nullable=False),
    Column("body", Text, nullable=False),
    Column("deleted", Boolean, nullable=False),
    Column("saved_at", Text, nullable=False),
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("hash", Text, nullable=False, unique=True),
    Column("role", Text, nullable=False),
    Column("shop_id", Id),
    Column("created_at", Text, nullable=False),
    Column("revoked_at", Text),
)
