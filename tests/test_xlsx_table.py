"""`.xlsx` in and out: values not formulas, whatever program saved it, and nothing that a hostile file can do."""

from __future__ import annotations

import io
import re
import zipfile
from contextlib import suppress
from datetime import date, datetime, time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from openpyxl import Workbook, load_workbook

from knowledge.entries import Entry
from knowledge.errors import ImportFailed
from knowledge.exchange import xlsx_safety
from knowledge.exchange.reading import open_rows
from knowledge.exchange.table import GridRow, table_of
from knowledge.exchange.table_cells import table_cells
from knowledge.exchange.table_rows import TableRows
from knowledge.exchange.xlsx_workbook import LONGEST_CELL, write_xlsx
from knowledge.known_entries import KnownEntries
from tests.entry_examples import draft
from tests.table_examples import (
    HEADINGS,
    SHIP,
    any_entries,
    contents,
    csv_bytes,
    drafts_of,
    entries,
    problem,
    read,
    stored,
    xlsx_bytes,
)

FIXTURES = Path(__file__).parent / "spreadsheets"
XLSX = "表.xlsx"


def written(some: list[Entry]) -> bytes:
    stream = io.BytesIO()
    assert write_xlsx(some, stream) == len(some)
    return stream.getvalue()


def cells_of(data: bytes) -> list[tuple[object, ...]]:
    return list(load_workbook(io.BytesIO(data)).worksheets[0].iter_rows(values_only=True))


@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(any_entries)
def test_any_entries_come_back_the_same_and_are_written_the_same_again(some: list[Entry]) -> None:
    data = written(some)
    rows = read(data, XLSX)
    assert contents(rows) == drafts_of(some)
    assert cells_of(written([stored(row.draft) for row in rows if row.draft])) == cells_of(data)


@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@given(any_entries)
def test_cells_that_are_text_by_their_format_hold_any_entries(some: list[Entry]) -> None:
    headings, rows = table_cells(some, typed=True)
    grid = [GridRow(number, tuple(cells), len(cells)) for number, cells in enumerate([headings, *rows], start=1)]
    assert contents(TableRows(table_of(grid), {}, KnownEntries())) == drafts_of(some)


def test_every_cell_is_text_and_none_a_formula() -> None:
    sheet = load_workbook(io.BytesIO(written(entries("=1", title="+1", note="@a", tags=["-"])))).worksheets[0]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} == {"s"}
    assert not any(str(cell.value).startswith(("=", "+", "-", "@")) for row in sheet.iter_rows() for cell in row)


def test_the_sheets_beside_the_entries_explain_them_and_are_not_read() -> None:
    data = written(entries("a"))
    workbook = load_workbook(io.BytesIO(data))
    assert workbook.sheetnames == ["知识", "说明", "意图", "条件"]
    assert [row[0] for row in workbook["意图"].iter_rows(min_row=2, max_row=2, values_only=True)] == [
        "flow.greeting 招呼与欢迎"
    ]
    assert len(workbook["知识"].data_validations.dataValidation) == 4
    assert len(read(data, XLSX)) == 1


def test_a_text_that_no_cell_holds_is_refused_with_another_format() -> None:
    long = stored(draft("a", answers=[{"text": "好", "tone": "长" * (LONGEST_CELL + 1)}]))
    with pytest.raises(ImportFailed, match=r"太长.*jsonl"):
        written([long])


# ---- whatever program saved it


@pytest.mark.parametrize("name", ["saved.xlsx", "from_csv.xlsx"])
def test_files_saved_by_a_spreadsheet_program_hold_what_the_starter_entries_say(name: str) -> None:
    original = contents(read((FIXTURES / "original.csv").read_bytes()))
    assert contents(read((FIXTURES / name).read_bytes(), name)) == original


def test_titles_above_the_headings_empty_rows_and_columns_are_nothing() -> None:
    workbook = Workbook()
    (sheet,) = workbook.worksheets
    sheet.merge_cells("A1:F1")
    sheet["A1"] = "小店知识库"
    for number, row in ((3, HEADINGS), (5, SHIP)):
        for at, value in enumerate(row, start=2):
            sheet.cell(number, at, value)
    sheet.cell(900, 90, " ")
    stream = io.BytesIO()
    workbook.save(stream)
    (found,) = read(stream.getvalue(), XLSX)
    assert (found.number, found.entry_id) == (5, "policy-ship")


def test_the_sheet_with_the_headings_is_read_wherever_it_is_and_hidden_ones_never() -> None:
    assert len(read(xlsx_bytes(["说明"], ["随便"], 数据=[HEADINGS, SHIP]), XLSX)) == 1
    workbook = load_workbook(io.BytesIO(xlsx_bytes(["甲"], 数据=[HEADINGS, SHIP])))
    workbook["数据"].sheet_state = "hidden"
    stream = io.BytesIO()
    workbook.save(stream)
    with pytest.raises(ImportFailed, match="标准问"):
        read(stream.getvalue(), XLSX)


def test_numbers_of_ids_and_codes_are_the_digits_that_are_shown() -> None:
    headings = [*HEADINGS, "商品", "短代码", "标签"]
    (row,) = read(xlsx_bytes(headings, [1001, *SHIP[1:], 680012345678, 7.0, True]), XLSX)
    assert row.draft is not None, row.problems
    assert (row.draft.id, row.draft.items, row.draft.short_code) == ("1001", ("680012345678",), "7")
    assert row.draft.tags == ("TRUE",)


@pytest.mark.parametrize("moment", [datetime(2026, 11, 11), date(2026, 11, 11), 46337, 46337.0])
def test_date_cells_are_times_in_china(moment: object) -> None:
    (row,) = read(xlsx_bytes([*HEADINGS, "生效时间"], [*SHIP, moment]), XLSX)
    assert row.draft is not None, row.problems
    assert row.draft.effective_from == draft(effective_from="2026-11-11T00:00:00+08:00").effective_from


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ((6, "商品", 1e17), "15 位"), ((6, "短代码", datetime(2026, 1, 2)), "变成了日期"),
        ((6, "标签", time(1, 2)), "变成了日期"), ((6, "生效时间", time(9, 30)), "不是时间"),
        ((6, "失效时间", True), "不是时间"), ((3, "标准问", "=NA()"), "没有保存计算结果"),
        ((5, "答案1", "#N/A"), "公式出错"),
    ],
)  # fmt: skip
def test_what_a_program_made_of_a_cell_is_told(cell: tuple[int, str, object], said: str) -> None:
    at, heading, value = cell
    headings, cells = [*HEADINGS, ""], [*SHIP, None]
    headings[at], cells[at] = heading, value  # type: ignore[call-overload]
    (row,) = read(xlsx_bytes(headings, cells), XLSX)
    assert said in problem(row)
    assert heading in problem(row)


def test_a_formula_counts_by_its_result_never_by_itself() -> None:
    data = xlsx_bytes(HEADINGS, [*SHIP[:3], '=CONCATENATE("什么时候","发货")', *SHIP[4:]], SHIP)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        (formula,) = re.findall(rb'<c r="D2">(<f>.*?</f>)', archive.read("xl/worksheets/sheet1.xml"))
    cell = b'<c r="D2" t="str">' + formula + "<v>什么时候发货</v></c>".encode()
    saved = with_part(data, "xl/worksheets/sheet1.xml", rb'<c r="D2"><f>.*?</c>', cell)
    rows = read(saved, XLSX)
    assert [row.number for row in rows] == [2, 3]
    assert rows[0].draft is not None, rows[0].problems
    assert rows[0].draft.title == "什么时候发货"


def test_columns_that_are_not_read_are_named_and_notes_beside_the_table_too() -> None:
    file = open_rows(xlsx_bytes([*HEADINGS, "负责人"], [*SHIP, "小王", None, "记得改"]), XLSX)
    assert [row.draft is not None for row in file.rows] == [True]
    assert file.notes == ["负责人（G 列）没有对应的字段，没有导入", "I 列没有表头，里面的内容没有导入"]


# ---- files that cannot be read


def with_part(data: bytes, part: str, old: bytes, new: bytes) -> bytes:
    """The workbook with something else for a pattern in one of its parts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(stream, "w") as after:
        for name in before.namelist():
            content = before.read(name)
            if name == part:
                content, replaced = re.subn(old, lambda _: new, content)
                assert replaced == 1
            after.writestr(name, content)
    return stream.getvalue()


def test_an_entity_bomb_is_refused() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet'
    with pytest.raises(ImportFailed, match="损坏"):
        read(with_part(xlsx_bytes(HEADINGS, SHIP), "xl/worksheets/sheet1.xml", b"<worksheet", bomb), XLSX)


def test_a_file_that_swells_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx_safety, "MAX_UNPACKED", 10_000)
    with pytest.raises(ImportFailed, match="太大"):
        read(xlsx_bytes(HEADINGS, SHIP, ["x" * 20_000]), XLSX)


def test_a_row_beyond_the_last_one_ends_the_table() -> None:
    data = with_part(xlsx_bytes(HEADINGS, SHIP), "xl/worksheets/sheet1.xml", b'<row r="2"', b'<row r="99999999999"')
    assert read(data, XLSX) == []


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\xd0\xcf\x11\xe0" + b"x" * 600, "密码"), (b"PK\x03\x04 not a zip", "没有传完整"),
        (csv_bytes(HEADINGS, SHIP), "不是 .xlsx"), (b"<html><table>", "不是表格"), (b"%PDF-1.7", "不是表格"),
    ],
)  # fmt: skip
def test_other_files_say_how_to_save_them(data: bytes, said: str) -> None:
    with pytest.raises(ImportFailed, match=said):
        read(data, XLSX)


def test_a_zip_of_something_else_is_refused() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.txt", "a")
    with pytest.raises(ImportFailed, match="压缩包"):
        read(stream.getvalue(), XLSX)


def test_a_text_table_that_is_called_xls_is_read_as_what_it_is() -> None:
    assert len(read(csv_bytes(HEADINGS, SHIP, encoding="gbk", delimiter="\t"), "订单.xls")) == 1


def test_a_name_that_says_no_format_is_refused() -> None:
    with pytest.raises(ImportFailed, match=r"格式不认识.*\.csv"):
        read(csv_bytes(HEADINGS, SHIP), "表.doc")


@settings(deadline=None, max_examples=3)
@given(any_entries)
def test_cut_or_changed_files_end_in_rows_or_one_clear_error(some: list[Entry]) -> None:
    data = written(some)
    with pytest.raises(ImportFailed, match="没有传完整"):
        read(data[: len(data) // 2], XLSX)
    for at in range(0, len(data), 997):
        with suppress(ImportFailed):
            assert all(row.draft or row.problems for row in read(data[:at] + b"\0" * 20 + data[at + 20 :], XLSX))
