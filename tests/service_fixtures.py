"""Fixtures of the service's tests: the app in this process, and data folders for commands and servers.

A module asks for them by `pytest_plugins = ["tests.service_fixtures"]`, so that what is built once is shared by all.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from assistant.service.api import create_app
from assistant.service.settings import Settings
from assistant.service.wiring import Parts, open_parts
from assistant.suggester import Suggester
from knowledge.base import KnowledgeBase
from knowledge.store import Store
from models.calibration import load_calibration
from models.encoder import Encoder
from tests.small_knowledge import LOCAL, SMALL, settings_over


def _fill(folder: Path, encoder: Encoder) -> Settings:
    settings = settings_over(folder)
    base = KnowledgeBase.open(Store(settings.store_url), encoder, settings.index_dir)
    with closing(base):
        base.write(SMALL)
    return settings


@pytest.fixture
def parts(tmp_path: Path, encoder: Encoder) -> Iterator[Parts]:
    """The parts over a small knowledge of their own, open to any change."""
    settings = _fill(tmp_path / "parts", encoder)
    store = Store(settings.store_url)
    base = KnowledgeBase.open(store, encoder, settings.index_dir)
    with closing(base):
        yield Parts(settings, store, base, Suggester(base, encoder, load_calibration(encoder.id), "demo"))


@pytest.fixture
def client(parts: Parts) -> Iterator[TestClient]:
    """A client of the API over those parts; an unexpected error is an answer, as it is for any other client."""
    with TestClient(create_app(parts), base_url=LOCAL, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture(scope="session")
def starter_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the starter knowledge, closed; copy it before use."""
    folder = tmp_path_factory.mktemp("starter")
    with open_parts(settings_over(folder)):
        return folder


@pytest.fixture
def starter_data(starter_folder: Path, tmp_path: Path) -> Path:
    """A data folder of one's own with the starter knowledge."""
    return shutil.copytree(starter_folder, tmp_path / "starter")


@pytest.fixture(scope="session")
def small_folder(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Path:
    """A data folder with a small knowledge, closed; copy it before use."""
    return _fill(tmp_path_factory.mktemp("small"), encoder).data_dir


@pytest.fixture
def data(small_folder: Path, tmp_path: Path) -> Path:
    """A data folder of one's own with a small knowledge, which commands open quickly."""
    return shutil.copytree(small_folder, tmp_path / "data")


@pytest.fixture
def empty_data(tmp_path: Path) -> Path:
    """A data folder that does not exist yet."""
    return tmp_path / "new" / "data"
