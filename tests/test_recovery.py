"""After any accident a command recovers with a log line, or says in one sentence what to do; never a traceback."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest
from structlog.testing import capture_logs

from assistant.request import Message, SuggestionRequest
from assistant.service.wiring import open_base, open_parts
from knowledge.changes import Changes
from tests.entry_examples import draft
from tests.service_processes import xiaoer
from tests.small_knowledge import settings_over

pytest_plugins = ["tests.service_fixtures"]


def events(done: CompletedProcess[str]) -> list[dict[str, Any]]:
    """What a command logged."""
    return [json.loads(line) for line in done.stderr.splitlines()]


def require_one_sentence(done: CompletedProcess[str]) -> str:
    """What a command that failed said, which is Chinese and on one line."""
    assert (done.returncode, done.stdout) == (1, ""), done.stderr
    (line,) = done.stderr.strip().splitlines()
    assert line.endswith("。")
    return line


def recovered_from(data: Path) -> str:
    """What the next start logs in one line as wrong with the index; after it everything is well."""
    with capture_logs() as logs, open_parts(settings_over(data)) as parts:
        (event,) = logs
        assert event["event"] in ("index_unusable_rebuilding_it", "index_absent_building_it")
        kind: str = event.get("kind", "absent")
        assert event["reason"]
        request = SuggestionRequest(messages=(Message(role="buyer", text="能改地址吗"),))
        assert parts.suggester.suggest(request).suggestions[0].source.entry_id == "policy-address"
        assert parts.base.check().clean
    with capture_logs() as logs, open_parts(settings_over(data)) as parts:
        assert logs == [], "it is well only once"
        assert parts.base.check().clean
    return kind


def only(data: Path, pattern: str) -> Path:
    """A file of the index that is in use."""
    used = json.loads((data / "index" / "manifest.json").read_bytes())["files"]
    (path,) = [path for path in (data / "index").glob(pattern) if path.name in used]
    return path


FILES = ["phrasings-base-*", "phrasings-rows-*", "phrasings-delta-*", "answers-base-*", "answers-delta-*", "slots-*"]


@pytest.mark.parametrize("pattern", FILES)
def test_a_truncated_index_is_rebuilt(data: Path, pattern: str) -> None:
    path = only(data, pattern)
    os.truncate(path, path.stat().st_size // 2)
    assert recovered_from(data) == "damaged"


def test_an_index_with_one_wrong_bit_is_rebuilt(data: Path) -> None:
    path = only(data, "phrasings-base-*")
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    assert recovered_from(data) == "damaged"


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b"\xff\xfe", b"{}"])
def test_a_damaged_manifest_is_rebuilt(data: Path, content: bytes) -> None:
    (data / "index" / "manifest.json").write_bytes(content)
    assert recovered_from(data) == "damaged"


def edit_manifest(data: Path, **fields: object) -> None:
    """Change a manifest and sign it as the program would."""
    path = data / "index" / "manifest.json"
    manifest = {**json.loads(path.read_bytes()), **fields}
    del manifest["checksum"]
    manifest["checksum"] = sha256(json.dumps(manifest, sort_keys=True).encode()).hexdigest()
    path.write_text(json.dumps(manifest), "utf-8")


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"encoder": "another-encoder@1234"}, "foreign"),
        ({"dimension": 768}, "foreign"),
        ({"format": 99}, "foreign"),
        ({"revision": 1000}, "ahead"),
    ],
)
def test_an_index_that_is_not_ours_is_rebuilt_never_served(data: Path, fields: dict[str, object], kind: str) -> None:
    edit_manifest(data, **fields)
    assert recovered_from(data) == kind


def test_a_missing_index_is_built(data: Path) -> None:
    shutil.rmtree(data / "index")
    assert recovered_from(data) == "absent"


def test_a_missing_file_of_the_index_is_rebuilt(data: Path) -> None:
    only(data, "slots-*").unlink()
    assert recovered_from(data) == "damaged"


@pytest.mark.parametrize("damage", ["truncated", "of another encoder", "missing"])
def test_a_command_over_an_unusable_index_answers_and_logs_one_line(data: Path, damage: str) -> None:
    if damage == "truncated":
        os.truncate(only(data, "phrasings-base-*"), 100)
    elif damage == "missing":
        shutil.rmtree(data / "index")
    else:
        edit_manifest(data, encoder="another-encoder@1234")
    done = xiaoer(data, "suggest", "能改地址吗", "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["suggestions"][0]["source"]["entry_id"] == "policy-address"
    assert len(events(done)) == 1
    checked = xiaoer(data, "kb", "check")
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "一致：知识第 1 版，2 条可检索。\n", "")


def test_an_index_behind_the_store_catches_up(data: Path, tmp_path: Path) -> None:
    old = shutil.copytree(data / "index", tmp_path / "old")
    with open_base(settings_over(data)) as (_, base, _):
        base.write(
            Changes(drafts=[draft("late", title="能刻字吗", questions=["杯子能刻名字吗"])], deletes=["policy-ship"])
        )
    shutil.rmtree(data / "index")
    old.rename(data / "index")
    done = xiaoer(data, "suggest", "杯子能刻名字吗", "--json")
    assert json.loads(done.stdout)["suggestions"][0]["source"]["entry_id"] == "late"
    assert xiaoer(data, "kb", "check").stdout == "一致：知识第 2 版，2 条可检索。\n"


def test_a_database_put_back_from_a_backup_is_served_as_it_was(data: Path, tmp_path: Path) -> None:
    backup = shutil.copy(data / "xiaoer.db", tmp_path / "backup.db")
    with open_base(settings_over(data)) as (_, base, _):
        base.write(Changes(drafts=[draft("later")]))
    shutil.copy(backup, data / "xiaoer.db")
    assert recovered_from(data) == "ahead"


def test_an_empty_data_folder_gets_the_starter_knowledge(empty_data: Path) -> None:
    done = xiaoer(empty_data, "suggest", "在吗", "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["suggestions"]
    assert [event["event"] for event in events(done)] == ["index_absent_building_it", "loading_starter_knowledge"]


# The database


def scramble_pages(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[:4096] + b"\xa5" * (len(content) - 4096))


def drop_a_table(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE entries")


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda path: path.write_bytes(b"this is no database" * 999), ("已损坏", "备份")),
        (lambda path: os.truncate(path, 4096), ("损坏", "备份")),
        (scramble_pages, ("损坏", "备份")),
        (drop_a_table, ("表", "数据库")),
    ],
    ids=["other content", "truncated", "scrambled", "table dropped"],
)
def test_a_damaged_database_is_named_with_the_remedy_and_left_alone(
    data: Path, damage: Callable[[Path], object], words: tuple[str, ...]
) -> None:
    damage(data / "xiaoer.db")
    damaged = (data / "xiaoer.db").read_bytes()
    line = require_one_sentence(xiaoer(data, "kb", "check"))
    assert "xiaoer.db" in line
    for word in words:
        assert word in line
    assert (data / "xiaoer.db").read_bytes() == damaged


@pytest.mark.parametrize(
    "command", [["keys", "list"], ["serve", "--port", "0"], ["suggest", "--batch"], ["kb", "export", "-"]], ids=" ".join
)
def test_every_command_says_that_the_database_is_damaged(data: Path, command: list[str]) -> None:
    (data / "xiaoer.db").write_bytes(b"this is no database" * 999)
    assert "已损坏" in require_one_sentence(xiaoer(data, *command))


# The data folder


@pytest.mark.parametrize("command", [["suggest", "在吗"], ["kb", "export", "-"], ["keys", "list"]], ids=" ".join)
def test_a_file_where_the_data_folder_should_be(tmp_path: Path, command: list[str]) -> None:
    (tmp_path / "data").write_text("not a folder", "utf-8")
    line = require_one_sentence(xiaoer(tmp_path / "data", *command))
    assert "不能写入" in line
    assert "XIAOER_DATA_DIR" in line


@pytest.fixture
def read_only(data: Path) -> Iterator[Path]:
    """A small knowledge that may be read and not written."""
    paths = [data, *data.rglob("*")]
    for path in paths:
        path.chmod(0o555 if path.is_dir() else 0o444)
    yield data
    for path in paths:
        path.chmod(0o755)


def bound_by_permissions(folder: Path) -> list[str]:
    """What to run a command under so that permissions bind it, which root only is without its override."""
    under = [] if os.geteuid() else ["setpriv", "--bounding-set=-dac_override"]
    if under and shutil.which("setpriv") is None:
        pytest.skip("root can write everywhere, and there is no setpriv to stop it")
    if subprocess.run([*under, "touch", str(folder / "probe")], capture_output=True, check=False).returncode == 0:
        pytest.skip("permissions do not bind here")
    return under


@pytest.mark.parametrize("command", [["suggest", "在吗"], ["serve", "--port", "0"]], ids=" ".join)
def test_a_read_only_data_folder(read_only: Path, command: list[str]) -> None:
    line = require_one_sentence(xiaoer(read_only, *command, under=bound_by_permissions(read_only)))
    assert "不能写入" in line
    assert str(read_only) in line
    assert "XIAOER_DATA_DIR" in line


# The calibration


def test_a_damaged_calibration_is_logged_and_the_shipped_one_used(data: Path) -> None:
    good = json.loads(xiaoer(data, "suggest", "能改地址吗", "--json").stdout)
    (data / "calibration.json").write_bytes(b'{"encoder_id": "another"')
    done = xiaoer(data, "suggest", "能改地址吗", "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["suggestions"][0]["confidence"] == good["suggestions"][0]["confidence"]
    (event,) = events(done)
    assert event["event"] == "calibration_unusable"
    assert "calibration.json" in event["reason"]
    assert "xiaoer models fit" in event["reason"]
