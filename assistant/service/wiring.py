"""Wiring: the one place where the parts of a running Xiaoer are made and put together."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import structlog

from assistant.service.evaluator import Evaluator
from assistant.service.metrics import Metrics
from assistant.service.settings import Settings
from assistant.suggester import Suggester
from knowledge.base import KnowledgeBase
from knowledge.errors import ShopUnknown, StoreUnavailable
from knowledge.starter import starter_changes
from knowledge.starter.vectors import starter_vectors
from knowledge.store import Store
from models.calibration import Calibration, load_calibration, save_calibration
from models.encoder import SHIPPED, Encoder, load_encoder
from models.errors import CalibrationUnusable

log = structlog.get_logger()
# For an encoder met for the first time every n-th utterance: a start should not take minutes. `xiaoer models fit` takes
# all of them.
FIRST_FIT = 8


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything a command or the API works with."""

    settings: Settings
    store: Store
    base: KnowledgeBase
    suggester: Suggester
    metrics: Metrics = field(default_factory=Metrics)
    evaluator: Evaluator | None = None


@contextmanager
def open_store(settings: Settings) -> Iterator[Store]:
    """The database alone; StoreUnavailable when the data folder cannot be used."""
    _require_writable(settings.data_dir)
    store = Store(settings.store_url)
    try:
        yield store
    finally:
        store.close()


@contextmanager
def open_base(settings: Settings) -> Iterator[tuple[Store, KnowledgeBase, Encoder]]:
    """Store, knowledge base and encoder, the index up to date; an empty store gets the starter knowledge first."""
    with open_store(settings) as store:
        encoder = load_encoder(settings.encoder)
        known = partial(starter_vectors, encoder.id)
        base = KnowledgeBase.open(store, encoder, settings.index_dir, known=known)
        try:
            if store.revision() == 0:
                log.info("loading_starter_knowledge")
                base.write(starter_changes(), known=known(), by=None)  # no change, but what Xiaoer begins with
            yield store, base, encoder
        finally:
            base.close()


@contextmanager
def open_parts(settings: Settings) -> Iterator[Parts]:
    """All parts, closed again at the end."""
    with open_base(settings) as (store, base, encoder):
        if not base.snapshot().knows_shop(settings.default_shop):
            raise ShopUnknown(settings.default_shop)
        calibration = calibration_for(settings, base, encoder)
        suggester = Suggester(base, encoder, calibration, settings.default_shop)
        yield Parts(settings, store, base, suggester)


def calibration_for(settings: Settings, base: KnowledgeBase, encoder: Encoder) -> Calibration:
    """The calibration fitted here, the shipped one, or, for an encoder met for the first time, one fitted now."""
    if settings.calibration_file.exists():
        try:
            return load_calibration(encoder.id, settings.calibration_file)
        except CalibrationUnusable as error:
            log.warning("calibration_unusable", reason=str(error))
    if settings.encoder == SHIPPED:
        return load_calibration(encoder.id)
    from assistant.examples import own_examples
    from assistant.fitting import fit_calibration

    log.info("fitting_calibration", encoder=encoder.id)
    calibration = fit_calibration(base.snapshot(), encoder, own=own_examples()[::FIRST_FIT])
    save_calibration(calibration, settings.calibration_file)
    return calibration


def _require_writable(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise StoreUnavailable(
            f"数据目录 {folder.absolute()} 不能写入（{error.strerror}）。"
            "请检查目录权限和磁盘空间，或用环境变量 XIAOER_DATA_DIR 换一个目录。"
        ) from error
