"""Messages on their way into a conversation: their numbers, and whose turn it is after them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from secrets import token_hex
from typing import Any, Literal, Self

from knowledge.records.moments import stamp

Role = Literal["buyer", "agent", "system"]


@dataclass(frozen=True, slots=True)
class Line:
    """A message as it is reported; one without an id gets one, and cannot be told from its repetition."""

    message_id: str | None
    role: Role
    text: str
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class StoredLine:
    """A message of a conversation; `sent_at` is when it was reported where nothing else is known."""

    seq: int
    message_id: str
    role: Role
    text: str
    sent_at: datetime | None


@dataclass(slots=True)
class Incoming:
    """The state of a conversation while messages are appended to it.

    `answers` holds, for every buyer's turn that an agent's message ended, when it was asked and when it was answered.
    """

    seq: int
    waiting_since: datetime | None
    received_at: datetime
    rows: list[dict[str, Any]] = field(default_factory=list)
    answers: list[tuple[datetime, datetime]] = field(default_factory=list)
    last_text: str | None = None

    @classmethod
    def after(cls, seq: int, waiting_since: datetime | None, received_at: datetime) -> Self:
        """Over a conversation that stands at `seq`."""
        return cls(seq, waiting_since, received_at)

    def take(self, line: Line) -> None:
        """Append one message; a time in the future is a wrong clock, and the present is taken for it."""
        self.seq += 1
        sent_at = min(line.sent_at or self.received_at, self.received_at)
        self.rows.append(
            {
                "seq": self.seq,
                "message_id": line.message_id or f"x-{self.seq}-{token_hex(4)}",
                "role": line.role,
                "text": line.text,
                "sent_at": stamp(line.sent_at) if line.sent_at else None,
                "received_at": stamp(self.received_at),
            }
        )
        if line.role == "buyer":
            self.waiting_since = self.waiting_since or sent_at
        elif line.role == "agent":
            if self.waiting_since:
                self.answers.append((self.waiting_since, sent_at))
            self.waiting_since = None
        if line.role != "system":
            self.last_text = line.text

    def columns(self) -> dict[str, Any]:
        """What the conversation's row becomes."""
        spoken = {} if self.last_text is None else {"last_text": self.last_text}
        waiting = stamp(self.waiting_since) if self.waiting_since else None
        return {"seq": self.seq, "waiting_since": waiting, "updated_at": stamp(self.received_at), **spoken}
