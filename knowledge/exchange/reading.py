"""One door for files of entries, whatever their format: `open_rows`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from knowledge.errors import ImportFailed
from knowledge.exchange import jsonl
from knowledge.exchange.csv_table import read_csv
from knowledge.exchange.rows import Row
from knowledge.exchange.table import Column, Mapped, Table
from knowledge.exchange.table_rows import TableRows
from knowledge.exchange.xlsx_safety import OLE, ZIP
from knowledge.exchange.xlsx_table import read_xlsx
from knowledge.known_entries import KnownEntries

Format = Literal["csv", "xlsx", "jsonl"]
FORMATS: Mapping[str, Format] = {
    ".csv": "csv", ".tsv": "csv", ".txt": "csv", ".xlsx": "xlsx", ".xlsm": "xlsx", ".xls": "xlsx", ".et": "xlsx",
    ".jsonl": "jsonl", ".ndjson": "jsonl",
}  # fmt: skip


@dataclass(frozen=True)
class OpenedFile:
    """A file of entries: its rows, read as they are consumed, and for a table its columns.

    `notes` says what of the file is not imported; it is complete once the rows are read.
    """

    format: Format
    rows: Iterator[Row]
    columns: tuple[Column, ...] = ()
    notes: list[str] = field(default_factory=list)


def open_rows(
    source: Path | bytes,
    filename: str,
    *,
    mapping: Mapped | None = None,
    defaults: Mapping[str, Any] | None = None,
    known: KnownEntries | None = None,
) -> OpenedFile:
    """Open a file by what it holds, its name only where that does not tell.

    `mapping` sets columns of a table right, `defaults` fill fields that a row leaves out, `known` are the entries
    that a table's missing columns leave as they are. Raises ImportFailed, and so do the rows.
    """
    data = read_bytes(source)
    kind = format_of(data, filename)
    if kind == "jsonl":
        if mapping:
            raise ImportFailed(".jsonl 没有列，不能指定列和字段的对应。")
        return OpenedFile(kind, jsonl.read_rows(data, defaults))
    rows = TableRows(open_table(data, filename, mapping), defaults or {}, known or KnownEntries())
    return OpenedFile(kind, iter(rows), rows.table.columns, rows.notes)


def open_table(data: bytes, filename: str, mapping: Mapped | None = None) -> Table:
    """The table of a .csv or .xlsx before its rows are understood; raises ImportFailed."""
    return read_xlsx(data, mapping) if format_of(data, filename) == "xlsx" else read_csv(data, mapping)


def read_bytes(source: Path | bytes) -> bytes:
    """A file's bytes; raises ImportFailed naming the file."""
    if isinstance(source, bytes):
        return source
    try:
        return source.read_bytes()
    except FileNotFoundError as error:
        raise ImportFailed(f"没有文件 {source}，请检查路径。") from error
    except IsADirectoryError as error:
        raise ImportFailed(f"{source} 是一个文件夹，请指定 .csv、.xlsx 或 .jsonl 文件。") from error
    except OSError as error:
        raise ImportFailed(f"读不了 {source}：{error.strerror}，请检查文件和权限。") from error


def format_of(data: bytes, filename: str) -> Format:
    """The format of a file's bytes; raises ImportFailed for one that is none of ours."""
    if data.startswith((ZIP, OLE)):
        return "xlsx"
    ending = Path(filename).suffix.lower()
    named = FORMATS.get(ending)
    start = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:512]
    if start.startswith((b"%PDF", b"<")):
        raise ImportFailed(f"{filename} 不是表格文件；请在 Excel 或 WPS 里另存为 .xlsx 或 .csv 后再导入。")
    if named is None and filename not in ("", "-"):
        raise ImportFailed(f"{filename} 的格式不认识；请用 .csv、.xlsx 或 .jsonl 文件。")
    if named is None:
        named = "jsonl" if start.startswith(b"{") or not start else "csv"
    if named == "xlsx":  # by name only: some shops' systems call a text table .xls
        if ending == ".xlsx":
            raise ImportFailed(f"{filename} 不是 .xlsx，或没有传完整；请在 Excel 或 WPS 里另存为 .xlsx 后再导入。")
        return "csv"
    return named
