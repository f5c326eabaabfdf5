"""What runs beside the requests of a service, from its start to its end."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial

import anyio
import structlog
from anyio.to_thread import current_default_thread_limiter, run_sync
from fastapi import FastAPI

from assistant.service.settings import Settings
from knowledge.errors import KnowledgeError
from knowledge.records.moments import now
from knowledge.store import Store

log = structlog.get_logger()
THREADS = 2 * (os.cpu_count() or 2)
_FIRST_TIDYING_S, _TIDYING_EVERY_S = 60, 6 * 3600


@asynccontextmanager
async def running(app: FastAPI) -> AsyncIterator[None]:
    """Few threads for requests; the recorder, the change feed and the phrase book; the removal of what is too old."""
    # Requests are computation: more threads than cores can use only wait for each other and take memory.
    current_default_thread_limiter().total_tokens = THREADS
    state = app.state
    state.recorder.start()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(state.feed.run)
        tasks.start_soon(run_sync, state.phrase_book.prepare, state.parts.base.snapshot())
        tasks.start_soon(run_sync, _prepare_search, state.parts.store)
        tasks.start_soon(_keep_tidy, state.parts.store, state.parts.settings)
        try:
            yield
        finally:
            tasks.cancel_scope.cancel()
            state.recorder.close()
            state.imports.close()
            state.evaluations.close()


def _prepare_search(store: Store) -> None:
    try:
        store.prepare_search()
    except KnowledgeError as error:
        log.warning("search_not_prepared", reason=str(error))  # the first search reads it instead


async def _keep_tidy(store: Store, settings: Settings) -> None:
    await anyio.sleep(_FIRST_TIDYING_S)  # a start has more urgent things to do
    while True:
        await run_sync(partial(remove_old, store, settings))
        await anyio.sleep(_TIDYING_EVERY_S)


def remove_old(store: Store, settings: Settings) -> None:
    """Remove conversations, matters handed over and done, and records that are older than the settings allow."""
    conversations = now() - timedelta(days=settings.conversation_days)
    records = now() - timedelta(days=settings.record_days)
    try:
        removed = store.conversations.purge(conversations) + store.handovers.purge(conversations)
        removed += store.suggestion_log.purge(records) + store.feedback.purge(records)
    except KnowledgeError as error:
        log.warning("old_records_not_removed", reason=str(error))
    else:
        log.info("old_records_removed", count=removed)
