"""Evaluations in the background: one at a time in this process, told to the store while they go on."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from threading import Event, Lock, Thread

import structlog

from assistant.ranking import NO_FEEDBACK
from assistant.service.evaluator import Evaluator
from assistant.suggester import Suggester
from knowledge.errors import KnowledgeError
from knowledge.evaluations import Evaluation, Evaluations
from models.errors import ModelError

log = structlog.get_logger()
TELL_EVERY_S, WAIT_S = 0.7, 1.0
WAITING, READING = "排队", "读对话"
_UNEXPECTED = "程序内部出错，已记入日志；请稍后重试，或联系维护者。"
_ENDED = "服务停止了，这次测评没有做完。请重新运行。"


class Stopped(Exception):
    """Nobody wants the run any more, or the service ends."""


class EvaluationJobs:
    """The runs of this process. Each has a thread, and they take turns: an evaluation needs the processor to itself."""

    def __init__(self, store: Evaluations, suggester: Suggester) -> None:
        self._store, self._suggester = store, suggester
        self._turn, self._ending = Lock(), Event()
        self._threads: list[Thread] = []

    def start(self, evaluation: Evaluation, evaluator: Evaluator, dialogs: bytes) -> None:
        """Have it run soon."""
        job = (evaluation, evaluator, dialogs)
        thread = Thread(target=self._run, args=job, name=f"evaluation-{evaluation.id}", daemon=True)
        self._threads = [each for each in self._threads if each.is_alive()] + [thread]
        thread.start()

    def close(self) -> None:
        """Stop what runs, each at its next step, and say so."""
        self._ending.set()
        for thread in self._threads:
            thread.join(5)

    def _run(self, evaluation: Evaluation, evaluator: Evaluator, dialogs: bytes) -> None:
        progress = _Progress(self._store, evaluation.id, self._ending)
        # A shop's evaluation asks as that shop, and what agents liked has no part in it.
        suggester = replace(self._suggester, default_shop=evaluation.shop_id, feedback=_no_feedback)
        try:
            while not self._turn.acquire(timeout=WAIT_S):
                progress(WAITING, 0, 0)
            try:
                progress(READING, 0, 0)
                found = evaluator.run(suggester, dialogs, evaluation.file or evaluation.name, progress)
                self._store.finish(evaluation.id, found.documents, found.numbers, found.knowledge_revision)
            finally:
                self._turn.release()
        except Stopped:
            self._fail(evaluation.id, _ENDED)
        except (KnowledgeError, ModelError) as error:
            self._fail(evaluation.id, str(error))
        except Exception as error:
            log.error("evaluation_failed", evaluation=evaluation.id, exc_info=error)
            self._fail(evaluation.id, _UNEXPECTED)

    def _fail(self, evaluation_id: int, reason: str) -> None:
        try:
            self._store.fail(evaluation_id, reason)
        except KnowledgeError as error:  # the run is noticed as silent later
            log.error("evaluation_not_ended", evaluation=evaluation_id, reason=str(error))


def _no_feedback(_shop_id: str) -> Mapping[str, float]:
    return NO_FEEDBACK


class _Progress:
    """Tells the store now and then; raises Stopped when the run is to end."""

    def __init__(self, store: Evaluations, evaluation_id: int, ending: Event) -> None:
        self._store, self._id, self._ending = store, evaluation_id, ending
        self._step, self._told = "", 0.0

    def __call__(self, step: str, done: int, total: int) -> None:
        if self._ending.is_set():
            raise Stopped
        if step == self._step and time.monotonic() - self._told < TELL_EVERY_S:
            return
        self._step, self._told = step, time.monotonic()
        if not self._store.progress(self._id, step, done, total):
            raise Stopped
