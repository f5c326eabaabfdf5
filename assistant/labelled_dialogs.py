"""Labelled dialogs in the contract's form: one request for every labelled buyer message."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from assistant.request import Message, SuggestionRequest
from assistant.response import EmotionLabel
from knowledge.context import Context
from models.intents import intents


class Labels(BaseModel):
    """What readers say of a buyer message: `intents` acceptable codes, best first; None where they could not agree.

    `entry_ids` are the entries that a right answer may come from, `abstained` whether silence is the right answer.

    Other fields may be there and are ignored, but not a misspelt one, which would silently leave the message unjudged.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    intents: tuple[str, ...] | None = None
    complaint: bool | None = None
    emotion: EmotionLabel | None = None
    entry_ids: tuple[str, ...] = ()
    abstained: bool | None = None

    @property
    def says_something(self) -> bool:
        """Whether anything about the message can be right or wrong."""
        return bool(self.intents or self.entry_ids) or self.complaint is not None or self.abstained is not None

    @model_validator(mode="before")
    @classmethod
    def _no_field_is_misspelt(cls, value: Any) -> Any:
        for name in value if isinstance(value, dict) else ():
            meant = get_close_matches(str(name), cls.model_fields, n=1, cutoff=0.8)
            if meant and name not in cls.model_fields:
                raise ValueError(f"没有字段 {name}，是不是想写 {meant[0]}")
        return value

    @field_validator("intents")
    @classmethod
    def _codes_are_known(cls, codes: tuple[str, ...] | None) -> tuple[str, ...] | None:
        unknown = [code for code in codes or () if code not in intents()]
        if unknown:
            raise ValueError(f"没有意图 {'、'.join(unknown)}，请用意图表里的编码")
        return codes


class LabelledMessage(Message):
    """A message that may carry labels; only a buyer's can."""

    labels: Labels | None = None

    @model_validator(mode="after")
    def _a_buyer_said_it(self) -> Self:
        if self.labels is not None and self.role != "buyer":
            raise ValueError(f"labels 只能标在买家（buyer）的消息上，这条是 {self.role} 的")
        return self


class Dialog(BaseModel):
    """A conversation with its context; `intent` is set where the shop opens, and then no message is labelled."""

    model_config = ConfigDict(frozen=True, extra="ignore", coerce_numbers_to_str=True)

    dialog_id: str
    messages: tuple[LabelledMessage, ...]
    context: Context = Field(default_factory=Context)
    intent: str | None = None
    tags: tuple[str, ...] = ()

    @field_validator("context", mode="before")
    @classmethod
    def _null_is_no_context(cls, value: Any) -> Any:
        return {} if value is None else value


@dataclass(frozen=True, slots=True)
class Case:
    """One thing to evaluate: the request with all messages up to the labelled one, and its labels.

    `labels` is None where the shop opens with `request.intent`.
    """

    dialog_id: str
    request: SuggestionRequest
    labels: Labels | None
    tags: tuple[str, ...] = ()
    file: str = ""

    @property
    def id(self) -> str:
        """The dialog and the place of the message in it, counted from 0; the shop's opening comes after the last."""
        return f"{self.dialog_id}#{len(self.request.messages) - (self.labels is not None)}"

    @property
    def text(self) -> str:
        """The message that is answered."""
        return self.request.messages[-1].text if self.request.messages else ""


def cases(dialogs: Iterable[Dialog], limit: int = 10, file: str = "") -> Iterator[Case]:
    """Every labelled message as a request for `limit` suggestions, and every opening of the shop."""
    for dialog in dialogs:
        if dialog.intent is not None:
            yield Case(dialog.dialog_id, _request(dialog, len(dialog.messages), limit), None, dialog.tags, file)
        for number, message in enumerate(dialog.messages, start=1):
            if message.labels is not None:
                yield Case(dialog.dialog_id, _request(dialog, number, limit), message.labels, dialog.tags, file)


def _request(dialog: Dialog, upto: int, limit: int) -> SuggestionRequest:
    messages = [message.model_dump(exclude={"labels"}) for message in dialog.messages[:upto]]
    return SuggestionRequest.model_validate(
        {"messages": messages, "context": dialog.context, "intent": dialog.intent, "limit": limit}
    )
