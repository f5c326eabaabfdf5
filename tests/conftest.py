"""Fixtures that several test modules share. Add to it; keep each independent of the others."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from knowledge.base import KnowledgeBase
from knowledge.store import Store
from models.encoder import Encoder
from tests.counting_encoder import CountingEncoder, shipped


@pytest.fixture(autouse=True)
def _logs_as_they_were() -> Iterator[None]:
    """A command that is run in this process logs to a stream that ends with its test."""
    before = structlog.get_config()
    yield
    structlog.configure(**before)


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """The shipped encoder, loaded once."""
    return shipped()


@pytest.fixture
def counting_encoder() -> CountingEncoder:
    """The shipped encoder, counting what it encodes."""
    return CountingEncoder()


@pytest.fixture
def store_url(tmp_path: Path) -> str:
    """The URL of an empty SQLite store."""
    return f"sqlite:///{tmp_path / 'knowledge.db'}"


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """An empty store in a temporary folder."""
    opened = Store(store_url)
    yield opened
    opened.close()


@pytest.fixture
def base(store_url: str, counting_encoder: CountingEncoder, tmp_path: Path) -> Iterator[KnowledgeBase]:
    """An empty knowledge base over the shipped encoder."""
    opened = KnowledgeBase.open(Store(store_url), counting_encoder, tmp_path / "index")
    yield opened
    opened.close()
