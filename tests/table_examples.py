"""Tables for tests: entries that are hard to hold in cells, and files as editors and spreadsheet programs make them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from hypothesis import strategies as st
from openpyxl import Workbook

from knowledge.entries import Answer, Entry, EntryDraft
from knowledge.exchange.reading import open_rows
from knowledge.exchange.rows import Row
from tests.entry_examples import draft, drafts, ids, texts

HEADINGS = ["编号", "类型", "意图", "标准问", "相似问法", "答案1"]
SHIP = ["policy-ship", "规则", "order.urge_ship", "什么时候发货", "啥时候发货呀", "亲，48小时内发出哦。"]

# What spreadsheets, XML and our own notation each make something of.
HARD = st.sampled_from(
    ["'", '"', '\'"', "=", "=1+1", "@", "＝", "-", "+", "、", "，", ";", "\n", "\r", "\r\n", "\t", "\v", "\x85",
     "_x000D_", "_x0041_", "x005F_", "007", "1-2", "1E5", "680012345678", "TRUE", "#N/A", "#(=)", "MAR1", "{", "}",
     '{"a": 1}', "所有店铺", "退货", "after.return", "after.return 退货", "已知", "未知", "是", "true", "订单状态=是",
     "\\n", "\\", "😀", "\ufeff", "\u2028",
     "\0", "\x1f", "\uffff", " ", "\u3000", "2026-11-11 00:00", "2026-11-11T00:00:00+08:00", "药"]
)  # fmt: skip
hard_texts = st.lists(HARD, min_size=1, max_size=4).map("".join) | texts
said = hard_texts.filter(lambda text: text.strip())
_paths = (
    st.sampled_from(["order.state", "order.overdue", "item.attributes.材质", "item.attributes.=", "运单号"])
    | hard_texts
)
_values = hard_texts | st.sampled_from(["*", "paid", "true", None, True, 1, 1.0, "1"]) | st.integers() | st.none()
hard_answers = st.builds(
    Answer,
    text=hard_texts.filter(bool),
    when=st.dictionaries(_paths, st.lists(_values, max_size=3).map(tuple), max_size=2),
    tone=st.none() | hard_texts,
)
hard_drafts = st.builds(
    EntryDraft,
    id=ids | st.sampled_from(["007", "1E5", "=1", "'=1", "TRUE", "680012345678"]),
    shop_id=st.none() | ids | st.sampled_from(["所有店铺", "共用", "007"]),
    kind=st.sampled_from(["product_spec", "policy", "phrase"]),
    intent=ids | st.sampled_from(["after.return", "退货", "after.return 退货", "=1", ""]),
    title=said,
    questions=st.lists(hard_texts, max_size=3).map(tuple),
    answers=st.lists(hard_answers, min_size=1, max_size=3).map(tuple),
    items=st.lists(hard_texts, max_size=3).map(tuple),
    tags=st.lists(hard_texts, max_size=3).map(tuple),
    effective_from=st.none() | st.just("2026-11-11T00:00:00+08:00") | st.just("2026-11-11T00:00:01.5+08:00"),
    effective_until=st.none() | st.just("2026-11-10T16:00:00Z") | st.just("0001-01-01T00:00:00+05:30"),
    note=st.none() | hard_texts,
    short_code=st.none() | st.sampled_from(["007", "TRUE", "mar1", "1E5", "发货"]),
)
any_entries = st.lists((drafts() | hard_drafts).map(lambda one: stored(one)), min_size=1, max_size=4)


def stored(one: EntryDraft, version: int = 1) -> Entry:
    """A draft as the store gives it back."""
    return Entry.model_validate({**one.model_dump(mode="json"), "version": version})


def entries(*some: str, **fields: Any) -> list[Entry]:
    """Plain entries of these ids."""
    return [stored(draft(entry_id, **fields)) for entry_id in some]


def contents(rows: Iterable[Row]) -> list[str | None]:
    """What the rows hold, to the last bit: JSON tells 1 from true and one zone from another."""
    return [row.draft.model_dump_json() if row.draft else str(row.problems) for row in rows]


def drafts_of(some: Iterable[Entry]) -> list[str]:
    """The same of entries."""
    return [entry.model_dump_json(exclude={"version"}) for entry in some]


def csv_bytes(*rows: Sequence[object], encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    """Rows as a spreadsheet program writes them."""
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter).writerows(rows)
    return stream.getvalue().encode(encoding)


def xlsx_bytes(*rows: Sequence[object], sheet: str = "Sheet1", **others: Sequence[Sequence[object]]) -> bytes:
    """A workbook of these rows; `others` are more sheets, behind it."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for title, more in {sheet: rows, **others}.items():
        added = workbook.create_sheet(title)
        for row in more:
            added.append(list(row))
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def read(data: bytes, filename: str = "表.csv", **how: Any) -> list[Row]:
    """The rows of a file."""
    return list(open_rows(data, filename, **how).rows)


def row_with(**cells: object) -> Row:
    """The only row of a table like SHIP's with these cells, read; keys are headings."""
    usual = dict(zip(HEADINGS, SHIP, strict=True)) | cells
    (row,) = read(csv_bytes(list(usual), list(usual.values())))
    return row


def problem(row: Row) -> str:
    """The only problem of a row, as it is shown."""
    (one,) = row.problems
    return str(one)
