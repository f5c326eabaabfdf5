"""The tables of evaluations: what was run with which outcome, and the documents that came of it."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, Table, Text, text

from knowledge.tables import Id, metadata

_UNDER_WAY = text("state = 'running'")

# `heard_at` moves while a run makes progress; a run that is no longer heard of ended with its process. `numbers` are
# the headline metrics as JSON. At most one run of a shop is under way, whichever process it is in.
evaluations = Table(
    "evaluations",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("shop_id", Id, nullable=False),
    Column("name", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("file", Text),
    Column("state", Text, nullable=False),
    Column("step", Text),
    Column("done", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Column("cases", Integer, nullable=False),
    Column("numbers", Text, nullable=False),
    Column("knowledge_revision", Integer),
    Column("error", Text),
    Column("author", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("heard_at", Text, nullable=False),
    Column("ended_at", Text),
    Index("ix_evaluations_shop", "shop_id", "id"),
    Index("uq_evaluations_under_way", "shop_id", unique=True, sqlite_where=_UNDER_WAY, postgresql_where=_UNDER_WAY),
)

# Compressed: a report of a thousand messages has a megabyte. `policy` is the Content-Security-Policy of the report.
evaluation_documents = Table(
    "evaluation_documents",
    metadata,
    Column("evaluation_id", Integer, ForeignKey("evaluations.id", ondelete="CASCADE"), primary_key=True),
    Column("result", LargeBinary, nullable=False),
    Column("report", LargeBinary, nullable=False),
    Column("policy", Text, nullable=False),
)
