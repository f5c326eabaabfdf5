"""Liveness, readiness and metrics."""

from __future__ import annotations

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from assistant.service.access import allow
from assistant.service.deps import PartsDep
from assistant.service.schemas import Readiness

router = APIRouter(tags=["health"])


@router.get("/healthz")
async def alive() -> dict[str, str]:
    """The process answers, also while every thread is busy."""
    return {"status": "ok"}


@router.get("/readyz", responses={503: {"model": Readiness}})
def ready(parts: PartsDep, response: Response) -> Readiness:
    """Model and index are loaded and the index is at the store's revision; else 503."""
    snapshot, revision = parts.base.snapshot(), parts.store.revision()
    readiness = Readiness(
        ready=snapshot.revision >= revision,
        encoder=parts.suggester.encoder.id,
        revision=snapshot.revision,
        store_revision=revision,
        entries=len(snapshot.entries),
    )
    response.status_code = 200 if readiness.ready else 503
    return readiness


@router.get(
    "/metrics", dependencies=[allow("admin")], response_class=Response, responses={200: {"content": {"text/plain": {}}}}
)
def metrics(parts: PartsDep) -> Response:
    """Prometheus metrics."""
    parts.metrics.observe(parts.base.snapshot())
    return Response(generate_latest(parts.metrics.registry), media_type=CONTENT_TYPE_LATEST)
