"""The tables of what happens in conversations: messages, what was suggested, what agents made of it, hand-overs.

Nothing here raises the knowledge revision. `suggestions`, `suggested` and `feedback` hold masked text only. Times are
ISO 8601 in UTC with milliseconds, so they sort as text.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
)

from knowledge.tables import Id, metadata

# One row, counting every change of any conversation: what the listeners of all processes watch.
conversation_clock = Table(
    "conversation_clock",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("value", Integer, nullable=False),
)

# `seq` counts the changes of this conversation; `clock` is the common clock at the last of them.
conversations = Table(
    "conversations",
    metadata,
    Column("shop_id", Id, primary_key=True),
    Column("conversation_id", Id, primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("clock", Integer, nullable=False, index=True),
    Column("context", Text, nullable=False),
    Column("buyer", Text),
    Column("last_text", Text),
    Column("waiting_since", Text),
    Column("updated_at", Text, nullable=False, index=True),
    Index("ix_conversations_waiting", "shop_id", "waiting_since"),
)

conversation_messages = Table(
    "conversation_messages",
    metadata,
    Column("shop_id", Id, primary_key=True),
    Column("conversation_id", Id, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("message_id", Id, nullable=False),
    Column("role", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("sent_at", Text),
    Column("received_at", Text, nullable=False),
    ForeignKeyConstraint(
        ["shop_id", "conversation_id"], ["conversations.shop_id", "conversations.conversation_id"], ondelete="CASCADE"
    ),
    UniqueConstraint("shop_id", "conversation_id", "message_id", name="uq_conversation_messages_id"),
)

# One row a response of the suggester; `waited_s` from the buyer's message to the answer sent, once that is known.
suggestions = Table(
    "suggestions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("shop_id", Id, nullable=False),
    Column("request_id", Id, nullable=False),
    Column("conversation_id", Id),
    Column("message_id", Text),
    Column("at", Text, nullable=False),
    Column("asked_at", Text),
    Column("agent", Text),
    Column("item_id", Id),
    Column("message", Text, nullable=False),
    Column("intent", Text),
    Column("intents", Text, nullable=False),
    Column("complaint", Boolean, nullable=False),
    Column("emotion", Text, nullable=False),
    Column("risks", Text, nullable=False),
    Column("phase", Text, nullable=False),
    Column("abstained", Boolean, nullable=False),
    Column("missing", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("took_ms", Float, nullable=False),
    Column("waited_s", Float),
    Index("ix_suggestions_at", "shop_id", "at"),
    Index("ix_suggestions_request", "shop_id", "request_id"),
    Index("ix_suggestions_conversation", "shop_id", "conversation_id"),
)

# The replies of a response, in their order.
suggested = Table(
    "suggested",
    metadata,
    Column("log_id", Integer, ForeignKey("suggestions.id", ondelete="CASCADE"), primary_key=True),
    Column("rank", Integer, primary_key=True, autoincrement=False),
    Column("suggestion_id", Id, nullable=False, index=True),
    Column("entry_id", Id, nullable=False, index=True),
    Column("version", Integer, nullable=False),
    Column("intent", Text, nullable=False),
    Column("confidence", Float, nullable=False),
    Column("fallback", Boolean, nullable=False),
    Column("text", Text, nullable=False),
)

# `entry_id`, `version` and `edit_distance` (in characters, against the suggestion's text of `length`) are known when
# the suggestion is in the log.
feedback = Table(
    "feedback",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("shop_id", Id, nullable=False),
    Column("at", Text, nullable=False),
    Column("request_id", Id, nullable=False),
    Column("suggestion_id", Id, index=True),
    Column("conversation_id", Id),
    Column("entry_id", Id),
    Column("version", Integer),
    Column("action", Text, nullable=False),
    Column("reason", Text),
    Column("comment", Text),
    Column("sent_text", Text),
    Column("edit_distance", Integer),
    Column("length", Integer),
    Column("agent", Text),
    Index("ix_feedback_at", "shop_id", "at"),
    Index("ix_feedback_entry", "entry_id", "action"),
    Index("ix_feedback_request", "shop_id", "request_id"),
)

handovers = Table(
    "handovers",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("shop_id", Id, nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("conversation_id", Id),
    Column("agent", Text),
    Column("status", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("updated_at", Text, nullable=False),
    Index("ix_handovers_created", "shop_id", "created_at"),
)
