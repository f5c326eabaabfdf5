"""A suggestion response, as the contract gives it. Every field is always there; what is not known is null or empty."""

from __future__ import annotations

import uuid
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from knowledge.compliance import Finding

EmotionLabel = Literal["positive", "neutral", "anxious", "upset", "angry"]
PartRole = Literal["empathy", "answer", "ask", "closing"]
StepKind = Literal["order_note", "handover", "evidence", "escalate", "ask_buyer", "record"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class IntentGuess(_Frozen):
    """An intent code and the calibrated probability that the message means it."""

    code: str
    confidence: float


class Complaint(_Frozen):
    """Whether the buyer complains, and the probability that they do."""

    value: bool
    confidence: float


class Emotion(_Frozen):
    """The buyer's emotion and its probability."""

    label: EmotionLabel
    confidence: float


class Understanding(_Frozen):
    """What the message was taken to mean; `intents` best first, at most 5.

    `answerable` is the calibrated probability that the knowledge has an answer at all; the response is `abstained`
    where it is low.
    """

    intents: tuple[IntentGuess, ...] = ()
    complaint: Complaint
    emotion: Emotion
    risks: tuple[str, ...] = ()
    phase: str
    answerable: float = 1.0
    slots: dict[str, float | str] = Field(default_factory=dict)


class Part(_Frozen):
    """A piece of the reply; the pieces in order make up its text."""

    role: PartRole
    text: str
    entry_id: str


class Source(_Frozen):
    """Where the reply comes from: entry, version, its 标准问 and the phrasing that matched (null: none did)."""

    entry_id: str
    version: int
    title: str
    matched: str | None
    effective_until: AwareDatetime | None


class Suggestion(_Frozen):
    """One reply, ready to send; `signals` says why it was chosen."""

    id: str
    rank: int
    fallback: bool = False
    text: str
    confidence: float
    kind: str
    intent: str
    parts: tuple[Part, ...]
    source: Source
    missing: tuple[str, ...] = ()
    warnings: tuple[Finding, ...] = ()
    signals: dict[str, float] = Field(default_factory=dict)


class NextStep(_Frozen):
    """What to do besides replying: a text to copy or a list to tick off; `flag` colours an order note."""

    kind: StepKind
    title: str
    items: tuple[str, ...] | None = None
    text: str | None = None
    flag: str | None = None


class NextPhrase(_Frozen):
    """What the agent may go on with once the reply is sent: the next step of the sale."""

    text: str
    intent: str
    entry_id: str


class SuggestionResponse(_Frozen):
    """Everything for one buyer turn; `for_message_id` names the message it answers, so that a stale one is dropped."""

    request_id: str
    for_message_id: str | None
    knowledge_revision: int
    understanding: Understanding
    abstained: bool
    reason: str | None
    suggestions: tuple[Suggestion, ...]
    next_phrase: NextPhrase | None = None
    next_steps: tuple[NextStep, ...]
    took_ms: float


def new_id(prefix: str) -> str:
    """A fresh id such as s-8f2c6a01d2e4 for something that the response names."""
    return f"{prefix}-{uuid.uuid4().hex[:12]}"
