"""`.csv` in and out: whatever program saved it, with nothing changed by the way, and errors that name the row."""

from __future__ import annotations

import csv
import io
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.checks import check_entry
from knowledge.entries import Entry
from knowledge.errors import ImportFailed, Problem
from knowledge.exchange.csv_table import LONGEST_CELL, write_csv
from knowledge.exchange.encoding import decoded
from knowledge.exchange.failed_rows import write_failed_rows
from knowledge.exchange.reading import open_rows
from knowledge.exchange.template import write_template
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
)

FIXTURES = Path(__file__).parent / "spreadsheets"
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "gbk", "gb18030"]


def written(some: list[Entry]) -> bytes:
    stream = io.BytesIO()
    assert write_csv(some, stream) == len(some)
    return stream.getvalue()


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(any_entries)
def test_any_entries_come_back_the_same_and_are_written_the_same_again(some: list[Entry]) -> None:
    data = written(some)
    rows = read(data)
    assert contents(rows) == drafts_of(some)
    assert written([stored(row.draft) for row in rows if row.draft]) == data


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(any_entries)
def test_no_cell_is_a_formula(some: list[Entry]) -> None:
    for row in csv.reader(io.StringIO(written(some).decode("utf-8-sig"), newline="")):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")) for cell in row)


def test_a_file_opens_in_excel_as_utf_8_with_its_line_ends() -> None:
    data = written(entries("a"))
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.endswith(b"\r\n")


def test_no_entries_are_a_table_of_headings() -> None:
    assert read(written([])) == []


# ---- whatever program saved it


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_every_encoding_and_delimiter_gives_the_same(encoding: str, delimiter: str) -> None:
    (row,) = read(csv_bytes(HEADINGS, SHIP, encoding=encoding, delimiter=delimiter))
    assert row.draft == draft(answers=["亲，48小时内发出哦。"])


def test_characters_beyond_gbk_are_read_from_gb18030() -> None:
    (row,) = read(csv_bytes(HEADINGS, [*SHIP[:5], "亲，㐀𠮷😀"], encoding="gb18030"))
    assert row.draft is not None
    assert row.draft.answers[0].text == "亲，㐀𠮷😀"


def test_a_delimiter_is_told_by_the_headings_not_by_commas_in_texts() -> None:
    (row,) = read(
        csv_bytes(["标准问", "类型", "意图", "答案1"], ["a,b,c,d", "规则", "pre.gift", "1,2,3,4,5,6"], delimiter=";")
    )
    assert row.draft is not None
    assert row.draft.answers[0].text == "1,2,3,4,5,6"


def test_rows_above_the_headings_are_left_out_and_rows_keep_their_numbers() -> None:
    quoted = [*SHIP[:5], "第一行\r\n第二行"]
    rows = read(csv_bytes(["小店知识库 2026"], [], ["", "填表人：小王"], HEADINGS, [], quoted, ["", "", ""], SHIP))
    assert [row.number for row in rows] == [6, 8], "as spreadsheet programs count them"
    assert rows[0].draft is not None
    assert rows[0].draft.answers[0].text == "第一行\n第二行"


def test_empty_columns_and_rows_at_the_end_are_nothing() -> None:
    assert len(read(csv_bytes([*HEADINGS, "", ""], [*SHIP, "", ""], *[[""] * 8] * 50))) == 1


def test_a_row_with_more_cells_than_headings_is_not_taken() -> None:
    data = csv_bytes(HEADINGS) + "a,规则,pre.gift,送礼吗,,亲,可以的\r\n".encode()
    (row,) = read(data)
    assert row.draft is None
    assert all(word in problem(row) for word in ("G 列", "比表头多", "双引号"))


def test_columns_that_are_not_read_are_named() -> None:
    file = open_rows(csv_bytes([*HEADINGS, "负责人", ""], [*SHIP, "小王", "记得改"]), "a.csv")
    assert len(list(file.rows)) == 1
    assert file.notes == ["负责人（G 列）没有对应的字段，没有导入", "H 列没有表头，里面的内容没有导入"]


@pytest.mark.parametrize("name", ["gbk_tab.csv", "gbk_comma.csv", "utf8_comma.csv"])
def test_files_saved_by_a_spreadsheet_program_hold_what_the_starter_entries_say(name: str) -> None:
    original = contents(read((FIXTURES / "original.csv").read_bytes()))
    assert len(original) == 12
    assert contents(read((FIXTURES / name).read_bytes())) == original


# ---- columns set right by hand


def test_columns_are_mapped_by_heading_or_letter() -> None:
    data = csv_bytes(["甲", "乙", "丙", "标签"], ["什么时候发货", "48小时", "规则", "t"])
    mapping = {"甲": "标准问", "B列": "answers[0].text", "丙": "类型", "标签": None}
    (row,) = read(data, mapping=mapping, defaults={"intent": "order.urge_ship"})
    assert row.draft == draft(None, questions=[], answers=["48小时"])


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        ({"没有": "标准问"}, "表里没有“没有”这一列"),
        ({"编号": "查无"}, "没有“查无”这个字段"),
        ({"编号": "标准问"}, "都对应“标准问”"),
    ],
)
def test_a_mapping_that_cannot_be_is_refused(mapping: dict[str, str], said: str) -> None:
    with pytest.raises(ImportFailed, match=said):
        read(csv_bytes(HEADINGS, SHIP), mapping=mapping)


# ---- files that cannot be read


def test_damaged_text_names_the_row_and_the_encoding() -> None:
    good = csv_bytes(HEADINGS, *[SHIP] * 3)
    with pytest.raises(ImportFailed, match=r"第 4 行.*UTF-8"):
        read(good[:-12] + b"\xe4\xb8" + good[-12:])
    with pytest.raises(ImportFailed, match=r"第 2 行.*GBK"):
        read(csv_bytes(HEADINGS, encoding="gbk") + b"\xff\xff\xff")
    with pytest.raises(ImportFailed, match=r"第 2 行有空字符"):
        read(csv_bytes(HEADINGS) + b"a\0b")


@settings(deadline=None)
@given(st.text(st.characters(codec="gbk"), min_size=1), st.sampled_from(ENCODINGS))
def test_any_text_is_read_in_the_encoding_it_was_saved_in(text: str, encoding: str) -> None:
    text = f"标准问,答案1\n{text.replace(chr(0), '')}药"
    assert decoded(text.encode(encoding)) == text


@pytest.mark.parametrize("tail", ['"没有结束', '"a"b,c\r\n', "x" * (LONGEST_CELL + 1)])
def test_quotation_marks_that_do_not_match_name_the_row(tail: str) -> None:
    with pytest.raises(ImportFailed, match=r"第 3 行.*引号"):
        read(csv_bytes(HEADINGS, SHIP) + tail.encode())


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b"\r\n\r\n", b",,,\r\n"])
def test_an_empty_table_says_what_to_write(data: bytes) -> None:
    with pytest.raises(ImportFailed, match=r"空的.*标准问"):
        read(data)


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_rows_or_one_clear_error(data: bytes) -> None:
    for name in ("a.csv", "a.xlsx", "a.jsonl", "-"):
        with suppress(ImportFailed):
            assert all(row.problems or row.draft for row in read(data, name))


# ---- the template, and the rows that failed


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_template_can_be_imported_as_it_is(kind: str) -> None:
    stream = io.BytesIO()
    write_template(stream, kind)
    rows = read(stream.getvalue(), f"模板.{kind}")
    assert len(rows) == 3
    for row in rows:
        assert row.draft is not None, row.problems
        assert list(check_entry(row.draft)) == []
        assert row.draft.status == "draft", "an example must never reach a buyer"


def test_failed_rows_stand_beside_their_reasons_and_can_be_mended_and_imported() -> None:
    data = csv_bytes(
        ["标题", *HEADINGS[1:3], "答案", "负责人"],
        ["=1+1", "规定", "pre.gift", "-好", "小王"],
        ["b", "规则", "pre.gift", "好", ""],
    )
    stream = io.BytesIO()
    write_failed_rows(data, "a.csv", {}, {2: [Problem("类型（B 列）", "不能是 规定", "写规则")]}, stream)
    table = list(csv.reader(io.StringIO(stream.getvalue().decode("utf-8-sig"))))
    assert table == [
        ["行号", "出错原因", "怎么改", "标准问", "类型", "意图", "答案1", "负责人"],
        ["2", "类型（B 列）：不能是 规定", "写规则", "'=1+1", "规定", "pre.gift", "'-好", "小王"],
    ]
    (row,) = read(stream.getvalue().replace("规定".encode(), "规则".encode(), 3))
    assert row.draft is not None
    assert (row.draft.title, row.draft.answers[0].text) == ("=1+1", "-好")


def test_failed_lines_of_jsonl_are_shown_as_they_are() -> None:
    stream = io.BytesIO()
    write_failed_rows(b'{"id": 1}\n{"x"\n', "a.jsonl", {}, {2: [Problem("第 2 行", "不是 JSON", "改")]}, stream)
    assert list(csv.reader(io.StringIO(stream.getvalue().decode("utf-8-sig"))))[1][-1] == '{"x"'
