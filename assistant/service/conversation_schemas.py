"""Wire documents of conversations, feedback and hand-overs."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator
from pydantic_core import InitErrorDetails

from assistant.request import MAX_MESSAGES, MAX_TEXT, Role, without_surrogates
from knowledge.context import Context, Moment
from knowledge.records.conversations import Conversation, Line, StoredLine
from knowledge.records.feedback import Action, Reason
from knowledge.records.handovers import HandoverStatus

RecordId = Annotated[str, Field(min_length=1, max_length=200)]
Written = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class _Posted(BaseModel):
    """What programs send: unknown fields are ignored, and characters that no database takes are taken out."""

    model_config = ConfigDict(frozen=True, extra="ignore", coerce_numbers_to_str=True)

    @model_validator(mode="before")
    @classmethod
    def _storable(cls, value: Any) -> object:
        return _without_nul(without_surrogates(value))


def _without_nul(value: object) -> object:
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, dict):
        return {_without_nul(key): _without_nul(each) for key, each in value.items()}
    return [_without_nul(each) for each in value] if isinstance(value, list) else value


class ReportedMessage(_Posted):
    """A message of the chat window. One with an id is stored once; a private one (an internal note) never."""

    id: RecordId | None = None
    role: Role
    text: str = Field(max_length=MAX_TEXT)
    sent_at: Moment | None = None
    private: bool = False

    def line(self) -> Line:
        """The message as the store takes it."""
        return Line(self.id, self.role, self.text, self.sent_at)


class MessagesReport(_Posted):
    """New messages of a conversation, oldest first, its context where that is known or changed, or both."""

    model_config = ConfigDict(json_schema_extra={"anyOf": [{"required": ["messages"]}, {"required": ["context"]}]})

    shop_id: str | None = None
    messages: tuple[ReportedMessage, ...] = Field(default=(), max_length=MAX_MESSAGES)
    context: Context | None = None

    @model_validator(mode="before")
    @classmethod
    def _tells_something(cls, value: Any) -> object:
        """One without either would change nothing: most likely a field is misspelt, so unknown ones are named."""
        if isinstance(value, dict) and "messages" not in value and value.get("context") is None:
            unknown = [name for name in value if name not in cls.model_fields]
            found = [InitErrorDetails(type="missing", loc=("messages",), input=value)]
            found += [InitErrorDetails(type="extra_forbidden", loc=(name,), input=value[name]) for name in unknown]
            raise ValidationError.from_exception_data(cls.__name__, found)
        return value


class ContextReport(_Posted):
    """What is known beside the messages; it replaces what was known before."""

    shop_id: str | None = None
    context: Context


class Reported(BaseModel):
    """What became of a report; `seq` counts the changes of the conversation."""

    conversation_id: str
    seq: int
    messages_total: int


class MessageDocument(BaseModel):
    """A stored message; `id` is made up where none was given."""

    seq: int
    id: str
    role: Role
    text: str
    sent_at: datetime | None

    @classmethod
    def of(cls, line: StoredLine) -> MessageDocument:
        """The document of a stored message."""
        return cls(seq=line.seq, id=line.message_id, role=line.role, text=line.text, sent_at=line.sent_at)


class ConversationEvent(BaseModel):
    """A conversation at `seq`, with its messages since the listener's; at most the last 500."""

    seq: int
    messages: list[MessageDocument]
    context: dict[str, Any]
    waiting_since: datetime | None
    reply_target_s: int


class ConversationDocument(ConversationEvent):
    """A conversation as a whole."""

    conversation_id: str


class ConversationSummary(BaseModel):
    """A conversation in a list."""

    conversation_id: str
    buyer: str | None
    last_text: str | None
    waiting_since: datetime | None
    reply_target_s: int


class ConversationList(BaseModel):
    """Conversations of a shop."""

    conversations: list[ConversationSummary]


def event_of(found: Conversation, reply_target_s: int) -> ConversationEvent:
    """What a listener is told."""
    return ConversationEvent(
        seq=found.seq,
        messages=[MessageDocument.of(line) for line in found.messages],
        context=found.context.model_dump(mode="json", exclude_none=True),
        waiting_since=found.waiting_since,
        reply_target_s=reply_target_s,
    )


class FeedbackReport(_Posted):
    """What an agent did with a suggestion; without `suggestion_id` it is about the response as a whole."""

    request_id: RecordId
    suggestion_id: RecordId | None = None
    shop_id: str | None = None
    conversation_id: RecordId | None = None
    action: Action
    reason: Reason | None = None
    comment: str | None = Field(default=None, max_length=1000)
    sent_text: str | None = Field(default=None, max_length=MAX_TEXT)
    agent: str | None = Field(default=None, max_length=100)


class FeedbackDocument(BaseModel):
    """What was stored. `edit_distance` counts characters, against a suggestion of `length`."""

    id: int
    entry_id: str | None
    version: int | None
    edit_distance: int | None
    length: int | None


class HandoverReport(_Posted):
    """Something the next agent must go on with."""

    title: Annotated[Written, Field(max_length=200)]
    text: str = Field(default="", max_length=5000)
    conversation_id: RecordId | None = None
    agent: str | None = Field(default=None, max_length=100)
    status: HandoverStatus = "open"


class NewHandover(HandoverReport):
    """One that is put on a shop's table."""

    shop_id: str | None = None


class HandoverDocument(HandoverReport):
    """A stored one."""

    id: int
    shop_id: str
    created_at: datetime
    updated_at: datetime


class HandoverList(BaseModel):
    """The hand-over table of a shop, newest first."""

    handovers: list[HandoverDocument]
