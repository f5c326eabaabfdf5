"""The index on disk: files named by their checksum, and a manifest, written last, that says which belong together.

A save writes new files and then replaces the manifest in one step, so a crash leaves the old index or the new one. The
base segments are written only when they change; a small write costs the delta and the slots.
"""

from __future__ import annotations

import fcntl
import io
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from knowledge.errors import KnowledgeError
from knowledge.index_rows import SIDES, Side
from knowledge.snapshot import Snapshot
from knowledge.vector_index import VectorIndex
from knowledge.vector_segment import Rows, Segment

FORMAT = 2
MANIFEST, LOCK = "manifest.json", "lock"
UNUSED_SECONDS = 24 * 3600  # another process may come back to its own base segment within this time


class IndexUnusable(KnowledgeError):
    """The index on disk cannot be served; `kind` is absent | damaged | foreign | ahead, `reason` is for the log."""

    def __init__(self, kind: str, reason: str) -> None:
        super().__init__(reason)
        self.kind, self.reason = kind, reason


@dataclass(frozen=True, eq=False)
class StoredIndex:
    """What was on disk: rows owned by slots, and the entry id of each slot (None: free)."""

    revision: int
    ids: list[str | None]
    phrasings: VectorIndex
    answers: VectorIndex

    def index(self, side: Side) -> VectorIndex:
        """The vector index of phrasings or of answers."""
        return self.phrasings if side == "phrasings" else self.answers


class IndexFiles:
    """One index folder. Safe to save to from several processes; from several threads only one at a time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._bases: dict[Side, tuple[Segment, dict[str, str]]] = {}  # the base segments on disk
        self._sound: dict[str, str] = {}  # checksums of the files that this process wrote or verified

    def load(self, encoder_id: str, dim: int, store_revision: int) -> StoredIndex:
        """Read and verify everything; raises IndexUnusable."""
        manifest = self._manifest()
        _require("foreign", "format", manifest.get("format"), FORMAT)
        _require("foreign", "encoder", manifest.get("encoder"), encoder_id)
        _require("foreign", "dimension", manifest.get("dimension"), dim)
        if manifest["revision"] > store_revision:
            raise IndexUnusable("ahead", f"revision {manifest['revision']} is ahead of the store's {store_revision}")
        try:
            self._verify(manifest["files"])
            ids = json.loads(self._path(manifest["slots"]).read_bytes())
            phrasings, answers = (self._load_side(side, manifest[side]) for side in SIDES)
        except (OSError, ValueError, KeyError, RuntimeError, BadZipFile, EOFError) as error:
            raise IndexUnusable("damaged", f"unreadable: {error}") from error
        for side, index in zip(SIDES, (phrasings, answers), strict=True):
            _require("damaged", f"count of {side}", len(index), manifest["counts"][side])
        return StoredIndex(manifest["revision"], ids, phrasings, answers)

    def _manifest(self) -> dict[str, Any]:
        try:
            manifest = json.loads((self.folder / MANIFEST).read_bytes())
            checksum = manifest.pop("checksum")
        except FileNotFoundError as error:
            raise IndexUnusable("absent", "no manifest") from error
        except (OSError, ValueError, KeyError, AttributeError, TypeError) as error:
            raise IndexUnusable("damaged", f"unreadable manifest: {error!r}") from error
        _require("damaged", "checksum of the manifest", checksum, _checksum_of(manifest))
        return dict(manifest)

    def _verify(self, files: dict[str, str]) -> None:
        for name, expected in files.items():
            with self._path(name).open("rb") as file:
                if file_digest(file, "sha256").hexdigest() != expected:
                    raise ValueError(f"checksum of {name} differs")
        self._sound.update(files)

    def _path(self, name: str) -> Path:
        return self.folder / Path(name).name

    def _load_side(self, side: Side, names: dict[str, str]) -> VectorIndex:
        base = Segment.read(_rows(self._arrays(names["rows"])), self._path(names["base"]))
        arrays = self._arrays(names["delta"])
        alive = np.unpackbits(arrays["alive"], count=len(base)).astype(np.bool_)
        index = VectorIndex(base, Segment.build(_rows(arrays), arrays["vectors"]), alive)
        self._bases[side] = (base, {key: names[key] for key in ("base", "rows")})
        return index

    def _arrays(self, name: str) -> dict[str, NDArray[Any]]:
        with np.load(self._path(name), allow_pickle=False) as arrays:
            return dict(arrays)

    def save(self, snapshot: Snapshot, store_revision: Callable[[], int] | None = None) -> None:
        """Write what changed, then the manifest. Raises OSError; what was there before is then still whole.

        Does nothing when another process has saved a later revision with the same encoder. A revision later than the
        store's own, when that is asked for, is of a store that is gone (a backup was put back) and is replaced.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with self._locked():
            before = self._previous()
            same = (before.get("format"), before.get("encoder")) == (FORMAT, snapshot.encoder_id)
            later = same and before["revision"] > snapshot.revision
            if later and (store_revision is None or before["revision"] <= store_revision()):
                return
            manifest = self._write_parts(snapshot)
            manifest["checksum"] = _checksum_of(manifest)
            text = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
            _sync(self.folder)  # the parts are there before the manifest names them
            self._put(lambda path: path.write_bytes(text), lambda _: MANIFEST)
            _sync(self.folder)
            self._discard(set(manifest["files"]))

    def _previous(self) -> dict[str, Any]:
        try:
            return self._manifest()
        except IndexUnusable:
            return {}

    def _write_parts(self, snapshot: Snapshot) -> dict[str, Any]:
        slots = json.dumps(snapshot.roster.ids, ensure_ascii=False).encode()
        manifest: dict[str, Any] = {
            "format": FORMAT,
            "encoder": snapshot.encoder_id,
            "dimension": snapshot.phrasings.dim,
            "revision": snapshot.revision,
            "counts": {"entries": len(snapshot.roster.slots), **{side: len(snapshot.index(side)) for side in SIDES}},
            "slots": self._put_bytes(slots, "slots", "json"),
            **{side: self._save_side(side, snapshot.index(side)) for side in SIDES},
        }
        names = [manifest["slots"], *(name for side in SIDES for name in manifest[side].values())]
        manifest["files"] = {name: self._sound[name] for name in names}
        return manifest

    def _save_side(self, side: Side, index: VectorIndex) -> dict[str, str]:
        base = self._saved_base(side, index.base) or {
            "base": self._put(index.base.write, lambda sha: f"{side}-base-{sha[:16]}.faiss"),
            "rows": self._put_arrays(f"{side}-rows", index.base.rows),
        }
        self._bases[side] = (index.base, base)
        alive = np.packbits(index.base_alive)
        delta = self._put_arrays(f"{side}-delta", index.delta.rows, vectors=index.delta.vectors(), alive=alive)
        return {**base, "delta": delta}

    def _saved_base(self, side: Side, segment: Segment) -> dict[str, str] | None:
        saved, names = self._bases.get(side, (None, {}))
        if saved is not segment or not all(self._path(name).exists() for name in names.values()):
            return None
        for name in names.values():
            os.utime(self._path(name))
        return names

    def _put_arrays(self, stem: str, rows: Rows, **more: NDArray[Any]) -> str:
        buffer = io.BytesIO()
        arrays: dict[str, Any] = {"owners": rows.owners, "positions": rows.positions, "digests": rows.digests, **more}
        np.savez(buffer, **arrays)
        return self._put_bytes(buffer.getvalue(), stem, "npz")

    def _put_bytes(self, content: bytes, stem: str, suffix: str) -> str:
        name = f"{stem}-{sha256(content).hexdigest()[:16]}.{suffix}"
        if name in self._sound and self._path(name).exists():
            return name
        return self._put(lambda path: path.write_bytes(content), lambda _: name)

    def _put(self, write: Callable[[Path], object], name_of: Callable[[str], str]) -> str:
        """Write to a temporary file, force it to disk, and give it the name made of its checksum."""
        handle, temporary = tempfile.mkstemp(prefix="new-", dir=self.folder)
        os.close(handle)
        path = Path(temporary)
        try:
            write(path)
            _sync(path)
            checksum = self._sha(path.name)
            name = name_of(checksum)
            path.replace(self.folder / name)
        except RuntimeError as error:  # FAISS's word for a full disk
            raise OSError(str(error)) from error
        finally:
            path.unlink(missing_ok=True)
        self._sound[name] = checksum
        return name

    def _sha(self, name: str) -> str:
        with self._path(name).open("rb") as file:
            return file_digest(file, "sha256").hexdigest()

    def _discard(self, used: set[str]) -> None:
        """Remove files of earlier saves; another process's base segments only when it has not used them for long."""
        for path in self.folder.iterdir():
            is_base = "-base-" in path.name or "-rows-" in path.name
            is_recent = time.time() - path.stat().st_mtime < UNUSED_SECONDS
            if path.name not in {MANIFEST, LOCK, *used} and not (is_base and is_recent):
                path.unlink(missing_ok=True)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """One saving process at a time; the lock goes with the process, however it ends."""
        with (self.folder / LOCK).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _rows(arrays: dict[str, NDArray[Any]]) -> Rows:
    return Rows(arrays["owners"], arrays["positions"], arrays["digests"])


def _checksum_of(manifest: dict[str, Any]) -> str:
    return sha256(json.dumps(manifest, sort_keys=True).encode()).hexdigest()


def _require(kind: str, what: str, found: object, wanted: object) -> None:
    if found != wanted:
        raise IndexUnusable(kind, f"{what} is {found!r}, not {wanted!r}")
