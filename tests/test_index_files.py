"""The index on disk: what is written when, and every kind of damage is refused with its reason."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from knowledge import index_files, vector_index
from knowledge.changes import Delta
from knowledge.entries import Entry
from knowledge.index_files import MANIFEST, IndexFiles, IndexUnusable
from knowledge.snapshot import Snapshot
from tests.counting_encoder import CountingEncoder
from tests.entry_examples import draft


def entry(entry_id: str, **fields: object) -> Entry:
    return Entry.model_validate({**draft(entry_id, **fields).model_dump(), "version": 1})


def delta(revision: int, *ids: str) -> Delta:
    return Delta(revision, tuple(entry(one, title=f"问题{one}") for one in ids), frozenset(), (), {})


@pytest.fixture
def snapshot(counting_encoder: CountingEncoder, monkeypatch: pytest.MonkeyPatch) -> Snapshot:
    """Five entries in the base segments, one in the deltas, at revision 2."""
    monkeypatch.setattr(vector_index, "DELTA_ROWS", 4)
    first = Snapshot.empty(counting_encoder).advanced(delta(1, *"abcde"), counting_encoder)
    return first.advanced(delta(2, "f"), counting_encoder)


@pytest.fixture
def folder(tmp_path: Path, snapshot: Snapshot) -> Path:
    """A saved index."""
    IndexFiles(tmp_path / "index").save(snapshot)
    return tmp_path / "index"


def load(folder: Path, encoder: CountingEncoder | None = None, revision: int = 2) -> index_files.StoredIndex:
    encoder = encoder or CountingEncoder()
    return IndexFiles(folder).load(encoder.id, encoder.dim, revision)


def edit_manifest(folder: Path, **values: object) -> None:
    manifest = json.loads((folder / MANIFEST).read_bytes()) | values
    manifest.pop("checksum")
    manifest["checksum"] = sha256(json.dumps(manifest, sort_keys=True).encode()).hexdigest()
    (folder / MANIFEST).write_text(json.dumps(manifest))


def test_what_is_saved_is_loaded(folder: Path, snapshot: Snapshot) -> None:
    stored = load(folder)
    assert stored.revision == 2
    assert stored.ids == snapshot.roster.ids
    assert len(stored.phrasings.delta) > 0
    for side in ("phrasings", "answers"):
        mine, its = stored.index(side), snapshot.index(side)
        assert mine.rows == its.rows
        for owner in range(6):
            assert (mine.vectors(owner) == its.vectors(owner)).all()


def test_a_small_write_does_not_write_the_base_again(
    folder: Path, snapshot: Snapshot, counting_encoder: CountingEncoder
) -> None:
    files = IndexFiles(folder)
    stored = files.load(counting_encoder.id, counting_encoder.dim, 2)
    over = Snapshot.over(counting_encoder.id, snapshot.roster, stored.phrasings, stored.answers)
    before = {path.name: path.stat().st_ino for path in folder.glob("*-base-*")}
    files.save(over.advanced(delta(3, *"abcdefg"), counting_encoder))
    assert {path.name: path.stat().st_ino for path in folder.glob("*-base-*")} == before
    assert load(folder, revision=3).revision == 3
    names = {path.name for path in folder.iterdir()}
    assert names == {MANIFEST, "lock", *json.loads((folder / MANIFEST).read_bytes())["files"]}, "nothing is left over"


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-20])


def flip_a_bit(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def empty(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize("damage", [Path.unlink, truncate, flip_a_bit, empty])
@pytest.mark.parametrize("name", ["*-base-*", "phrasings-rows-*", "answers-delta-*", "slots-*", MANIFEST])
def test_any_damaged_file_is_refused_and_saved_over(
    folder: Path, snapshot: Snapshot, name: str, damage: Callable[[Path], None]
) -> None:
    damage(next(folder.glob(name)))
    with pytest.raises(IndexUnusable) as caught:
        load(folder)
    assert caught.value.kind == ("absent" if name == MANIFEST and damage is Path.unlink else "damaged")
    IndexFiles(folder).save(snapshot)
    assert load(folder).revision == 2


@pytest.mark.parametrize(
    ("encoder", "revision", "kind", "reason"),
    [
        (CountingEncoder("other"), 2, "foreign", "encoder is 'e5-small-zh-q8@.*', not 'other'"),
        (CountingEncoder(dim=16), 2, "foreign", "dimension is 384, not 16"),
        (CountingEncoder(), 1, "ahead", "revision 2 is ahead of the store's 1"),
    ],
)
def test_a_foreign_index_is_refused(
    folder: Path, encoder: CountingEncoder, revision: int, kind: str, reason: str
) -> None:
    with pytest.raises(IndexUnusable, match=reason) as caught:
        load(folder, encoder, revision)
    assert caught.value.kind == kind


def test_another_format_a_wrong_count_and_no_folder_are_refused(folder: Path) -> None:
    edit_manifest(folder, counts={"entries": 6, "phrasings": 1, "answers": 1})
    with pytest.raises(IndexUnusable, match="count of phrasings"):
        load(folder)
    edit_manifest(folder, format=99)
    with pytest.raises(IndexUnusable, match="format is 99") as caught:
        load(folder)
    assert caught.value.kind == "foreign"
    with pytest.raises(IndexUnusable) as caught:
        load(folder / "nowhere")
    assert caught.value.kind == "absent"


def test_a_manifest_that_points_outside_reads_nothing_there(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"[]")
    edit_manifest(folder, files={"../secret": sha256(b"[]").hexdigest()}, slots="../secret")
    with pytest.raises(IndexUnusable):
        load(folder)


def test_a_crash_before_the_manifest_leaves_the_old_index(
    folder: Path, snapshot: Snapshot, counting_encoder: CountingEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace = Path.replace

    def crash(path: Path, target: Path) -> Path:
        if target.name == MANIFEST:
            raise OSError("the power went")
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", crash)
    with pytest.raises(OSError, match="power"):
        IndexFiles(folder).save(snapshot.advanced(delta(3, "g"), counting_encoder))
    assert load(folder, revision=3).revision == 2


def test_an_older_snapshot_does_not_replace_a_newer_index(
    folder: Path, snapshot: Snapshot, counting_encoder: CountingEncoder
) -> None:
    IndexFiles(folder).save(snapshot.advanced(delta(3, "g"), counting_encoder))
    IndexFiles(folder).save(snapshot)
    assert load(folder, revision=3).revision == 3


def test_base_segments_of_another_process_stay_for_a_day(
    folder: Path, snapshot: Snapshot, counting_encoder: CountingEncoder
) -> None:
    old = next(folder.glob("phrasings-base-*"))
    rebuilt = Snapshot.empty(counting_encoder).advanced(delta(3, *"abcdefgh"), counting_encoder)
    IndexFiles(folder).save(rebuilt)
    assert old.exists()
    long_ago = old.stat().st_mtime - index_files.UNUSED_SECONDS - 1
    os.utime(old, (long_ago, long_ago))
    IndexFiles(folder).save(rebuilt.advanced(delta(4, "i"), counting_encoder))
    assert not old.exists()
    assert load(folder, revision=4).revision == 4
    assert snapshot.revision == 2
