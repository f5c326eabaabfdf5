"""The HTTP API and the page, made from the parts by one factory."""

from __future__ import annotations

from importlib.metadata import version

from fastapi import FastAPI

from assistant.phrases import PhraseBook
from assistant.service.body_limit import BodyLimit
from assistant.service.change_feed import ChangeFeed
from assistant.service.errors import install_error_handlers
from assistant.service.evaluation_jobs import EvaluationJobs
from assistant.service.feedback_ranking import live_suggester
from assistant.service.imports import Imports
from assistant.service.observed import Observed
from assistant.service.one_time_link import OneTimeLink
from assistant.service.pages import install_pages
from assistant.service.rate_limit import RateLimits
from assistant.service.recorder import Recorder
from assistant.service.routes import (
    answers,
    audit,
    briefing,
    bulk,
    catalogue,
    clusters,
    conversations,
    draft_checks,
    entries,
    evaluations,
    exchange,
    feedback,
    handovers,
    health,
    insight,
    keys,
    lint,
    periods,
    phrases,
    proposals,
    session,
    suggestions,
    test_bench,
    tests,
    versions,
)
from assistant.service.running import running
from assistant.service.schemas import ProblemDocument
from assistant.service.security import Guard, KeyCheck
from assistant.service.wiring import Parts
from models.remembered import RememberedEncoder

_ROUTES = (
    insight,
    evaluations,
    session,
    suggestions,
    phrases,
    conversations,
    feedback,
    handovers,
    lint,
    bulk,
    draft_checks,
    exchange,
    test_bench,
    entries,
    versions,
    proposals,
    tests,
    clusters,
    briefing,
    periods,
    answers,
    catalogue,
    keys,
    audit,
    health,
)
_PROBLEM = {"model": ProblemDocument, "content": {"application/problem+json": {}}}


def create_app(parts: Parts, bound_to: str = "127.0.0.1", one_time_link: OneTimeLink | None = None) -> FastAPI:
    """The application; `bound_to` is the address it is served on, which decides whether a key is asked for."""
    app = FastAPI(
        title="Xiaoer 小二",
        version=version("xiaoer"),
        summary="Ready-to-send reply suggestions for a Taobao shop's agents",
        lifespan=running,
        docs_url=None,  # its page would load scripts from elsewhere; the document itself is at /openapi.json
        redoc_url=None,
        responses=dict.fromkeys((400, 401, 403, 404, 409, 412, 413, 415, 422, 429, 503), _PROBLEM),
    )
    app.state.parts = parts
    app.state.limits = limits = RateLimits(parts.settings.rate_limit)
    app.state.one_time_link = one_time_link
    app.state.recorder = Recorder(parts.store.suggestion_log, parts.metrics)
    app.state.evaluations = EvaluationJobs(parts.store.evaluations, parts.suggester)
    app.state.feed = ChangeFeed(parts.store.conversations)
    app.state.phrase_book = PhraseBook()
    app.state.live_suggester = live_suggester(parts)
    app.state.remembered = RememberedEncoder(parts.suggester.encoder)
    app.state.imports = Imports(parts.settings.data_dir / "imports")
    uploads = dict.fromkeys(("/v1/imports", "/v1/evaluations"), parts.settings.max_upload_bytes)
    app.add_middleware(BodyLimit, max_bytes=parts.settings.max_body_bytes, larger=uploads)
    app.add_middleware(KeyCheck, guard=Guard(parts.store, bound_to), limits=limits)
    app.add_middleware(Observed, metrics=parts.metrics)
    install_error_handlers(app)
    for module in _ROUTES:
        app.include_router(module.router)
    install_pages(app, parts.settings)
    return app
