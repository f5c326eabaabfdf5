"""Wire documents of imports: what was found in a file, how to import it, and how far that is."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from assistant.service.imports import Import, State, Step
from assistant.service.schemas import ProblemField
from knowledge.entries import Kind, Status
from knowledge.exchange.preview import Preview
from knowledge.import_checks import Policy
from knowledge.importing import RowOutcome, RowReport


class ImportColumn(BaseModel):
    """A column of a table; `field` is what was guessed that it holds, null when nothing is read from it."""

    letter: str
    heading: str
    field: str | None
    samples: list[str]


class ImportField(BaseModel):
    """Something that a column can hold, under the heading that our own tables have for it."""

    field: str
    heading: str


class ImportFile(BaseModel):
    """An uploaded file before it is imported; `mapping` is the guess, to be sent back as it is or set right."""

    id: str
    filename: str
    format: str
    columns: list[ImportColumn]
    fields: list[ImportField]
    mapping: dict[str, str | None]
    sample: list[dict[str, str]]


class ImportDefaults(BaseModel):
    """Values for rows that leave a field empty."""

    model_config = ConfigDict(extra="forbid")

    kind: Kind | None = None
    intent: str | None = None
    status: Status | None = None


class ImportOptions(BaseModel):
    """How a file is to be imported. `mapping`: a column by letters (“B列”) or heading → field, null: leave it out."""

    model_config = ConfigDict(extra="forbid")

    mapping: dict[str, str | None] = Field(default_factory=dict, max_length=400)
    defaults: ImportDefaults = ImportDefaults()
    policy: Policy = Field(default="update", description="What becomes of entries that are there already")
    keep_going: bool = Field(default=False, description="Store the good rows though others are bad")


class ImportedRow(BaseModel):
    """What became, or would become, of one row; `passed_over`: it is there already and stays as it is."""

    number: int
    entry_id: str | None
    outcome: RowOutcome
    passed_over: bool
    problems: list[ProblemField]


class ImportCounts(BaseModel):
    """read = created + updated + unchanged + failed; `skipped` of the failed had nothing wrong with them.

    `rows` is a part of those asked for, of which there are `rows_total`.
    """

    read: int
    created: int
    updated: int
    unchanged: int
    failed: int
    skipped: int
    notes: list[str]
    rows: list[ImportedRow]
    rows_total: int


class ImportProgress(BaseModel):
    """How far an import is. `detail` says why it ended in an error; `total` is null while nobody knows it."""

    id: str
    filename: str
    shop_id: str
    state: State
    step: Step | None
    done: int
    total: int | None
    detail: str | None
    report: ImportCounts | None


Outcomes = Literal["failed", "not_stored"]


def file_document(kept: Import, preview: Preview) -> ImportFile:
    """What the uploader chooses from."""
    return ImportFile(
        id=kept.id,
        filename=kept.filename,
        format=preview.format,
        columns=[
            ImportColumn(letter=one.letter, heading=one.heading, field=one.place, samples=each.samples)
            for each in preview.columns
            for one in (each.column,)
        ],
        fields=[ImportField(field=place, heading=heading) for place, heading in preview.fields],
        mapping={f"{each.column.letter}列": each.column.place for each in preview.columns},
        sample=preview.sample,
    )


def progress_document(one: Import, outcomes: Outcomes | None, limit: int, offset: int) -> ImportProgress:
    """How far an import is, with the rows of those outcomes (None: all) from `offset`."""
    return ImportProgress(**_far(one), report=_report(one, outcomes, limit, offset))


def _far(one: Import) -> dict[str, Any]:
    names = ("id", "filename", "shop_id", "state", "step", "done", "total", "detail")
    return {name: getattr(one, name) for name in names}


def _report(one: Import, outcomes: Outcomes | None, limit: int, offset: int) -> ImportCounts | None:
    report = one.report
    if report is None or one.busy:
        return None
    wanted = {"failed": ("failed",), "not_stored": ("failed", "skipped"), None: None}[outcomes]
    rows = [row for row in report.rows if wanted is None or row.outcome in wanted]
    counts = {name: getattr(report, name) for name in ("read", "created", "updated", "unchanged", "failed", "skipped")}
    shown = [_row(row) for row in rows[offset : offset + limit]]
    return ImportCounts(**counts, notes=list(one.notes), rows=shown, rows_total=len(rows))


def _row(row: RowReport) -> ImportedRow:
    problems = [ProblemField(field=each.field, reason=each.reason, remedy=each.remedy) for each in row.problems]
    return ImportedRow(
        number=row.number, entry_id=row.entry_id, outcome=row.outcome, passed_over=row.passed_over, problems=problems
    )
