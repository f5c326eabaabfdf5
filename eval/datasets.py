"""Labelled dialogs: a file in the contract's format in, one request for every labelled buyer message out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from assistant.request import Message, SuggestionRequest
from assistant.response import EmotionLabel
from eval.errors import DialogsUnreadable
from knowledge.context import Context
from models.intents import intents


class Labels(BaseModel):
    """What readers say of a buyer message: `intents` acceptable codes, best first; None where they could not agree."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    intents: tuple[str, ...] | None = None
    complaint: bool | None = None
    emotion: EmotionLabel | None = None
    entry_ids: tuple[str, ...] = ()

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


class Dialog(BaseModel):
    """A conversation with its context; `intent` is set where the shop opens, and then no message is labelled."""

    model_config = ConfigDict(frozen=True, extra="ignore")

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

    @property
    def text(self) -> str:
        """The message that is answered."""
        return self.request.messages[-1].text if self.request.messages else ""


def read_dialogs(path: Path) -> list[Dialog]:
    """Every dialog of a `.jsonl` file; DialogsUnreadable names the line, the field and the reason."""
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DialogsUnreadable(f"{path}：读不出来（{error}），请检查文件路径和编码（UTF-8）。") from error
    dialogs = [_dialog(path, number, line) for number, line in enumerate(lines, start=1) if line.strip()]
    if not dialogs:
        raise DialogsUnreadable(f"{path}：文件里没有对话，每行应当是一个 JSON 对象。")
    return dialogs


def cases(dialogs: Iterable[Dialog], limit: int = 10) -> Iterator[Case]:
    """Every labelled message as a request for `limit` suggestions, and every opening of the shop."""
    for dialog in dialogs:
        if dialog.intent is not None:
            yield Case(dialog.dialog_id, _request(dialog, len(dialog.messages), limit), None, dialog.tags)
        for number, message in enumerate(dialog.messages, start=1):
            if message.labels is not None:
                yield Case(dialog.dialog_id, _request(dialog, number, limit), message.labels, dialog.tags)


def _request(dialog: Dialog, upto: int, limit: int) -> SuggestionRequest:
    messages = [message.model_dump(exclude={"labels"}) for message in dialog.messages[:upto]]
    return SuggestionRequest.model_validate(
        {"messages": messages, "context": dialog.context, "intent": dialog.intent, "limit": limit}
    )


def _dialog(path: Path, number: int, line: str) -> Dialog:
    try:
        return Dialog.model_validate_json(line)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"])) or "整行"
        raise DialogsUnreadable(f"{path} 第 {number} 行：{field}：{first['msg']}。请按标注对话的格式修改。") from error
