"""Examples to learn from: labelled turns as the suggester reads them, from our utterances or from labelled dialogs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from assistant.conversation import Conversation, read_conversation
from assistant.request import Message
from models.cues import EMOTIONS
from models.training.utterances import Utterance, utterances


@dataclass(frozen=True, slots=True)
class Example:
    """A buyer's turn with its labels: `intents` are the acceptable codes, best first; None is what is not known.

    `state` is that of `evidence.state_of`, `item_id` the item that is looked at. The encoder has not been tuned on one
    that is `kept_back`.
    """

    conversation: Conversation
    intents: tuple[str, ...]
    complaint: bool | None = None
    emotion: str | None = None
    state: str | None = None
    kept_back: bool = True
    from_dialog: bool = False
    item_id: str | None = None

    @property
    def tells_feelings(self) -> bool:
        """Whether both complaint and emotion are known."""
        return self.complaint is not None and self.emotion in EMOTIONS

    @property
    def text(self) -> str:
        """The turn, normalised."""
        return self.conversation.query


@cache
def own_examples() -> tuple[Example, ...]:
    """Our utterances, in the order of their file."""
    return tuple(map(_example, utterances()))


def messages_of(utterance: Utterance) -> list[Message]:
    """The conversation that an utterance stands for."""
    return [*map(_message, utterance.context), *_lines(utterance.text)]


def _example(utterance: Utterance) -> Example:
    return Example(
        conversation=read_conversation(messages_of(utterance)),
        intents=(utterance.intent, *utterance.also),
        complaint=None if utterance.complaint is None else utterance.complaint == 1,
        emotion=utterance.emotion,
        state=utterance.order,
        kept_back=utterance.kept_back,
    )


def _message(line: str) -> Message:
    return Message(role="agent" if line.startswith("客服") else "buyer", text=line.partition(":")[2].strip() or line)


def _lines(text: str) -> list[Message]:
    return [Message(role="buyer", text=line) for line in text.split(" / ")]
