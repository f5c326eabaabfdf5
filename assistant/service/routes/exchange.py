"""Knowledge in and out as files: upload, try, import in the background, and download; templates."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import IO, Annotated, Any, Literal
from urllib.parse import quote

from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends, Query, Request, Response

from assistant.service.access import Principal, allow
from assistant.service.deps import PartsDep, StoreDep
from assistant.service.import_schemas import (
    ImportFile,
    ImportOptions,
    ImportProgress,
    Outcomes,
    file_document,
    progress_document,
)
from assistant.service.import_work import ImportOrder, import_work
from assistant.service.imports import Import, Imports
from knowledge.errors import WrongState
from knowledge.exchange.failed_rows import write_failed_rows
from knowledge.exchange.preview import preview_of
from knowledge.exchange.reading import Format
from knowledge.exchange.template import write_template
from knowledge.exchange.writing import write_entries

router = APIRouter(prefix="/v1", tags=["exchange"])
Writer = Annotated[Principal, allow("knowledge.write")]
MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/jsonl; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_BYTES = {"schema": {"type": "string", "format": "binary"}}
_RAW = {"requestBody": {"required": True, "content": {"application/octet-stream": _BYTES}}}
_FILE: dict[int | str, dict[str, Any]] = {200: {"content": {media.split(";")[0]: _BYTES for media in MEDIA.values()}}}


def _imports(request: Request) -> Imports:
    imports: Imports = request.app.state.imports
    return imports


ImportsDep = Annotated[Imports, Depends(_imports)]


def _one(import_id: str, who: Writer, imports: ImportsDep) -> Import:
    return imports.get(import_id, who.sees)


ImportDep = Annotated[Import, Depends(_one)]


@router.get("/entries/export", response_class=Response, responses=_FILE)
def export_entries(
    who: Annotated[Principal, allow("knowledge.read")],
    store: StoreDep,
    kind: Annotated[Format, Query(alias="format")] = "xlsx",
    shop_id: Annotated[str | None, Query(description="That shop's entries and the shared ones; default all")] = None,
    shared: Annotated[bool, Query(description="With the entries that all shops share")] = True,
) -> Response:
    """Every entry as a file that imports back to the same."""
    shop = who.shops(shop_id)
    entries = (one for one in store.every_entry() if _wanted(one.shop_id, shop, shared))
    return _download(f"xiaoer-{shop or 'all'}-{date.today():%Y%m%d}", kind, partial(write_entries, entries, kind))


@router.get("/imports/template", dependencies=[allow("knowledge.write")], response_class=Response, responses=_FILE)
def import_template(kind: Annotated[Literal["csv", "xlsx"], Query(alias="format")] = "xlsx") -> Response:
    """A table to fill in: headings, examples, and how each column is written."""
    return _download("xiaoer-template", kind, lambda stream: write_template(stream, kind))


@router.post("/imports", status_code=201, openapi_extra=_RAW)
async def upload(
    request: Request,
    who: Writer,
    parts: PartsDep,
    imports: ImportsDep,
    filename: Annotated[str, Query(min_length=1, max_length=255, description="With its ending: .csv .xlsx .jsonl")],
    shop_id: Annotated[str | None, Query(description="The shop of rows that name none")] = None,
) -> ImportFile:
    """Keep a file, the request's body as it is, and tell what its columns seem to be."""
    shop = who.shop(shop_id, parts.settings.default_shop)
    data = await request.body()
    return await run_sync(_kept, imports, shop, filename, data)


@router.get("/imports/{import_id}")
def read_import(
    one: ImportDep,
    outcome: Annotated[Outcomes | None, Query(description="Only rows that failed, or all that were not stored")] = None,
    limit: Annotated[int, Query(ge=0, le=5_000)] = 500,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> ImportProgress:
    """How far the work on an import is, and its report once it has ended."""
    return progress_document(one, outcome, limit, offset)


@router.post("/imports/{import_id}/check", status_code=202)
def check_import(
    one: ImportDep, options: ImportOptions, who: Writer, parts: PartsDep, imports: ImportsDep
) -> ImportProgress:
    """Begin to check every row, and store nothing. 409 while an import of the shop is worked on."""
    imports.start(one, "checking", import_work(parts, _order(who, options), trial=True))
    return progress_document(one, None, 0, 0)


@router.post("/imports/{import_id}/run", status_code=202)
def run_import(
    one: ImportDep, options: ImportOptions, who: Writer, parts: PartsDep, imports: ImportsDep
) -> ImportProgress:
    """Begin to import: everything or nothing, or with `keep_going` what is good. 409 as for `check`."""
    imports.start(one, "running", import_work(parts, _order(who, options), trial=False))
    return progress_document(one, None, 0, 0)


@router.get("/imports/{import_id}/failed-rows", response_class=Response, responses=_FILE)
def failed_rows(one: ImportDep) -> Response:
    """The rows that failed as .csv, with the reasons beside them.

    With `keep_going` a table of them can be mended and imported. Without it nothing was stored: the good rows are not
    in it, so it is the whole file that is mended and imported.
    """
    if one.report is None:
        raise WrongState("还没有检查过这个文件，请先试导入。")
    one.require_file()
    failed = {row.number: row.problems for row in one.report.rows if row.outcome == "failed"}
    data = one.path.read_bytes()
    return _download(
        "xiaoer-failed-rows", "csv", lambda stream: write_failed_rows(data, one.filename, one.mapping, failed, stream)
    )


@router.delete("/imports/{import_id}", status_code=204)
def remove_import(one: ImportDep, imports: ImportsDep) -> None:
    """Forget an uploaded file; work on it stops unless it is being stored already."""
    imports.remove(one)


def _kept(imports: Imports, shop: str, filename: str, data: bytes) -> ImportFile:
    preview = preview_of(data, filename)
    return file_document(imports.add(shop, filename, data), preview)


def _order(who: Principal, options: ImportOptions) -> ImportOrder:
    defaults = options.defaults.model_dump(exclude_none=True)
    return ImportOrder(who, options.mapping, defaults, options.policy, options.keep_going)


def _wanted(shop_id: str | None, shop: str | None, shared: bool) -> bool:
    return shared if shop_id is None else shop in (None, shop_id)


def _download(name: str, kind: str, write: Callable[[IO[bytes]], Any]) -> Response:
    stream = io.BytesIO()
    write(stream)
    disposition = f"attachment; filename*=UTF-8''{quote(f'{name}.{kind}', safe='')}"
    headers = {"Content-Disposition": disposition, "Cache-Control": "no-store"}
    return Response(stream.getvalue(), media_type=MEDIA[kind], headers=headers)
