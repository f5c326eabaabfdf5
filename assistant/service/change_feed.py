"""News for pages that listen: one look at the database for all of them, so that any process's change reaches all."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TypeVar

import structlog
from anyio import CapacityLimiter
from anyio.to_thread import run_sync

from knowledge.errors import KnowledgeError
from knowledge.records.conversations import Conversations, Marks

log = structlog.get_logger()
EVERY_S = 0.3  # between two looks, however many listen
_LOOKS = 4  # of listeners at the database at once, beside the threads that requests have

Key = tuple[str, str]  # shop and conversation
Found = TypeVar("Found")


class Listener:
    """Somebody who waits for news of one conversation, and of the knowledge, whose `revision` grows."""

    def __init__(self) -> None:
        self.revision = 0
        self.ended = False
        self._news = asyncio.Event()

    def tell(self) -> None:
        """There is news; several before the listener looks are one."""
        self._news.set()

    async def news(self, seconds: float) -> None:
        """Wait for news, no longer than that."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._news.wait(), seconds)
        self._news.clear()


class ChangeFeed:
    """Tells listeners when to look. It never loses a change: its clock moves on only after they were told."""

    def __init__(self, conversations: Conversations) -> None:
        self._conversations = conversations
        self._listeners: dict[Key, set[Listener]] = {}
        self._limiter = CapacityLimiter(_LOOKS)
        self._seen: Marks | None = None
        self.stopping: Callable[[], bool] = lambda: False

    @contextmanager
    def listen(self, key: Key) -> Iterator[Listener]:
        """Be told of what happens from now on; look once after entering for what happened before."""
        listener = Listener()
        self._listeners.setdefault(key, set()).add(listener)
        try:
            yield listener
        finally:
            self._listeners[key].discard(listener)
            if not self._listeners[key]:
                del self._listeners[key]

    async def look(self, question: Callable[[], Found]) -> Found:
        """Ask the database something without holding up the event loop or waiting for busy requests."""
        return await run_sync(question, limiter=self._limiter)

    async def run(self) -> None:
        """Look again and again until cancelled; when the server is to stop, send every listener home."""
        while True:
            await asyncio.sleep(EVERY_S)
            if self._listeners and self.stopping():
                self._end()
            elif self._listeners:
                await self._look_once()

    async def _look_once(self) -> None:
        try:
            marks = await self.look(self._conversations.marks)
            if marks != self._seen:
                await self._tell(marks)
                self._seen = marks
        except KnowledgeError as error:
            log.warning("change_feed_waits_for_the_database", reason=str(error))

    async def _tell(self, marks: Marks) -> None:
        seen = self._seen
        everybody = seen is None or marks.revision != seen.revision
        changed: set[Key] = set()
        if seen is not None and marks.clock != seen.clock:
            changed = await self.look(lambda: self._conversations.changed_since(seen.clock))
        for key, listeners in list(self._listeners.items()):
            if everybody or key in changed:
                for listener in listeners:
                    listener.revision = marks.revision
                    listener.tell()

    def _end(self) -> None:
        for listeners in self._listeners.values():
            for listener in listeners:
                listener.ended = True
                listener.tell()
