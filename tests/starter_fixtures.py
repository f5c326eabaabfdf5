"""The running parts over the starter knowledge, opened once for all tests that only read."""

from __future__ import annotations

import atexit
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from assistant.request import SuggestionRequest
from assistant.response import SuggestionResponse
from assistant.service.settings import Settings
from assistant.service.wiring import Parts, open_parts

NOW = "2026-11-21T10:01:00+08:00"


@cache
def _opened() -> Parts:
    stack = ExitStack()
    atexit.register(stack.close)
    folder = stack.enter_context(TemporaryDirectory(ignore_cleanup_errors=True))
    return stack.enter_context(open_parts(Settings(data_dir=Path(folder), database_url=None, encoder="shipped")))


@pytest.fixture(scope="session")
def starter_parts() -> Parts:
    """Store, knowledge base and suggester over the starter knowledge; nobody may write to them."""
    return _opened()


def request(*messages: str | tuple[str, str], **fields: Any) -> SuggestionRequest:
    """A request of the demo shop at NOW; a bare text is the buyer's, ("agent", text) the agent's."""
    context = {"now": NOW, **fields.pop("context", {})}
    spoken = [("buyer", each) if isinstance(each, str) else each for each in messages]
    rows = [{"id": f"m{number}", "role": role, "text": text} for number, (role, text) in enumerate(spoken, start=1)]
    return SuggestionRequest.model_validate({"shop_id": "demo", "messages": rows, "context": context, **fields})


def ask(parts: Parts, *messages: str | tuple[str, str], **fields: Any) -> SuggestionResponse:
    """The response to `request`."""
    return parts.suggester.suggest(request(*messages, **fields))
