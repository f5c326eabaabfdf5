"""Imports that were uploaded: kept until they are done with, worked on in the background, one at a time a shop."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import structlog

from knowledge.errors import KnowledgeError, RecordNotFound, WrongState
from knowledge.exchange.table import Mapped
from knowledge.importing import ImportReport
from models.errors import ModelError

log = structlog.get_logger()
KEPT = 24  # uploads of all shops; the oldest that nobody works on goes first
LEFT_BEHIND_S = 24 * 3600  # a file that old belongs to no process that still works on it
State = Literal["uploaded", "checking", "checked", "running", "done", "error"]
Step = Literal["rows", "embedding", "storing"]
_STOPPED = "导入已停止，没有写入。"
_UNEXPECTED = "服务内部出错，已记入日志，没有写入；请稍后重试。"


class Stopped(Exception):
    """Somebody stopped the work, or the service ends."""


@dataclass
class Import:
    """An uploaded file and what is being done with it. Only the thread that works on it changes what changes."""

    id: str
    shop_id: str
    filename: str
    path: Path
    state: State = "uploaded"
    step: Step | None = None
    done: int = 0
    total: int | None = None
    mapping: Mapped = field(default_factory=dict)
    report: ImportReport | None = None
    notes: Sequence[str] = ()
    detail: str | None = None
    stopping: threading.Event = field(default_factory=threading.Event)

    @property
    def busy(self) -> bool:
        """Whether it is being worked on."""
        return self.state in ("checking", "running")

    def require_file(self) -> None:
        """Raise WrongState when the file is no more: it was left for so long that another process tidied it away."""
        if not self.path.exists():
            raise WrongState("上传的文件已过期，请重新上传。")

    def advance(self, step: Step, done: int, total: int | None) -> None:
        """Note how far the work is; raises Stopped when it is to end, which nothing stored yet allows."""
        if self.stopping.is_set():
            raise Stopped
        self.step, self.done, self.total = step, done, total


class Imports:
    """Every upload by its id. Safe to use from many threads."""

    def __init__(self, folder: Path) -> None:
        """`folder` holds the files; what a crash left there is removed at a start a day or more later.

        Not at once: another process may work on it.
        """
        self._folder = folder
        self._lock = threading.Lock()
        self._all: dict[str, Import] = {}
        self._threads: list[threading.Thread] = []
        for left in folder.glob("*.upload"):
            with suppress(FileNotFoundError):  # another process that starts now is removing it too
                if time.time() - left.stat().st_mtime > LEFT_BEHIND_S:
                    left.unlink()

    def add(self, shop_id: str, filename: str, data: bytes) -> Import:
        """Keep an uploaded file."""
        one = Import(secrets.token_hex(8), shop_id, filename, self._folder / f"{secrets.token_hex(8)}.upload")
        self._folder.mkdir(parents=True, exist_ok=True)
        one.path.write_bytes(data)
        with self._lock:
            self._all[one.id] = one
            idle = [each for each in self._all.values() if not each.busy]
            for old in idle[: max(len(self._all) - KEPT, 0)]:
                self._forget(old)
        return one

    def get(self, import_id: str, sees: Callable[[str], bool]) -> Import:
        """The import of that id, if its shop is one that is seen; raises RecordNotFound."""
        one = self._all.get(import_id)
        if one is None or not sees(one.shop_id):
            raise RecordNotFound("导入", import_id)
        return one

    def start(self, one: Import, state: Literal["checking", "running"], work: Callable[[Import], None]) -> None:
        """Do the work in the background; raises WrongState while an import of the shop is worked on."""
        with self._lock:
            if any(each.busy and each.shop_id == one.shop_id for each in self._all.values()):
                raise WrongState("这个店铺正在导入另一个文件，请等它完成后再试。")
            one.state, one.step, one.done, one.total, one.detail = state, None, 0, None, None
            one.report = None
            thread = threading.Thread(target=_work, args=(one, work), name=f"import-{one.id}", daemon=True)
            self._threads = [*(each for each in self._threads if each.is_alive()), thread]
        thread.start()

    def remove(self, one: Import) -> None:
        """Stop the work on an import, unless it is being stored already, and forget it."""
        one.stopping.set()
        with self._lock:
            self._forget(one)

    def close(self) -> None:
        """Stop all work and wait for its end."""
        for one in list(self._all.values()):
            one.stopping.set()
        for thread in self._threads:
            thread.join()
        for one in list(self._all.values()):
            self.remove(one)

    def _forget(self, one: Import) -> None:
        self._all.pop(one.id, None)
        one.path.unlink(missing_ok=True)


def _work(one: Import, work: Callable[[Import], None]) -> None:
    after: State = "checked" if one.state == "checking" else "done"
    try:
        work(one)
    except Stopped:
        one.detail = _STOPPED
    except (KnowledgeError, ModelError) as error:
        one.detail = str(error)
    except Exception as error:
        log.error("import_failed", exc_info=error)
        one.detail = _UNEXPECTED
    one.step = None
    one.state = "error" if one.detail else after
