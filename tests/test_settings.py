"""Settings come from the environment, suit a small shop as they are, and refuse what cannot be meant."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError
from sqlalchemy import make_url

from assistant.service.settings import Settings
from knowledge.store import Store

GIVEN = [
    ("data_dir", "/srv/shop", Path("/srv/shop")),
    ("database_url", "postgresql+psycopg://shop@db/xiaoer", "postgresql+psycopg://shop@db/xiaoer"),
    ("encoder", "/srv/encoder", "/srv/encoder"),
    ("default_shop", "我的店", "我的店"),
    ("max_body_bytes", "2048", 2048),
    ("embed_origins", "https://a.example, HTTPS://B.example:8443/", ("https://a.example", "https://b.example:8443")),
    ("rate_limit", "600/minute", "600/minute"),
    ("max_upload_bytes", "4096", 4096),
    ("reply_target_s", "60", 60),
    ("record", "off", "off"),
    ("conversation_days", "7", 7),
    ("record_days", "30", 30),
    ("feedback_ranking", "on", "on"),
    ("feedback_minimum", "5", 5),
    ("review", "on", "on"),
    ("log_level", "warning", "warning"),
]


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"XIAOER_{name.upper()}", raising=False)


def test_every_setting_has_a_default_and_says_what_it_is() -> None:
    settings = Settings()
    assert settings.data_dir == Path("var")
    assert (settings.encoder, settings.default_shop, settings.log_level) == ("shipped", "demo", "info")
    assert all(field.description for field in Settings.model_fields.values())


@pytest.mark.parametrize(("name", "text", "value"), GIVEN)
def test_the_environment_sets_it(monkeypatch: pytest.MonkeyPatch, name: str, text: str, value: object) -> None:
    monkeypatch.setenv(f"XIAOER_{name.upper()}", text)
    assert getattr(Settings(), name) == value


def test_every_setting_is_tried_above() -> None:
    assert {name for name, *_ in GIVEN} == Settings.model_fields.keys()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("max_body_bytes", "many"),
        ("max_body_bytes", "0"),
        ("max_body_bytes", "-1"),
        ("log_level", "loud"),
        ("log_level", "INFO "),
        ("log_level", ""),
        ("default_shop", ""),
        ("rate_limit", "often"),
        ("rate_limit", "0/minute"),
        ("rate_limit", ""),
        ("embed_origins", "http://chat.example"),
        ("embed_origins", "https://a.example, chat.example"),
    ],
)
def test_what_cannot_be_meant_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, text: str) -> None:
    monkeypatch.setenv(f"XIAOER_{name.upper()}", text)
    with pytest.raises(ValidationError) as caught:
        Settings()
    assert [error["loc"][0] for error in caught.value.errors()] == [name]


def test_variables_of_other_programs_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XIAOER_CHROMIUM", "/usr/bin/chromium")
    monkeypatch.setenv("DATA_DIR", "/srv/elsewhere")
    assert Settings().data_dir == Path("var")


def test_settings_do_not_change_while_it_runs() -> None:
    with pytest.raises(ValidationError):
        Settings().default_shop = "other"  # type: ignore[misc]


@pytest.mark.parametrize("folder", ["data", "我的 店铺", "a#b", "100%", "it's", "a&b=c", "~x"])
def test_the_database_is_in_the_data_folder_whatever_it_is_called(tmp_path: Path, folder: str) -> None:
    settings = Settings(data_dir=tmp_path / folder)
    assert make_url(settings.store_url).database == str(tmp_path / folder / "xiaoer.db")
    Store(settings.store_url).close()
    assert (tmp_path / folder / "xiaoer.db").is_file()
    assert settings.index_dir.parent == settings.calibration_file.parent == tmp_path / folder


def test_a_relative_data_folder_is_where_the_command_was_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert make_url(Settings().store_url).database == str(tmp_path / "var" / "xiaoer.db")


def test_a_database_elsewhere_is_used_as_given() -> None:
    url = "postgresql+psycopg://shop@db/xiaoer"
    assert Settings(database_url=url).store_url == url
