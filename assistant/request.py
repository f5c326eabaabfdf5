"""A suggestion request, as the contract gives it: the conversation so far and what is known beside it."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, field_validator, model_validator

from knowledge.context import Context
from models.intents import intents

MAX_MESSAGES, MAX_TEXT = 500, 20_000

Role = Literal["buyer", "agent", "system"]


def without_surrogates(value: object) -> object:
    """The JSON value with half characters, left by programs that cut an emoji in two, replaced in every string.

    ValueError for one that is nested too deep.
    """
    try:
        return _whole(value)
    except RecursionError as error:
        raise ValueError("嵌套太深，请检查是不是把同一段内容套了很多层") from error


def _whole(value: object) -> object:
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, dict):
        return {_whole(key): _whole(each) for key, each in value.items()}
    return [_whole(each) for each in value] if isinstance(value, list) else value


class Message(BaseModel):
    """One message; `sent_at` is RFC 3339."""

    model_config = ConfigDict(frozen=True, extra="ignore", coerce_numbers_to_str=True)

    id: str | None = None
    role: Role
    text: str = Field(max_length=MAX_TEXT)
    sent_at: AwareDatetime | None = None


class SuggestionRequest(BaseModel):
    """`messages` oldest first; empty only when `intent`, an agent-voiced code, says what the shop opens with."""

    model_config = ConfigDict(frozen=True, extra="ignore", coerce_numbers_to_str=True)

    request_id: str | None = None
    shop_id: str | None = None
    conversation_id: str | None = None
    messages: tuple[Message, ...] = Field(default=(), max_length=MAX_MESSAGES)
    intent: str | None = None
    context: Context = Field(default_factory=Context)
    limit: int = Field(default=3, ge=1, le=10)

    @model_validator(mode="before")
    @classmethod
    def _no_half_characters(cls, value: object) -> object:
        return without_surrogates(value)

    @field_validator("context", mode="before")
    @classmethod
    def _null_is_no_context(cls, value: object) -> object:
        return {} if value is None else value

    @field_validator("intent")
    @classmethod
    def _the_agent_opens_with_it(cls, code: str | None) -> str | None:
        if code is not None and (code not in intents() or intents()[code].voice != "agent"):
            openers = "、".join(i.code for i in intents().values() if i.voice == "agent")
            raise ValueError(f"intent 只能是由客服发起的意图：{openers}")
        return code

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.messages and self.intent is None:
            raise ValueError("messages 不能为空；只有给出 intent（由客服发起的意图）时才可以不带消息")
        return self
