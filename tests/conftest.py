"""Fixtures that several test modules share. Add to it; keep each independent of the others."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from knowledge.base import KnowledgeBase
from knowledge.store import Store
from models.encoder import Encoder, load_encoder
from tests.fake_encoder import FakeEncoder


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """The shipped encoder, loaded once."""
    return load_encoder("shipped")


@pytest.fixture
def fake_encoder() -> FakeEncoder:
    """An instant stand-in that counts what it encodes."""
    return FakeEncoder()


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
def base(store_url: str, fake_encoder: FakeEncoder, tmp_path: Path) -> Iterator[KnowledgeBase]:
    """An empty knowledge base over the stand-in encoder."""
    opened = KnowledgeBase.open(Store(store_url), fake_encoder, tmp_path / "index")
    yield opened
    opened.close()
