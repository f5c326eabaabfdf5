"""The HTTP API and the page, made from the parts by one factory."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from pathlib import Path

from anyio.to_thread import current_default_thread_limiter
from fastapi import FastAPI
from fastapi.responses import FileResponse
from fastapi.staticfiles import StaticFiles

from assistant.service.body_limit import BodyLimit
from assistant.service.errors import install_error_handlers
from assistant.service.observed import Observed
from assistant.service.routes import catalogue, entries, health, lint, suggestions
from assistant.service.schemas import ProblemDocument
from assistant.service.security import Guard, KeyCheck
from assistant.service.wiring import Parts

THREADS = 2 * (os.cpu_count() or 2)
WEB = Path(__file__).parent / "web"
_PROBLEM = {"model": ProblemDocument, "content": {"application/problem+json": {}}}
_CSP = (
    "default-src 'self'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
)


def create_app(parts: Parts, bound_to: str = "127.0.0.1") -> FastAPI:
    """The application; `bound_to` is the address it is served on, which decides whether a key is asked for."""
    app = FastAPI(
        title="Xiaoer 小二",
        version=version("xiaoer"),
        summary="Ready-to-send reply suggestions for a Taobao shop's agents",
        lifespan=_few_threads,
        docs_url=None,  # its page would load scripts from elsewhere; the document itself is at /openapi.json
        redoc_url=None,
        responses=dict.fromkeys((401, 403, 404, 409, 412, 413, 415, 422, 503), _PROBLEM),
    )
    app.state.parts = parts
    app.add_middleware(BodyLimit, max_bytes=parts.settings.max_body_bytes)
    app.add_middleware(KeyCheck, guard=Guard(parts.store.api_keys, bound_to))
    app.add_middleware(Observed, metrics=parts.metrics)
    install_error_handlers(app)
    for module in (suggestions, lint, entries, catalogue, health):
        app.include_router(module.router)
    app.mount("/static", StaticFiles(directory=WEB), name="static")
    app.add_api_route("/", _page, include_in_schema=False)
    return app


@asynccontextmanager
async def _few_threads(_: FastAPI) -> AsyncIterator[None]:
    """Requests are computation: more threads than cores can use only wait for each other and take memory."""
    current_default_thread_limiter().total_tokens = THREADS
    yield


def _page() -> FileResponse:
    return FileResponse(WEB / "index.html", headers={"Content-Security-Policy": _CSP})
