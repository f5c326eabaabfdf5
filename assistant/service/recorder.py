"""Writing down what was suggested, in the background: no answer waits for it, and nothing is dropped uncounted."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from queue import Empty, Full, Queue
from threading import Thread
from typing import Protocol

import structlog

from assistant.request import SuggestionRequest
from assistant.response import SuggestionResponse
from assistant.service.metrics import Metrics
from assistant.service.suggestion_record import record_of
from knowledge.errors import KnowledgeError
from knowledge.records.suggestion_log import SuggestionRecord

log = structlog.get_logger()
CAPACITY, BATCH = 2000, 100
PAUSES = (0.2, 1.0, 5.0)  # before a refused batch is tried again
PATIENCE_S = 10.0  # for the last batches when the service ends

Waiting = tuple[str, SuggestionRequest, SuggestionResponse, datetime]


class Log(Protocol):
    """Where records go."""

    def add(self, records: Sequence[SuggestionRecord]) -> None:
        """Store them, all or none."""


class Recorder:
    """A bounded queue and the thread that empties it. Before `start`, what is recorded is written at once."""

    def __init__(self, log_of_suggestions: Log, metrics: Metrics, capacity: int = CAPACITY) -> None:
        self._log, self._metrics = log_of_suggestions, metrics
        self._queue: Queue[Waiting | None] = Queue(capacity)
        self._thread: Thread | None = None

    def start(self) -> None:
        """Begin to write in the background."""
        self._thread = Thread(target=self._run, name="recorder", daemon=True)
        self._thread.start()

    def record(self, shop_id: str, request: SuggestionRequest, response: SuggestionResponse) -> None:
        """Have a response written down soon; one that finds the queue full is counted and told in the log."""
        waiting = (shop_id, request, response, datetime.now(UTC))
        if self._thread is None:
            return self._write([waiting])
        try:
            self._queue.put_nowait(waiting)
        except Full:
            self._metrics.recorded("dropped")
            log.warning("suggestion_not_recorded", reason="queue full", request_id=response.request_id)

    def settle(self, seconds: float = 2.0) -> None:
        """Wait until all that was recorded so far is written, or the time is over."""
        with self._queue.all_tasks_done:
            self._queue.all_tasks_done.wait_for(lambda: not self._queue.unfinished_tasks, seconds)

    def close(self) -> None:
        """Write what is left, then end; what a database that does not answer keeps from being written is counted."""
        thread, self._thread = self._thread, None
        if thread is None:
            return
        try:
            self._queue.put(None, timeout=PATIENCE_S)
        except Full:
            log.error("suggestions_not_recorded", reason="still waiting at the end", count=self._queue.qsize())
        thread.join(PATIENCE_S)
        left = self._queue.unfinished_tasks
        if left:
            self._metrics.recorded("dropped", left)
            log.error("suggestions_not_recorded", reason="still waiting at the end", count=left)

    def _run(self) -> None:
        while True:
            batch = [self._queue.get()]
            while len(batch) < BATCH:
                try:
                    batch.append(self._queue.get_nowait())
                except Empty:
                    break
            self._write([waiting for waiting in batch if waiting is not None])
            for _ in batch:
                self._queue.task_done()
            if None in batch:
                return

    def _write(self, batch: list[Waiting]) -> None:
        """Store a batch, or as much of it as the database takes; an error here ends neither thread nor request."""
        try:
            self._store([record_of(*waiting) for waiting in batch])
        except Exception as error:
            if len(batch) > 1 and not isinstance(error, KnowledgeError):  # one of them is refused, the others are not
                for waiting in batch:
                    self._write([waiting])
            else:
                self._metrics.recorded("failed", len(batch))
                log.error("suggestions_not_recorded", reason=str(error), count=len(batch))

    def _store(self, records: list[SuggestionRecord]) -> None:
        for pause in (*PAUSES, None):
            try:
                if records:
                    self._log.add(records)
                self._metrics.recorded("written", len(records))
                return
            except KnowledgeError:  # the database is away for a moment
                if pause is None or self._thread is None:
                    raise
                time.sleep(pause)
