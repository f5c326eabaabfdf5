"""People at the API: a client with a key of one's own."""

from __future__ import annotations

from dataclasses import replace

from starlette.testclient import TestClient

from assistant.service.api import create_app
from assistant.service.wiring import Parts
from knowledge.api_keys import Role
from tests.small_knowledge import LOCAL


def person(parts: Parts, name: str, role: Role = "editor", shop_id: str | None = "demo") -> TestClient:
    """Somebody who shows a new key at every request; an unexpected error is an answer, as for any other client."""
    key = parts.store.api_keys.create(name, role, shop_id)
    headers = {"Authorization": f"Bearer {key}"}
    return TestClient(create_app(parts), base_url=LOCAL, headers=headers, raise_server_exceptions=False)


def with_settings(parts: Parts, **settings: object) -> Parts:
    """The same parts under other settings."""
    return replace(parts, settings=parts.settings.model_copy(update=settings))
