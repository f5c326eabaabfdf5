"""A file of entries into the knowledge base: a report row by row, one transaction for the whole file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from knowledge.changes import Changes, Written
from knowledge.entries import EntryDraft
from knowledge.errors import Problem
from knowledge.exchange.rows import Row
from knowledge.import_checks import Checked, ImportChecks, Permit, Policy
from knowledge.known_entries import KnownEntries

RowOutcome = Literal["created", "updated", "unchanged", "failed", "skipped"]

SKIPPED = Problem(
    "本行",
    "没有问题，但文件里有错误的行，所以没有写入",
    "请改正出错的行后重新导入整个文件，或选择跳过出错的行（命令行加 --keep-going）",
)


class Write(Protocol):
    """What stores the drafts, all or nothing: `KnowledgeBase.write` or `Store.write`."""

    def __call__(self, changes: Changes, /, *, expected: Mapping[str, int]) -> Written:
        """`expected` are the versions that the rows were compared with."""


@dataclass(frozen=True)
class RowReport:
    """What became of one row. `skipped`: nothing wrong with it, but another row kept the file from being stored.

    `passed_over`: the entry is there already, and the policy leaves it as it is; such a row is `unchanged`.
    """

    number: int
    entry_id: str | None
    outcome: RowOutcome
    problems: tuple[Problem, ...] = ()
    passed_over: bool = False


@dataclass(frozen=True)
class ImportReport:
    """Every row of the file in order, and the revision after it (None when nothing was to be stored or it was a trial).

    `read == created + updated + unchanged + failed` always holds: `failed` counts every row that did not get into
    the store, and `skipped` says how many of those had nothing wrong with them.
    """

    rows: tuple[RowReport, ...]
    revision: int | None = None

    @property
    def read(self) -> int:
        """Rows in the file, blank lines aside."""
        return len(self.rows)

    @property
    def created(self) -> int:
        """Rows that made a new entry."""
        return self._count("created")

    @property
    def updated(self) -> int:
        """Rows that made a new version of an entry."""
        return self._count("updated")

    @property
    def unchanged(self) -> int:
        """Rows equal to the stored entry, and those that the policy passes over."""
        return self._count("unchanged")

    @property
    def failed(self) -> int:
        """Rows that are not in the store: those with problems, and the skipped ones."""
        return self._count("failed") + self.skipped

    @property
    def skipped(self) -> int:
        """Good rows that were not stored because others are bad; always 0 with `keep_going`."""
        return self._count("skipped")

    def _count(self, outcome: RowOutcome) -> int:
        return sum(row.outcome == outcome for row in self.rows)


def import_rows(
    rows: Iterable[Row],
    write: Write | None,
    validate: Callable[[EntryDraft], Iterable[Problem]],
    keep_going: bool = False,
    on_progress: Callable[[int], None] | None = None,
    *,
    known: KnownEntries | None = None,
    policy: Policy = "update",
    permit: Permit | None = None,
) -> ImportReport:
    """Check every row, then store the good ones in one write: all or nothing, or with `keep_going` without the bad.

    Without `write` it is a trial: the report says what would become of each row, and nothing is stored. `known` are
    the entries that `policy` is about: they are updated, skipped or refused. `permit` says what is wrong with storing
    a draft in the place of an entry. `on_progress` is told how many rows have been checked. Errors of reading and of
    writing pass through; then nothing was stored.
    """
    checks = ImportChecks(validate, known or KnownEntries(), policy, permit)
    checked: list[Checked] = []
    for row in rows:
        checked.append(checks.row(row))
        if on_progress:
            on_progress(len(checked))
    checked = checks.together(checked)
    if any(row.problems for row in checked) and not keep_going:
        return ImportReport(tuple(_refused(row) for row in checked))
    if write is None:
        return ImportReport(tuple(_foreseen(row) for row in checked))
    storing = [row for row in checked if row.draft]
    expected = {row.stored.id: row.stored.version for row in storing if row.stored}
    if known is not None:  # version 0: nobody else may have made it since
        expected = {row.draft.id: 0 for row in storing if row.draft and row.draft.id} | expected
    changes = Changes(drafts=[row.draft for row in storing if row.draft])
    written = write(changes, expected=expected) if storing else None
    return ImportReport(tuple(_stored(checked, written)), written.revision if written else None)


def _refused(row: Checked) -> RowReport:
    if row.problems:
        return RowReport(row.number, row.entry_id, "failed", row.problems)
    if row.draft is None or row.foreseen == "unchanged":
        return _foreseen(row)
    return RowReport(row.number, row.entry_id, "skipped", (SKIPPED,))


def _foreseen(row: Checked) -> RowReport:
    if row.problems:
        return RowReport(row.number, row.entry_id, "failed", row.problems)
    return RowReport(row.number, row.entry_id, row.foreseen, passed_over=row.draft is None)


def _stored(rows: Sequence[Checked], written: Written | None) -> Iterator[RowReport]:
    saved = iter(written.saved if written else ())
    for row in rows:
        if row.draft is None:
            yield _foreseen(row)
            continue
        one = next(saved)
        if one.outcome != "deleted":  # a draft never is; this tells the type checker
            yield RowReport(row.number, one.entry_id, one.outcome)
