"""A file of entries into the knowledge base: a report row by row, one transaction for the whole file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from knowledge.changes import Changes, Written
from knowledge.entries import EntryDraft
from knowledge.errors import Problem
from knowledge.exchange.rows import Row

RowOutcome = Literal["created", "updated", "unchanged", "failed", "skipped"]

SKIPPED = Problem(
    "本行", "没有问题，但文件里有错误的行，所以没有写入", "请改正出错的行后重新导入整个文件，或加 --keep-going"
)


@dataclass(frozen=True)
class RowReport:
    """What became of one row. `skipped`: nothing wrong with it, but another row kept the file from being stored."""

    number: int
    entry_id: str | None
    outcome: RowOutcome
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class ImportReport:
    """Every row of the file in order, and the revision after it (None when nothing was to be stored).

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
        """Rows equal to the stored entry."""
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
    write: Callable[[Changes], Written],
    validate: Callable[[EntryDraft], Iterable[Problem]],
    keep_going: bool = False,
    on_progress: Callable[[int], None] | None = None,
) -> ImportReport:
    """Check every row, then store the good ones in one write: all or nothing, or with `keep_going` without the bad.

    `on_progress` is told how many rows have been checked. Errors of reading and of writing pass through; then
    nothing was stored.
    """
    checked: list[Row] = []
    first_rows: dict[str, int] = {}
    for row in rows:
        checked.append(_checked(row, validate, first_rows))
        if on_progress:
            on_progress(len(checked))
    if any(row.problems for row in checked) and not keep_going:
        return ImportReport(tuple(_refused(row) for row in checked))
    drafts = [row.draft for row in checked if row.draft]
    written = write(Changes(drafts=drafts)) if drafts else None
    return ImportReport(tuple(_stored(checked, written)), written.revision if written else None)


def _checked(row: Row, validate: Callable[[EntryDraft], Iterable[Problem]], first_rows: dict[str, int]) -> Row:
    """The row with all its problems and then without a draft; `first_rows` remembers which row named an id first."""
    problems = [*row.problems, *(validate(row.draft) if row.draft else ())]
    entry_id = row.draft.id if row.draft else row.entry_id
    if entry_id is not None:
        first = first_rows.setdefault(entry_id, row.number)
        if first != row.number:
            problems.append(Problem("id", f"与第 {first} 行的编号 {entry_id} 重复", "请只保留一行，或换一个编号"))
    return replace(row, problems=tuple(problems), draft=None if problems else row.draft, entry_id=entry_id)


def _refused(row: Row) -> RowReport:
    if row.problems:
        return RowReport(row.number, row.entry_id, "failed", row.problems)
    return RowReport(row.number, row.entry_id, "skipped", (SKIPPED,))


def _stored(rows: Sequence[Row], written: Written | None) -> Iterable[RowReport]:
    saved = iter(written.saved if written else ())
    for row in rows:
        if row.draft is None:
            yield RowReport(row.number, row.entry_id, "failed", row.problems)
            continue
        one = next(saved)
        if one.outcome != "deleted":  # a draft never is; this tells the type checker
            yield RowReport(row.number, one.entry_id, one.outcome)
