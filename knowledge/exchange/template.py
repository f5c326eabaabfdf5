"""The template to download: the headings, some example rows, and how each column is filled in."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import IO, Any

from knowledge.exchange.csv_table import write_rows
from knowledge.exchange.table_columns import field_at, heading_of, places
from knowledge.exchange.xlsx_workbook import write_sheet
from models.data_files import read_data


def write_template(stream: IO[bytes], kind: str) -> None:
    """Write the template as `csv` or `xlsx`; it can be imported as it is, and its examples are drafts."""
    headings = [heading_of(place) for place in places(_template()["answers"])]
    rows = [[example.get(heading, "") for heading in headings] for example in _template()["examples"]]
    if kind == "xlsx":
        write_sheet(headings, rows, stream)
    else:
        write_rows([*_explanations(headings), headings, *rows], stream)


def _explanations(headings: Sequence[str]) -> list[list[str]]:
    """A table without sheets says above the headings what goes below them."""
    return [[_template()["remark"]], [field_at(heading).how for heading in headings]]


@cache
def _template() -> dict[str, Any]:
    template: dict[str, Any] = read_data("knowledge", "table_template.yaml")
    return template
