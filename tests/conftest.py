"""Fixtures that several test modules share. Add to it; keep each independent of the others."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import structlog

from knowledge.base import KnowledgeBase
from knowledge.store import Store
from models.encoder import Encoder
from tests.counting_encoder import CountingEncoder, shipped
from tests.databases import KINDS, new_database


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


@pytest.fixture(params=KINDS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database of each kind."""
    with new_database(request.param, tmp_path) as url:
        yield url


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """An empty store in each kind of database."""
    with closing(Store(url)) as store:
        yield store


@pytest.fixture
def base(store_url: str, counting_encoder: CountingEncoder, tmp_path: Path) -> Iterator[KnowledgeBase]:
    """An empty knowledge base over the shipped encoder."""
    opened = KnowledgeBase.open(Store(store_url), counting_encoder, tmp_path / "index")
    yield opened
    opened.close()
