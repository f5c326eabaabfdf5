"""One door for entries into a file of any format: `write_entries`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO

from knowledge.entries import Entry
from knowledge.exchange.csv_table import write_csv
from knowledge.exchange.jsonl import dump_entries
from knowledge.exchange.reading import Format
from knowledge.exchange.xlsx_workbook import write_xlsx


def write_entries(entries: Iterable[Entry], kind: Format, stream: IO[bytes]) -> int:
    """Write entries and return how many; importing what was written changes nothing."""
    if kind == "jsonl":
        return dump_entries(entries, stream)
    return write_xlsx(entries, stream) if kind == "xlsx" else write_csv(entries, stream)
