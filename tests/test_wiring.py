"""The parts are put together once, close what they opened, and bring a damaged calibration back to a good one."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.service.settings import Settings
from assistant.service.wiring import calibration_for, open_base, open_parts, open_store
from knowledge.base import KnowledgeBase
from knowledge.changes import Changes
from knowledge.errors import EntryInvalid, StoreUnavailable
from knowledge.store import Store
from models.calibration import load_calibration, save_calibration
from models.encoder import Encoder
from models.errors import CalibrationUnusable
from tests.counting_encoder import CountingEncoder
from tests.entry_examples import draft
from tests.small_knowledge import settings_over
from tests.starter_fixtures import ask

pytest_plugins = ["tests.service_fixtures"]


def test_an_empty_data_folder_gets_the_starter_knowledge(starter_data: Path) -> None:
    with open_parts(settings_over(starter_data)) as parts:
        assert parts.store.entries().total >= 120
        assert parts.base.check().clean
        assert ask(parts, "在吗").suggestions


def test_knowledge_that_was_all_deleted_stays_deleted(data: Path) -> None:
    with open_base(settings_over(data)) as (store, base, _):
        base.write(Changes(deletes=[entry.id for entry in store.every_entry()]))
    with open_base(settings_over(data)) as (store, base, _):
        assert store.entries().total == 0
        assert len(base.snapshot().entries) == 0


def test_what_was_written_is_there_when_it_is_opened_again(data: Path) -> None:
    with open_base(settings_over(data)) as (_, base, _):
        revision = base.write(Changes(drafts=[draft("new")])).revision
    with open_parts(settings_over(data)) as parts:
        assert parts.store.revision() == revision
        assert "new" in parts.base.snapshot().entries


def test_an_error_of_the_caller_closes_the_store(data: Path) -> None:
    log = data / "xiaoer.db-wal"  # SQLite removes it with the last connection
    with pytest.raises(EntryInvalid), open_base(settings_over(data)) as (_, base, _):
        base.write(Changes(drafts=[draft("bad", intent="no.such")]))
    assert not log.exists()


def test_a_data_folder_is_made_with_its_parents(empty_data: Path) -> None:
    with open_store(settings_over(empty_data)) as store:
        assert store.revision() == 0
    assert (empty_data / "xiaoer.db").is_file()


def test_a_file_where_the_data_folder_should_be_is_said_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("not a folder", "utf-8")
    for folder in (tmp_path / "data", tmp_path / "data" / "deeper"):
        with pytest.raises(StoreUnavailable, match=r"不能写入.*XIAOER_DATA_DIR"), open_store(settings_over(folder)):
            pass
    assert (tmp_path / "data").read_text("utf-8") == "not a folder"


# Calibration


def test_the_shipped_calibration_is_used_until_one_is_fitted_here(tmp_path: Path, encoder: Encoder) -> None:
    settings = settings_over(tmp_path)
    shipped = load_calibration(encoder.id)
    base = _no_base(tmp_path, encoder)
    assert calibration_for(settings, base, encoder) == shipped
    save_calibration(shipped.model_copy(update={"complaint_from": 0.25}), settings.calibration_file)
    assert calibration_for(settings, base, encoder).complaint_from == 0.25
    base.close()


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"null", b'{"encoder_id": "e5"}', b"\xff\xfe\x00", "校准".encode("gbk")],
    ids=["empty", "truncated", "list", "null", "fields missing", "UTF-16", "GBK"],
)
def test_a_damaged_calibration_is_named_in_the_log_and_the_shipped_one_used(
    tmp_path: Path, encoder: Encoder, content: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = settings_over(tmp_path)
    settings.calibration_file.write_bytes(content)
    base = _no_base(tmp_path, encoder)
    assert calibration_for(settings, base, encoder) == load_calibration(encoder.id)
    base.close()
    logged = "".join(capsys.readouterr())
    assert "calibration_unusable" in logged
    assert "calibration.json" in logged
    assert settings.calibration_file.read_bytes() == content


def test_a_calibration_of_another_encoder_is_not_used(
    tmp_path: Path, encoder: Encoder, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = settings_over(tmp_path)
    shipped = load_calibration(encoder.id)
    save_calibration(shipped.model_copy(update={"encoder_id": "another"}), settings.calibration_file)
    base = _no_base(tmp_path, encoder)
    assert calibration_for(settings, base, encoder) == shipped
    base.close()
    assert "another" in "".join(capsys.readouterr())


def test_the_shipped_calibration_refuses_another_encoder() -> None:
    with pytest.raises(CalibrationUnusable, match="xiaoer models fit"):
        load_calibration("another")


@pytest.mark.timeout(900)
def test_an_encoder_met_for_the_first_time_is_calibrated_once(data: Path) -> None:
    settings = Settings(data_dir=data, database_url=None, encoder="somebody/else")
    another = CountingEncoder("another")
    base = KnowledgeBase.open(Store(settings.store_url), another, settings.index_dir)
    fitted = calibration_for(settings, base, another)
    assert fitted.encoder_id == "another"
    assert another.encoded
    another.encoded.clear()
    written = settings.calibration_file.read_bytes()
    assert calibration_for(settings, base, another).encoder_id == "another"
    base.close()
    assert not another.encoded, "it was fitted a second time"
    assert settings.calibration_file.read_bytes() == written


def _no_base(folder: Path, encoder: Encoder) -> KnowledgeBase:
    """A knowledge base with nothing in it."""
    return KnowledgeBase.open(Store(f"sqlite:///{folder / 'empty.db'}"), encoder, folder / "no-index")
