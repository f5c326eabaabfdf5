"""The tables of review: proposals, labelled tests, named periods. None raises the knowledge revision."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, Table, Text

from knowledge.tables import Id, entry_versions, metadata

# `entry_id` null: a new entry. `version` counts the changes of the proposal itself. `author` began it, `editor` wrote
# its present words, `reviewer` returned or published it; each with the key that was shown.
proposals = Table(
    "proposals",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("shop_id", Id),
    Column("entry_id", Id, index=True),
    Column("base_version", Integer),
    Column("state", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("draft", Text, nullable=False),
    Column("comment", Text),
    Column("author", Text, nullable=False),
    Column("editor", Text, nullable=False),
    Column("editor_key", Integer),
    Column("reviewer", Text),
    Column("review_comment", Text),
    Column("published_version", Integer),
    Column("created_at", Text, nullable=False),
    Column("updated_at", Text, nullable=False),
    Index("ix_proposals_state", "state", "shop_id"),
)

# `dialog` is a labelled dialog in the contract's form.
labelled_tests = Table(
    "labelled_tests",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("shop_id", Id, nullable=False, index=True),
    Column("dialog", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("updated_at", Text, nullable=False),
)

shop_periods = Table(
    "shop_periods",
    metadata,
    Column("shop_id", Id, primary_key=True),
    Column("periods", Text, nullable=False),
    Column("updated_at", Text, nullable=False),
)

# What changed since the last shift is asked for by time.
Index("ix_entry_versions_saved_at", entry_versions.c.saved_at)
