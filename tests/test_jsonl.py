"""`.jsonl` in and out: a bad line is a row with a reason and a remedy, and nothing is lost on a round trip."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.entries import Entry, EntryDraft
from knowledge.errors import ImportFailed
from knowledge.exchange.jsonl import dump_entries, read_rows
from knowledge.exchange.rows import Row
from tests.entry_examples import draft, drafts, ids

CONTRACT_FIELDS = [
    "id", "shop_id", "kind", "intent", "title", "questions", "answers", "items", "tags",
    "effective_from", "effective_until", "status", "authority", "note", "short_code",
]  # fmt: skip

GOOD = {
    "id": "a",
    "kind": "policy",
    "intent": "order.urge_ship",
    "title": "什么时候发货",
    "answers": [{"text": "48小时内"}],
}


def entry(one: EntryDraft, version: int = 1) -> Entry:
    return Entry.model_validate({**one.model_dump(), "version": version})


def dumped(*entries: Entry) -> bytes:
    stream = io.BytesIO()
    assert dump_entries(entries, stream) == len(entries)
    return stream.getvalue()


def read(text: str | bytes) -> list[Row]:
    return list(read_rows(io.BytesIO(text.encode() if isinstance(text, str) else text)))


def read_with(**fields: object) -> Row:
    (row,) = read(json.dumps(GOOD | fields))
    return row


# ---- out


def test_export_holds_the_fields_of_the_contract_in_its_order() -> None:
    (line,) = dumped(entry(draft("a", note="内部"), version=7)).decode().splitlines()
    assert list(json.loads(line)) == CONTRACT_FIELDS
    assert "什么时候发货" in line


@settings(deadline=None)
@given(st.lists(drafts(), max_size=4))
def test_any_entry_survives_export_and_import(some: list[EntryDraft]) -> None:
    exported = dumped(*map(entry, some))
    rows = read(exported)
    assert [row.problems for row in rows] == [()] * len(some)
    assert [row.draft for row in rows] == some
    assert dumped(*(entry(row.draft) for row in rows if row.draft)) == exported


# ---- in


def test_lines_are_numbered_from_1_and_blank_ones_skipped() -> None:
    line = json.dumps(GOOD)
    assert [row.number for row in read(f"\n{line}\n  \n\n{line}")] == [2, 5]


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_byte_order_mark_and_windows_line_ends_are_tolerated(ending: str) -> None:
    (row,) = read("\ufeff" + json.dumps(GOOD) + ending)
    assert row.draft == EntryDraft.model_validate(GOOD)


def test_text_stream_bytes_and_byte_stream_give_the_same() -> None:
    text = json.dumps(GOOD, ensure_ascii=False) + "\n"
    sources = (io.StringIO(text), io.BytesIO(text.encode()), text.encode())
    assert len({str(list(read_rows(source))) for source in sources}) == 1


def test_empty_file_has_no_rows() -> None:
    assert read("") == []


def test_answer_may_be_its_text_alone_and_a_condition_one_value() -> None:
    assert read_with(answers=["好的"]).draft == EntryDraft.model_validate(GOOD | {"answers": [{"text": "好的"}]})
    row = read_with(answers=[{"text": "好", "when": {"order.state": "paid"}}])
    assert row.draft
    assert row.draft.answers[0].when == {"order.state": ("paid",)}


@pytest.mark.parametrize(
    ("line", "reason", "remedy"),
    [
        ('{"id": "a"', "不是合法的 JSON", "没有写完"),
        ("{'id': 'a'}", "第 2 个字符", "英文双引号"),
        ('{"id"：“a”}', "第 6 个字符", "英文半角"),
        ('{"id": "a",}', "不是合法的 JSON", "逗号"),
        ('[{"id": "a"}]', "不是一个条目", "{…}"),
        ("3", "不是一个条目", "{…}"),
        ('{"id": "a", "id": "b"}', "字段 id 写了两次", "改正"),
        ('{"id": NaN}', "NaN", "改正"),
        ('{"id": ' + "9" * 5000 + "}", "数字太长", "改正"),
        ("[" * 100_000, "嵌套太深", "导出文件"),
        ("标题".encode("gbk"), "不是 UTF-8 编码", "另存为 UTF-8"),
    ],
)
def test_line_that_is_no_json_object_says_where_and_what_to_do(line: str | bytes, reason: str, remedy: str) -> None:
    (row,) = read(line)
    assert row.draft is None
    (problem,) = row.problems
    assert problem.field == "第 1 行"
    assert reason in problem.reason
    assert remedy in problem.remedy


@pytest.mark.parametrize(
    ("fields", "field", "reason", "remedy"),
    [
        ({"qestions": []}, "qestions", "没有这个字段", "questions"),
        ({"version": 3}, "version", "没有这个字段", "删掉"),
        ({"kind": "faq"}, "kind", "不能是 faq", "product_spec、policy、phrase"),
        ({"status": None}, "status", "空值", "draft、published、archived"),
        ({"intent": 3}, "intent", "应当是文字", "双引号"),
        ({"title": " "}, "title", "空的", "填写"),
        ({"title": "长" * 201}, "title", "现有 201 个", "最多 200 个字"),
        ({"title": "\ud800"}, "title", "不完整的字符", "重新输入"),
        ({"id": "a b"}, "id", "空格或斜杠", "连字符"),
        ({"questions": "在吗"}, "questions", "应当是列表", "["),
        ({"questions": ["在吗", None]}, "questions[1]", "应当是文字", "双引号"),
        ({"answers": []}, "answers", "空的", "至少写 1 条"),
        ({"answers": [{"text": ""}]}, "answers[0].text", "空的", "填写"),
        ({"answers": [{"texts": "好", "text": "好"}]}, "answers[0].texts", "没有这个字段", "text"),
        ({"answers": [5]}, "answers[0]", "一组字段", "text"),
        ({"answers": [{"text": "好", "when": 3}]}, "answers[0].when", "写法不对", "order.state"),
        ({"answers": [{"text": "好", "when": {"a": [[1]]}}]}, "answers[0].when.a[0]", "条件的值", "null"),
        ({"effective_from": "2026-11-11T00:00:00"}, "effective_from", "没有时区", "+08:00"),
        ({"effective_until": "双十一"}, "effective_until", "不是时间", "+08:00"),
    ],
)
def test_wrong_field_is_named_with_reason_and_remedy(
    fields: dict[str, object], field: str, reason: str, remedy: str
) -> None:
    row = read_with(**fields)
    assert row.draft is None
    (problem,) = row.problems
    assert problem.field == field
    assert reason in problem.reason
    assert remedy in problem.remedy


def test_missing_fields_are_all_named_at_once() -> None:
    (row,) = read('{"id": "a"}')
    assert [problem.field for problem in row.problems] == ["kind", "intent", "title", "answers"]
    assert row.entry_id == "a"


@given(
    st.dictionaries(st.sampled_from(CONTRACT_FIELDS), st.from_type(type(None)) | st.integers() | ids | st.lists(ids))
)
def test_any_wrong_line_has_problems_with_a_remedy(values: dict[str, object]) -> None:
    (row,) = read(json.dumps(values))
    assert (row.draft is None) == bool(row.problems)
    assert all(problem.field and problem.reason and problem.remedy for problem in row.problems)
    assert not any("Input should" in str(problem) for problem in row.problems)


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_rows_with_problems(content: bytes) -> None:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        with pytest.raises(ImportFailed, match="UTF-16"):
            read(content)
    else:
        assert all(row.problems for row in read(content))


# ---- files that cannot be read


def test_utf_16_file_is_refused_with_the_remedy() -> None:
    with pytest.raises(ImportFailed, match=r"UTF-16.*另存为 UTF-8"):
        read(json.dumps(GOOD).encode("utf-16"))
