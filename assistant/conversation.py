"""The conversation as it is read: the buyer's last turn, what came before it, and the texts to search with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby, islice

from assistant.clauses import clauses_of
from assistant.questions import questions_of
from assistant.request import Message
from models.data_files import read_data
from models.text import marks, normalise

MAX_QUERY = 1000  # characters; the encoder reads no more, and everything else would only get slower
PICTURE = "[图片]"  # as platforms write a picture
WORDLESS = "看下这个"  # what a picture, a voice message or an emoji alone asks for
_PUNCTUATION = " ,.?!~;:、。，！？～…"
# The lines before the turn that are read with it, and the characters kept of each: its end, where the question is.
LINES, LINE = 3, 32


@dataclass(frozen=True, slots=True)
class Conversation:
    """`turn` is the buyer's consecutive last messages as written; `query` is its normalised text to search with.

    `before` holds the buyer's last turns before it, normalised, newest first, without mere greetings; `questions` the
    parts of the turn where it asks several things, `clauses` its pieces where it has several. `in_context` is the query
    with the lines of both sides before it, newest first; the query alone where there are none. `earlier` are the
    buyer's earlier messages as written, newest last; `said` is what the agent has already sent. An empty `turn` means
    that no buyer message waits for a reply.
    """

    turn: str
    query: str
    for_message_id: str | None
    earlier: tuple[str, ...]
    said: tuple[str, ...]
    before: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    clauses: tuple[str, ...] = ()
    in_context: str = ""

    @property
    def begun(self) -> bool:
        """Whether anything was said before the turn."""
        return bool(self.earlier or self.said)

    @property
    def worded(self) -> str:
        """The query with the emoji and marks of the turn, which only the heads on words read."""
        return f"{self.query} {marks(self.turn[-MAX_QUERY:])}".rstrip()


def read_conversation(messages: Sequence[Message], remembered: int = 1) -> Conversation:
    """Merge the buyer's consecutive last messages into one turn; system notices in between do not split it.

    `remembered` is how many earlier turns are kept in `before`.
    """
    spoken = [message for message in messages if message.role != "system"]
    start = len(spoken)
    while start and spoken[start - 1].role == "buyer":
        start -= 1
    waiting, before = spoken[start:], spoken[:start]
    earlier = tuple(message.text for message in before if message.role == "buyer" and message.text.strip())
    # A message without text is a picture or a voice message.
    turn = "，".join(message.text.strip() or PICTURE for message in waiting)
    lines = _told([normalise(message.text) for message in waiting])
    query = _query(lines, earlier) if waiting else ""
    return Conversation(
        turn=turn,
        query=query,
        for_message_id=waiting[-1].id if waiting else None,
        earlier=earlier,
        said=tuple(message.text for message in before if message.role == "agent" and message.text.strip()),
        before=tuple(islice(_turns_before(before), remembered)),
        questions=questions_of(lines),
        clauses=clauses_of(lines),
        in_context=" ".join((query, *_lines_before(before))) if waiting else "",
    )


def _lines_before(before: Sequence[Message]) -> Iterator[str]:
    """The last lines before the turn, newest first, each opened by who says it; messages in a row are one line."""
    runs = [
        (role, "".join(f" {each.text}" for each in run)) for role, run in groupby(before, key=lambda each: each.role)
    ]
    for role, text in reversed(runs[-LINES:]):
        yield f"{'买' if role == 'buyer' else '客'}:{normalise(text[-4 * LINE :])[-LINE:]}"


def _turns_before(before: Sequence[Message]) -> Iterator[str]:
    """The buyer's earlier turns, normalised, newest first; those that only greet are left out."""
    runs = [(role, [message.text for message in run]) for role, run in groupby(before, key=lambda each: each.role)]
    for role, texts in reversed(runs):
        if role == "buyer":
            turn = ",".join(_told([normalise(text) for text in texts]))
            if turn and turn.strip(_PUNCTUATION) not in _words("greetings"):
                yield turn[-MAX_QUERY:]


def _told(lines: list[str]) -> list[str]:
    """The lines without greetings beside something else, which only blur it."""
    told = [line for line in lines if line and line.strip(_PUNCTUATION) not in _words("greetings")]
    return told or lines


def _query(lines: list[str], earlier: tuple[str, ...]) -> str:
    """What to search with; a bare follow-up (那黑色呢) borrows the topic of the turn before."""
    query = ",".join(lines).strip(",")[-MAX_QUERY:] or WORDLESS
    return f"{normalise(earlier[-1])[-MAX_QUERY:]},{query}" if earlier and _is_bare(query) else query


def _is_bare(query: str) -> bool:
    bare = query.strip(_PUNCTUATION)
    marked = bare.startswith(tuple(_words("follow_up_starts"))) or bare.endswith(tuple(_words("follow_up_ends")))
    return 0 < len(bare) <= 6 and marked and bare not in _words("greetings")


@cache
def _words(kind: str) -> frozenset[str]:
    table = read_data("assistant", "conversation.yaml")
    return frozenset(table[kind])
