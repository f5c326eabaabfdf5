"""The knowledge base: writes are visible at once and everywhere, damage is repaired, checks tell the truth."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from knowledge import vector_index
from knowledge.base import KnowledgeBase
from knowledge.changes import Changes, Written
from knowledge.errors import EntryExists, EntryInvalid, VersionConflict
from knowledge.index_files import MANIFEST, IndexFiles
from knowledge.retriever import Query, Scope, retrieve
from knowledge.snapshot import Snapshot
from knowledge.store import Store
from models.encoder import Encoder
from models.text import normalise
from tests.counting_encoder import CountingEncoder
from tests.entry_examples import draft

NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)


@contextmanager
def opened(url: str, folder: Path, encoder: Encoder | None = None) -> Iterator[KnowledgeBase]:
    base = KnowledgeBase.open(Store(url), encoder or CountingEncoder(), folder)
    try:
        yield base
    finally:
        base.close()


def first(base: KnowledgeBase, text: str) -> str:
    normal = normalise(text)
    query = Query(normal, CountingEncoder().encode_queries([normal])[0])
    candidates = retrieve(base.snapshot(), query, Scope("demo", NOW), 5)
    return candidates[0].entry.id if candidates else ""


def put(base: KnowledgeBase, *ids: str, **fields: object) -> None:
    base.write(Changes(drafts=[draft(one, title=f"问题{one}", questions=[f"怎么{one}"], **fields) for one in ids]))


def test_a_write_is_visible_and_saved_and_the_old_snapshot_stays(base: KnowledgeBase) -> None:
    before = base.snapshot()
    put(base, "甲", "乙")
    assert first(base, "问题甲") == "甲"
    assert before.revision == 0
    assert len(before.phrasings) == 0
    base.write(Changes(deletes=["甲"]))
    assert first(base, "问题甲") == "乙"
    assert base.check().clean


def test_errors_of_a_write_change_nothing(base: KnowledgeBase) -> None:
    put(base, "甲")
    with pytest.raises(EntryInvalid):
        base.write(Changes(drafts=[draft("乙", intent="nonsense")]))
    with pytest.raises(EntryExists):
        base.write(Changes(drafts=[draft("甲")]), create_only=True)
    with pytest.raises(VersionConflict):
        base.write(Changes(drafts=[draft("甲", title="别的")]), expected={"甲": 7})
    assert base.snapshot().revision == 1
    assert base.check().clean


def test_each_text_is_embedded_once(base: KnowledgeBase, counting_encoder: CountingEncoder) -> None:
    put(base, "甲", answers=["好的"])
    assert sorted(counting_encoder.encoded) == sorted(["问题甲", "怎么甲", "好的"])


def test_two_workers_see_each_others_writes_at_once(store_url: str, tmp_path: Path) -> None:
    folder = tmp_path / "index"
    with opened(store_url, folder) as one, opened(store_url, folder) as two:
        for turn, (writer, reader) in enumerate([(one, two), (two, one)] * 3):
            put(writer, f"第{chr(0x7532 + turn)}")
            assert first(reader, f"问题第{chr(0x7532 + turn)}") == f"第{chr(0x7532 + turn)}"
        assert one.check().clean
        assert two.check().clean


def test_a_restart_embeds_nothing_that_was_saved(store_url: str, tmp_path: Path) -> None:
    with opened(store_url, tmp_path / "index") as base:
        put(base, "甲", "乙")
    encoder = CountingEncoder()
    with opened(store_url, tmp_path / "index", encoder) as base:
        assert encoder.encoded == []
        assert first(base, "怎么乙") == "乙"


def test_an_index_behind_the_store_is_caught_up(store_url: str, tmp_path: Path) -> None:
    with opened(store_url, tmp_path / "index") as base:
        put(base, "甲", "乙")
    with closing(Store(store_url)) as store:
        store.write(Changes(drafts=[draft("丙", title="问题丙")], deletes=["甲"]))
    encoder = CountingEncoder()
    with opened(store_url, tmp_path / "index", encoder) as base:
        assert "怎么乙" not in encoder.encoded
        assert first(base, "问题丙") == "丙"
        assert base.check().clean


@pytest.mark.parametrize("damage", ["truncated", "missing", "garbage", "encoder", "ahead"])
def test_an_unusable_index_is_rebuilt_with_one_clear_line(store_url: str, tmp_path: Path, damage: str) -> None:
    folder = tmp_path / "index"
    with opened(store_url, folder) as base:
        put(base, "甲")
    encoder = CountingEncoder("another") if damage == "encoder" else CountingEncoder()
    if damage == "truncated":
        path = next(folder.glob("phrasings-delta-*"))
        path.write_bytes(path.read_bytes()[:-9])
    elif damage == "missing":
        next(folder.glob("slots-*")).unlink()
    elif damage == "garbage":
        (folder / MANIFEST).write_text("?")
    elif damage == "ahead":
        store_url = f"sqlite:///{tmp_path / 'other.db'}"
    with capture_logs() as logs, opened(store_url, folder, encoder) as base:
        assert [line["event"] for line in logs] == ["index_unusable_rebuilding_it"]
        assert logs[0]["reason"]
        assert first(base, "问题甲") == ("" if damage == "ahead" else "甲")
        put(base, "乙")
        assert first(base, "问题乙") == "乙"
        assert base.check().clean


def test_check_names_what_differs_and_rebuild_mends_it(store_url: str, tmp_path: Path) -> None:
    folder = tmp_path / "index"
    with opened(store_url, folder) as base:
        put(base, "甲", "乙")
        other = CountingEncoder()
        alone = KnowledgeBase.open(Store(f"sqlite:///{tmp_path / 'x.db'}"), other, tmp_path / "x")
        put(alone, "甲", "丙", answers=["不一样"])
        put(alone, "丁", answers=["不一样"])
        (folder / MANIFEST).unlink()
        IndexFiles(folder).save(alone.snapshot())
        alone.close()
        with closing(Store(store_url)) as store:
            store.write(Changes(drafts=[draft("戊")]))
        report = base.check()
        kinds = {(finding.where, finding.kind): set(finding.entry_ids) for finding in report.findings}
        assert kinds[("disk", "missing")] == {"乙", "戊"}
        assert kinds[("disk", "surplus")] == {"丙", "丁"}
        assert kinds[("disk", "stale")] == {"甲"}
        assert any("磁盘上的索引缺少条目 2 个" in str(finding) for finding in report.findings)
        base.rebuild()
        assert base.check().clean
        next(folder.glob("slots-*")).write_text("[]")
        assert [finding.kind for finding in base.check().findings] == ["damaged"]


def test_a_disk_that_refuses_fails_no_write(base: KnowledgeBase, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(IndexFiles, "save", full)
    with capture_logs() as logs:
        put(base, "甲")
    assert [line["event"] for line in logs] == ["index_not_saved"]
    assert first(base, "问题甲") == "甲"


def test_a_data_folder_where_nothing_can_be_made(store_url: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with opened(store_url, tmp_path / "file" / "index") as base:
        put(base, "甲")
        assert first(base, "问题甲") == "甲"


def test_compaction_in_the_background_loses_nothing(
    store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vector_index, "DELTA_ROWS", 6)
    names = [f"编号{number}" for number in range(40)]
    with opened(store_url, tmp_path / "index") as base:
        for number, name in enumerate(names):
            put(base, name)
            if number % 5 == 4:
                base.write(Changes(deletes=[names[number - 2]]))
        gone = {names[number - 2] for number in range(40) if number % 5 == 4}
    with opened(store_url, tmp_path / "index") as base:
        assert len(base.snapshot().phrasings.base) > 0
        for name in set(names) - gone:
            assert first(base, f"问题{name}") == name
        assert base.check().clean


def test_readers_never_fail_nor_miss_an_acknowledged_write(base: KnowledgeBase) -> None:
    acknowledged: list[str] = []
    wrong: list[object] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            try:
                latest = acknowledged[-1] if acknowledged else None
                if latest is not None and first(base, f"问题{latest}") != latest:
                    wrong.append(latest)
            except Exception as error:
                wrong.append(error)

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for number in range(25):
        put(base, chr(0x4E10 + number * 7))
        acknowledged.append(chr(0x4E10 + number * 7))
    done.set()
    for reader in readers:
        reader.join()
    assert wrong == []
    assert base.check().clean


def test_a_reader_that_meets_a_commit_before_its_writer_goes_on_does_nothing_for_it(
    base: KnowledgeBase, counting_encoder: CountingEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, seen = Store.write, []

    def read_at_once(self: Store, *arguments: Any, **options: Any) -> Written:
        written = write(self, *arguments, **options)
        seen.append((written.revision, base.snapshot().revision))
        return written

    monkeypatch.setattr(Store, "write", read_at_once)
    put(base, "甲", answers=["好的"])
    assert seen == [(1, 0)]
    assert base.snapshot().revision == 1
    assert sorted(counting_encoder.encoded) == sorted(["问题甲", "怎么甲", "好的"])


def test_catching_up_with_anothers_write_embeds_nothing_of_ones_own(
    store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoder, write, seen = CountingEncoder(), Store.write, []
    with opened(store_url, tmp_path / "one", encoder) as one, closing(Store(store_url)) as other:

        def meanwhile(self: Store, *arguments: Any, **options: Any) -> Written:
            written = write(self, *arguments, **options)
            monkeypatch.undo()
            other.write(Changes(drafts=[draft("乙", title="问题乙")]))
            seen.append(one.snapshot().revision)
            return written

        monkeypatch.setattr(Store, "write", meanwhile)
        put(one, "甲", answers=["好的"])
        assert seen == [2], "what another acknowledged is there at once"
        assert encoder.encoded.count("问题甲") == 1
        assert one.check().clean


def test_readers_do_not_wait_for_a_write_that_is_not_acknowledged(
    base: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(base, "甲")
    begun, go_on, advanced = threading.Event(), threading.Event(), Snapshot.advanced

    def slow(self: Snapshot, *arguments: Any, **options: Any) -> Snapshot:
        begun.set()
        assert go_on.wait(30)
        return advanced(self, *arguments, **options)

    monkeypatch.setattr(Snapshot, "advanced", slow)
    writer = threading.Thread(target=put, args=(base, "乙"))
    writer.start()
    assert begun.wait(30)
    assert base.snapshot().revision == 1, "it came back although the writer is not done"
    go_on.set()
    writer.join()
    assert base.snapshot().revision == 2
    assert first(base, "问题乙") == "乙"


_WRITER = """
import sys
from pathlib import Path
from typing import Any
from knowledge.base import KnowledgeBase
from knowledge.changes import Changes, Written
from knowledge.snapshot import Snapshot
from knowledge.store import Store
from tests.entry_examples import draft
from tests.counting_encoder import CountingEncoder

base = KnowledgeBase.open(Store(sys.argv[1]), CountingEncoder(), Path(sys.argv[2]))
for name in (f"编号{number}" for number in range(200)):
    base.write(Changes(drafts=[draft(name, title=f"问题{name}")]))
    sys.stdout.write("saved " + name + "\\n")
    sys.stdout.flush()
"""


def test_kill_9_during_writes_loses_no_acknowledged_entry(store_url: str, tmp_path: Path) -> None:
    folder = tmp_path / "index"
    root = Path(__file__).parents[1]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    command = [sys.executable, "-c", _WRITER, store_url, str(folder)]
    names: list[str] = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root, env=environment) as writer:
        for line in writer.stdout or ():
            names += [line[6:-1]] if line.startswith("saved ") and line.endswith("\n") else []
            if len(names) == 50:
                writer.send_signal(signal.SIGKILL)
    assert len(names) >= 50
    with opened(store_url, folder) as base:
        for name in names:
            assert first(base, f"问题{name}") == name
        assert base.check().clean


def test_real_encoder_end_to_end(store_url: str, tmp_path: Path, encoder: Encoder) -> None:
    with opened(store_url, tmp_path / "index", encoder) as base:
        base.write(Changes(drafts=[draft("ship"), draft("退", title="怎么退货", questions=["不想要了"])]))
        query = Query("啥时候能发货", encoder.encode_queries(["啥时候能发货"])[0])
        assert retrieve(base.snapshot(), query, Scope("demo", NOW))[0].entry.id == "ship"
        assert base.check().clean
