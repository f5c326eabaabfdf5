"""Conversations, what was suggested in them, what agents made of it, and the hand-over table."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_Id = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Make the tables; the clock of all conversations counts from 0."""
    clock = op.create_table(
        "conversation_clock",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("value", sa.Integer, nullable=False),
    )
    op.bulk_insert(clock, [{"id": 1, "value": 0}])
    _make_conversations()
    _make_suggestions()
    _make_feedback()
    _make_handovers()


def downgrade() -> None:
    """Drop them."""
    for table in ("handovers", "feedback", "suggested", "suggestions"):
        op.drop_table(table)
    for table in ("conversation_messages", "conversations", "conversation_clock"):
        op.drop_table(table)


def _make_conversations() -> None:
    op.create_table(
        "conversations",
        sa.Column("shop_id", _Id, primary_key=True),
        sa.Column("conversation_id", _Id, primary_key=True),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("clock", sa.Integer, nullable=False, index=True),
        sa.Column("context", sa.Text, nullable=False),
        sa.Column("buyer", sa.Text),
        sa.Column("last_text", sa.Text),
        sa.Column("waiting_since", sa.Text),
        sa.Column("updated_at", sa.Text, nullable=False, index=True),
    )
    op.create_index("ix_conversations_waiting", "conversations", ["shop_id", "waiting_since"])
    op.create_table(
        "conversation_messages",
        sa.Column("shop_id", _Id, primary_key=True),
        sa.Column("conversation_id", _Id, primary_key=True),
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("message_id", _Id, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("sent_at", sa.Text),
        sa.Column("received_at", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(
            ["shop_id", "conversation_id"],
            ["conversations.shop_id", "conversations.conversation_id"],
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint("shop_id", "conversation_id", "message_id", name="uq_conversation_messages_id"),
    )


def _make_suggestions() -> None:
    op.create_table(
        "suggestions",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("shop_id", _Id, nullable=False),
        sa.Column("request_id", _Id, nullable=False),
        sa.Column("conversation_id", _Id),
        sa.Column("message_id", sa.Text),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("asked_at", sa.Text),
        sa.Column("agent", sa.Text),
        sa.Column("item_id", _Id),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("intent", sa.Text),
        sa.Column("intents", sa.Text, nullable=False),
        sa.Column("complaint", sa.Boolean, nullable=False),
        sa.Column("emotion", sa.Text, nullable=False),
        sa.Column("risks", sa.Text, nullable=False),
        sa.Column("phase", sa.Text, nullable=False),
        sa.Column("abstained", sa.Boolean, nullable=False),
        sa.Column("missing", sa.Text, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("took_ms", sa.Float, nullable=False),
        sa.Column("waited_s", sa.Float),
    )
    op.create_index("ix_suggestions_at", "suggestions", ["shop_id", "at"])
    op.create_index("ix_suggestions_request", "suggestions", ["shop_id", "request_id"])
    op.create_index("ix_suggestions_conversation", "suggestions", ["shop_id", "conversation_id"])
    op.create_table(
        "suggested",
        sa.Column("log_id", sa.Integer, sa.ForeignKey("suggestions.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("rank", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("suggestion_id", _Id, nullable=False, index=True),
        sa.Column("entry_id", _Id, nullable=False, index=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("intent", sa.Text, nullable=False),
        sa.Column("confidence", sa.Float, nullable=False),
        sa.Column("fallback", sa.Boolean, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
    )


def _make_feedback() -> None:
    op.create_table(
        "feedback",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("shop_id", _Id, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("request_id", _Id, nullable=False),
        sa.Column("suggestion_id", _Id, index=True),
        sa.Column("conversation_id", _Id),
        sa.Column("entry_id", _Id),
        sa.Column("version", sa.Integer),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("comment", sa.Text),
        sa.Column("sent_text", sa.Text),
        sa.Column("edit_distance", sa.Integer),
        sa.Column("length", sa.Integer),
        sa.Column("agent", sa.Text),
    )
    op.create_index("ix_feedback_at", "feedback", ["shop_id", "at"])
    op.create_index("ix_feedback_entry", "feedback", ["entry_id", "action"])
    op.create_index("ix_feedback_request", "feedback", ["shop_id", "request_id"])


def _make_handovers() -> None:
    op.create_table(
        "handovers",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("shop_id", _Id, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("conversation_id", _Id),
        sa.Column("agent", sa.Text),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("created_at", sa.Text, nullable=False),
        sa.Column("updated_at", sa.Text, nullable=False),
    )
    op.create_index("ix_handovers_created", "handovers", ["shop_id", "created_at"])
