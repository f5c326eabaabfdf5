"""Evaluations that were run: their progress while they run, their numbers, results and reports afterwards.

A shop has one under way at most, in whichever process. One that nobody has heard of for a while ended with its process
and is told to have failed, by whoever looks next.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, Row, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from knowledge.audit import Author, Change, put_records
from knowledge.database import Database
from knowledge.errors import RecordNotFound, WrongState
from knowledge.evaluation_tables import evaluation_documents, evaluations
from knowledge.records.moments import moment, now, stamp
from knowledge.storable import is_storable, require_storable

KEPT = 50  # of each shop
SILENT = timedelta(minutes=3)  # longer than any step takes without progress
_ENDED_ALONE = "服务中途停止或重启，这次测评没有做完。请重新运行。"

Source = Literal["tests", "upload", "own"]
State = Literal["running", "done", "failed"]
_ROW = evaluations.c


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One run; `file` is the name of an uploaded file, `numbers` the headline metrics once it is done."""

    id: int
    shop_id: str
    name: str
    source: Source
    file: str | None
    state: State
    step: str | None
    done: int
    total: int
    cases: int
    numbers: Mapping[str, float | None]
    knowledge_revision: int | None
    error: str | None
    author: str
    created_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Documents:
    """What came of a run: the result as JSON, the report as a page, and the policy under which it may be shown."""

    result: str
    report: str
    policy: str


class Evaluations:
    """The evaluations of all shops."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, shop_id: str, name: str, source: Source, file: str | None, cases: int, by: Author) -> Evaluation:
        """Begin a run; raises WrongState while another one of the shop is running."""
        require_storable({"shop_id": shop_id, "name": name, **({"file": file} if file else {})})
        at = stamp(now())
        row = {
            "shop_id": shop_id, "name": name, "source": source, "file": file, "state": "running", "done": 0,
            "total": 0, "cases": cases, "numbers": "{}", "author": by.name, "created_at": at, "heard_at": at,
        }  # fmt: skip
        try:
            with self._database.writing() as connection:
                _give_up_silent(connection)
                begun = _evaluation(connection.execute(insert(evaluations).returning(*_ROW), row).one())
                put_records(connection, by, [_change("start", begun, after={"name": name, "source": source})])
                return begun
        except IntegrityError as error:
            raise WrongState("这个店铺已有一次测评在运行，请等它做完，或先停止它。") from error

    def progress(self, evaluation_id: int, step: str, done: int, total: int) -> bool:
        """Tell how far a run is; False when it is no longer wanted."""
        here = update(evaluations).where(_ROW.id == evaluation_id, _ROW.state == "running")
        with self._database.writing() as connection:
            values = {"step": step, "done": done, "total": total, "heard_at": stamp(now())}
            return connection.execute(here.values(**values)).rowcount > 0

    def finish(
        self, evaluation_id: int, documents: Documents, numbers: Mapping[str, float | None], revision: int | None
    ) -> None:
        """Keep what came of a run, and of its shop the last `KEPT` runs; nothing for one that was stopped."""
        with self._database.writing() as connection:
            values = {"numbers": json.dumps(dict(numbers)), "knowledge_revision": revision}
            if not _end(connection, evaluation_id, "done", **values):
                return
            packed = {
                "evaluation_id": evaluation_id,
                "result": zlib.compress(documents.result.encode()),
                "report": zlib.compress(documents.report.encode()),
                "policy": documents.policy,
            }
            connection.execute(insert(evaluation_documents), packed)
            _forget_old(connection, evaluation_id)

    def fail(self, evaluation_id: int, error: str) -> None:
        """Say why a run came to nothing."""
        with self._database.writing() as connection:
            _end(connection, evaluation_id, "failed", error=error)
            _forget_old(connection, evaluation_id)

    def list(self, shop_id: str) -> list[Evaluation]:
        """The shop's runs, newest first."""
        if not is_storable(shop_id):
            return []
        self._notice_silent()
        with self._database.reading() as connection:
            query = select(evaluations).where(_ROW.shop_id == shop_id).order_by(_ROW.id.desc()).limit(KEPT)
            return [_evaluation(row) for row in connection.execute(query)]

    def get(self, evaluation_id: int) -> Evaluation:
        """One run; raises RecordNotFound."""
        self._notice_silent()
        with self._database.reading() as connection:
            row = connection.execute(select(evaluations).where(_ROW.id == evaluation_id)).one_or_none()
        if row is None:
            raise RecordNotFound("测评", evaluation_id)
        return _evaluation(row)

    def documents(self, evaluation_id: int) -> Documents:
        """What came of a run; raises RecordNotFound where nothing has."""
        with self._database.reading() as connection:
            columns = evaluation_documents.c
            query = select(evaluation_documents).where(columns.evaluation_id == evaluation_id)
            row = connection.execute(query).one_or_none()
        if row is None:
            raise RecordNotFound("测评报告", evaluation_id)
        return Documents(zlib.decompress(row.result).decode(), zlib.decompress(row.report).decode(), row.policy)

    def remove(self, evaluation_id: int, by: Author) -> None:
        """Throw a run away; one that is under way stops at its next step."""
        with self._database.writing() as connection:
            removed = delete(evaluations).where(_ROW.id == evaluation_id).returning(*_ROW)
            gone = connection.execute(removed).one_or_none()
            if gone:
                run = _evaluation(gone)
                put_records(connection, by, [_change("delete", run, before={"name": run.name})])

    def _notice_silent(self) -> None:
        """Write only where there is something to write: looking happens every second while a run is watched."""
        silent = select(_ROW.id).where(_ROW.state == "running", _ROW.heard_at < stamp(now() - SILENT)).limit(1)
        with self._database.reading() as connection:
            found = connection.execute(silent).first()
        if found:
            with self._database.writing() as connection:
                _give_up_silent(connection)


def _change(action: str, run: Evaluation, before: Any = None, after: Any = None) -> Change:
    return Change(f"evaluation.{action}", str(run.id), run.shop_id, before, after)


def _give_up_silent(connection: Connection) -> None:
    silent = update(evaluations).where(_ROW.state == "running", _ROW.heard_at < stamp(now() - SILENT))
    connection.execute(silent.values(state="failed", error=_ENDED_ALONE, ended_at=stamp(now())))


def _end(connection: Connection, evaluation_id: int, state: State, **values: Any) -> bool:
    """Whether the run was still under way."""
    here = update(evaluations).where(_ROW.id == evaluation_id, _ROW.state == "running")
    return connection.execute(here.values(state=state, step=None, ended_at=stamp(now()), **values)).rowcount > 0


def _forget_old(connection: Connection, evaluation_id: int) -> None:
    shop = select(_ROW.shop_id).where(_ROW.id == evaluation_id).scalar_subquery()
    kept = select(_ROW.id).where(_ROW.shop_id == shop).order_by(_ROW.id.desc()).limit(KEPT)
    ids = connection.scalars(kept).all()
    connection.execute(delete(evaluations).where(_ROW.shop_id == shop, _ROW.state != "running", _ROW.id.not_in(ids)))


def _evaluation(row: Row[Any]) -> Evaluation:
    same = {name: getattr(row, name) for name in Evaluation.__slots__}
    times = {"created_at": moment(row.created_at), "ended_at": moment(row.ended_at)}
    return Evaluation(**{**same, **times, "numbers": json.loads(row.numbers)})
