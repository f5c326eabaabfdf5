"""Sketches: entries on their way to being written, which may still lack answers."""

from __future__ import annotations

from pydantic import Field

from knowledge.entries import Answer, EntryDraft
from knowledge.errors import EntryInvalid, Problem


class Sketch(EntryDraft):
    """An `EntryDraft` whose answers may still be missing, so that work on it can be kept before it is done."""

    answers: tuple[Answer, ...] = Field(default=(), max_length=50)

    def completed(self) -> EntryDraft:
        """The draft it has become; raises EntryInvalid while it has no answer."""
        if not self.answers:
            raise EntryInvalid([Problem("answers", "还没有答案", "请至少写一条能直接发给买家的话")])
        return EntryDraft.model_validate(self.model_dump())
