"""Opening a database: migrated and durable, or refused with one sentence that says what to do."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from knowledge.entries import EntryDraft
from knowledge.errors import StoreUnavailable
from knowledge.store import Changes, Store
from knowledge.tables import metadata
from tests.entry_examples import draft


def save(store: Store, *some: EntryDraft) -> None:
    store.write(Changes(drafts=some))


def test_reopened_store_holds_what_was_written(url: str) -> None:
    with closing(Store(url)) as store:
        save(store, draft("a", effective_from="2026-11-11T00:00:00.123456+05:30"))
    with closing(Store(url)) as store:
        assert store.revision() == 1
        assert store.entry("a").draft() == draft("a", effective_from="2026-11-11T00:00:00.123456+05:30")


def test_migrations_make_exactly_the_tables_that_the_code_uses(url: str) -> None:
    with closing(Store(url)) as store, store._database.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_sqlite_writes_ahead_and_to_the_disk(tmp_path: Path) -> None:
    with closing(Store(f"sqlite:///{tmp_path / 'x.db'}")) as store, store._database.reading() as connection:
        pragmas = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous")]
        assert pragmas == ["wal", 2]
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_database_of_a_newer_program_is_refused(url: str) -> None:
    with closing(Store(url)) as store, store._database.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    assert "升级本程序" in refusal(url)


def test_database_of_another_program_is_refused(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "x.db")) as connection:
        connection.execute("CREATE TABLE shops (name TEXT)")
    assert "别的程序" in refusal(f"sqlite:///{tmp_path / 'x.db'}")


def test_damaged_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_bytes(b"not a database" * 1000)
    assert "已损坏" in refusal(f"sqlite:///{tmp_path / 'x.db'}")


def test_truncated_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    with closing(Store(f"sqlite:///{path}")) as store:
        save(store, *(draft(f"e{number}") for number in range(500)))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert "已损坏" in refusal(f"sqlite:///{path}")


def test_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("")
    assert "不是文件夹" in refusal(f"sqlite:///{tmp_path / 'var' / 'x.db'}")
    assert "不是文件夹" in refusal(f"sqlite:///{tmp_path / 'var' / 'deep' / 'x.db'}")


def test_file_that_is_a_folder_is_refused(tmp_path: Path) -> None:
    assert "文件夹" in refusal(f"sqlite:///{tmp_path}")


def test_read_only_folder_is_refused() -> None:
    with tempfile.TemporaryDirectory() as folder:
        with closing(Store(f"sqlite:///{folder}/old.db")) as store:
            save(store, draft("a"))
        Path(folder, "old.db").chmod(0o444)
        Path(folder).chmod(0o555)
        is_root = os.geteuid() == 0
        try:
            if is_root:
                os.seteuid(65534)  # root may write anywhere, whatever the mode says
            assert "XIAOER_DATA_DIR" in refusal(f"sqlite:///{folder}/new.db")
            assert "XIAOER_DATA_DIR" in refusal(f"sqlite:///{folder}/old.db")
            assert "XIAOER_DATA_DIR" in refusal(f"sqlite:///{folder}/deep/new.db")
        finally:
            if is_root:
                os.seteuid(0)
            Path(folder).chmod(0o755)


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("postgresql+psycopg://nobody:secret@127.0.0.1:1/none", "连不上服务器"),
        (
            "postgresql+pg8000://127.0.0.1/none",
            "缺少数据库驱动，请在小二的文件夹里运行 .venv/bin/pip install -c constraints.txt -e '.[postgres]'",
        ),
        ("mysql://127.0.0.1/none", "不支持 mysql"),
        ("sqlite://", "文件路径"),
        ("var/x.db", "写法不对"),
    ],
)
def test_database_that_cannot_be_reached_is_refused(url: str, sentence: str) -> None:
    assert sentence in refusal(url)


def refusal(url: str) -> str:
    """Why a database is not opened: one sentence, without the password."""
    with pytest.raises(StoreUnavailable) as caught:
        Store(url)
    message = str(caught.value)
    assert message.endswith("。")
    assert "\n" not in message
    assert "secret" not in message
    return message
