"""Writing knowledge as `.xlsx`: the entries on one sheet, and sheets that tell how to fill it in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import IO, Any

from knowledge.entries import Entry
from knowledge.errors import ImportFailed
from knowledge.exchange.cell_conditions import condition_names
from knowledge.exchange.table_cells import table_cells
from knowledge.exchange.table_columns import answer_parts, code_names, entry_fields, field_at
from knowledge.placeholders import fields
from models.intents import intents, phases

SHEET = "知识"
LONGEST_CELL = 32_767  # what spreadsheet programs keep of a cell, in units of UTF-16


def write_xlsx(entries: Iterable[Entry], stream: IO[bytes]) -> int:
    """Write entries and return how many; raises ImportFailed for a text that no cell can hold."""
    headings, cells = table_cells(list(entries), typed=True)
    rows = list(cells)
    _require_fitting(rows)  # before the workbook is begun, which could not be left half-way
    return write_sheet(headings, rows, stream)


def write_sheet(headings: Sequence[str], rows: Iterable[Sequence[str]], stream: IO[bytes]) -> int:
    """Write rows of safe cells under headings, with the sheets of explanations, and return how many rows."""
    from openpyxl import Workbook

    workbook = Workbook(write_only=True)
    count = _write_entries(workbook, headings, rows)
    _write_guide(workbook, "说明", ["列", "怎么填"], _columns())
    _write_guide(workbook, "意图", ["编码和名称", "阶段", "包括"], _intents())
    _write_guide(workbook, "条件", ["条件名", "可用的值", "意思"], _conditions())
    workbook.save(stream)
    return count


def _write_entries(workbook: Any, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> int:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    sheet = workbook.create_sheet(SHEET)
    sheet.freeze_panes = "A2"
    for number, heading in enumerate(headings, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = field_at(heading).width
    _offer_choices(sheet, headings)
    cells = [WriteOnlyCell(sheet) for _ in headings]
    for cell in cells:
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="E6F1EE")
    sheet.append(_filled(cells, headings))
    cells = [WriteOnlyCell(sheet) for _ in headings]
    for cell in cells:
        cell.alignment, cell.number_format = Alignment(wrap_text=True, vertical="top"), "@"
    count = 0
    for row in rows:
        sheet.append(_filled(cells, row))
        count += 1
    return count


def _require_fitting(rows: Iterable[Sequence[str]]) -> None:
    for text in chain.from_iterable(rows):
        if len(text) > LONGEST_CELL // 2 and len(text.encode("utf-16-le")) > 2 * LONGEST_CELL:
            raise ImportFailed(f"“{text[:20]}…”太长，Excel 的一格放不下；请改导出为 .jsonl。")


def _filled(cells: Sequence[Any], row: Sequence[str]) -> list[Any]:
    """The same cells for every row, which is written before the next: making new ones takes most of the time."""
    for cell, text in zip(cells, row, strict=True):
        cell.value = text
    return [cell if cell.value else None for cell in cells]


def _offer_choices(sheet: Any, headings: Sequence[str]) -> None:
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    choices = {field: f'"{",".join(code_names(field).values())}"' for field in ("kind", "status", "authority")}
    choices["intent"] = f"意图!$A$2:$A${len(intents()) + 1}"
    for number, heading in enumerate(headings, start=1):
        if source := choices.get(field_at(heading).name):
            letter = get_column_letter(number)
            offered = DataValidation("list", formula1=source, allow_blank=True, showErrorMessage=False)
            offered.add(f"{letter}2:{letter}1048576")
            sheet.data_validations.append(offered)


def _write_guide(workbook: Any, title: str, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font

    sheet = workbook.create_sheet(title)
    sheet.freeze_panes = "A2"
    for letter, width in zip("ABC", (30, 44, 80), strict=True):
        sheet.column_dimensions[letter].width = width
    for number, row in enumerate([headings, *rows]):
        cells = [WriteOnlyCell(sheet, text) for text in row]
        for cell in cells:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.font = Font(bold=number == 0)
        sheet.append(cells)


def _columns() -> Iterator[Sequence[str]]:
    for field in entry_fields().values():
        yield field.heading, field.how
    for part in answer_parts().values():
        yield f"{part.heading}1、{part.heading}2……", part.how


def _intents() -> Iterator[Sequence[str]]:
    for intent in intents().values():
        yield f"{intent.code} {intent.zh}", phases()[intent.phase], intent.note


def _conditions() -> Iterator[Sequence[str]]:
    for path, (name, values) in condition_names().items():
        shown = "、".join(values.values()) or "已知、未知，或具体的值"
        yield name, shown, fields()[path].meaning.replace("item.attributes", "商品属性")
