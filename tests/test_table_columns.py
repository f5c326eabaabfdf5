"""Headings and cells: every field has a column, every value a cell, and what editors write is understood or named."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.entries import Answer, EntryDraft
from knowledge.errors import ImportFailed
from knowledge.exchange.cell_conditions import condition_names, when_cell, when_of
from knowledge.exchange.cell_lists import lines_cell, lines_of, list_cell, list_of
from knowledge.exchange.cell_text import cell_of, text_of
from knowledge.exchange.table_cells import LONGEST_BYTES, table_cells
from knowledge.exchange.table_columns import (
    answer_parts,
    entry_fields,
    guess_places,
    heading_of,
    place_of,
    places,
)
from knowledge.known_entries import KnownEntries
from models.intents import intents
from tests.entry_examples import draft
from tests.table_examples import (
    HEADINGS,
    SHIP,
    csv_bytes,
    drafts_of,
    entries,
    hard_answers,
    hard_texts,
    problem,
    read,
    row_with,
    stored,
)


def test_every_field_of_an_entry_has_a_column() -> None:
    assert {*entry_fields(), "answers"} == {*EntryDraft.model_fields}
    assert {*answer_parts()} == {*Answer.model_fields}


def test_every_heading_is_understood_as_its_own_field() -> None:
    every = places(50)
    assert guess_places(map(heading_of, every)) == every
    assert guess_places(every) == every


@pytest.mark.parametrize(
    ("heading", "place"),
    [
        ("问题", "title"), ("标准问（必填）", "title"), ("＊标准问", "title"), ("Question", "title"),
        (" 标 准 问 ", "title"),
        ("【标准问】", "title"), ("ＩＤ", "id"), ("shop_id", "shop_id"), ("回复话术", "answers[0].text"),
        ("答案１２", "answers[11].text"), ("答案(2)", "answers[1].text"),
        ("条件", "answers[0].when"), ("相似问３", "questions"), ("关键词", "tags"), ("备注", "note"),
        ("答案0", None), ("标准问2", None), ("客户电话", None), ("", None),
    ],
)  # fmt: skip
def test_headings_of_other_tables_are_guessed(heading: str, place: str | None) -> None:
    assert guess_places([heading]) == [place]


def test_answers_without_numbers_are_counted_and_take_the_condition_behind_them() -> None:
    found = guess_places(["问题", "答案", "条件", "答案", "条件", "语气"])
    assert found == ["title", *(f"answers[{at}].{part}" for at, part in
                                [(0, "text"), (0, "when"), (1, "text"), (1, "when"), (1, "tone")])]  # fmt: skip


def test_a_second_column_of_a_field_is_not_read_but_phrasings_may_have_many() -> None:
    assert guess_places(["标准问", "标题", "相似问1", "相似问2"]) == ["title", None, "questions", "questions"]


def test_fields_are_named_by_heading_or_code() -> None:
    assert place_of("答案1") == place_of("answers[0].text") == "answers[0].text"
    assert place_of("查无此项") is None


# ---- cells


@settings(deadline=None)
@given(hard_texts, st.booleans())
def test_any_text_comes_back_from_its_cell_and_no_cell_is_a_formula(text: str, typed: bool) -> None:
    cell = cell_of(text, typed=typed)
    assert text_of(cell) == text
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"))
    assert cell == cell.strip()


@pytest.mark.parametrize("text", ["亲，48小时内发出哦。", "3天发货", "a'b", "'引用'", "第一行\n第二行"])
def test_plain_texts_stand_in_their_cells_as_they_are(text: str) -> None:
    assert cell_of(text, typed=False) == text


@pytest.mark.parametrize("text", ["=HYPERLINK(1)", "+86", "-1", "@SUM(1)", "＝1"])
@pytest.mark.parametrize("typed", [True, False])
def test_formulas_are_guarded_by_an_apostrophe(text: str, typed: bool) -> None:
    assert cell_of(text, typed=typed) == f"'{text}"


@pytest.mark.parametrize("text", ["007", "680012345678", "1-2", "2026-11-11", "1E5", "TRUE", "MAR1"])
def test_what_a_program_would_rewrite_is_guarded_where_the_format_does_not_say_text(text: str) -> None:
    assert cell_of(text, typed=False) == f"'{text}"
    assert cell_of(text, typed=True) == text


@settings(deadline=None)
@given(st.lists(hard_texts, max_size=4))
def test_any_list_comes_back_from_its_cell(some: list[str]) -> None:
    assert list_of(list_cell(some)) == some
    assert lines_of(lines_cell(some)) == some


def test_lists_are_read_whatever_stands_between() -> None:
    assert list_of("预售、发货，现货,礼盒；a;b\nc") == ["预售", "发货", "现货", "礼盒", "a", "b", "c"]
    assert lines_of("能改吗，急\r\n\r\n  改地址 \r晚了吗") == ["能改吗，急", "改地址", "晚了吗"]


@settings(deadline=None)
@given(hard_answers)
def test_any_conditions_come_back_from_their_cell(answer: Answer) -> None:
    when = answer.model_dump(mode="json")["when"]
    assert Answer.model_validate({"text": "好", "when": when_of(when_cell(when)) if when else {}}) == answer.model_copy(
        update={"text": "好", "tone": None}
    )


def test_conditions_are_written_in_words_and_read_as_words_or_codes() -> None:
    when: dict[str, list[Any]] = {
        "order.state": ["unpaid", None],
        "order.overdue": ["true"],
        "order.tracking_no": ["*"],
    }
    words = "订单状态=待付款、未知\n发货已超时=是\n运单号=已知"
    assert when_cell(when) == words
    assert when_of(words) == when
    assert when_of("order.state=unpaid，未知；发货已超时＝true; 单号 = *") == when
    assert when_of("属性：材质=棉|麻") == {"item.attributes.材质": ["棉", "麻"]}


def test_names_of_conditions_are_all_different() -> None:
    names = [name for name, _ in condition_names().values()]
    assert len(names) == len(set(names))
    assert all(len(values.values()) == len(set(values.values())) for _, values in condition_names().values())


# ---- rows


def test_a_row_is_an_entry() -> None:
    (row,) = read(csv_bytes(HEADINGS, SHIP))
    assert (row.number, row.entry_id) == (2, "policy-ship")
    assert row.draft == draft(answers=["亲，48小时内发出哦。"])


@pytest.mark.parametrize(
    ("cells", "field", "value"),
    [
        ({"类型": "policy"}, "kind", "policy"), ({"意图": "催发货与发货时间"}, "intent", "order.urge_ship"),
        ({"意图": "order.urge_ship 催发货"}, "intent", "order.urge_ship"), ({"店铺": "所有店铺"}, "shop_id", None),
        ({"店铺": "demo"}, "shop_id", "demo"), ({"状态": "草稿"}, "status", "draft"),
        ({"状态": ""}, "status", "published"),
        ({"商品": "680012345678、680012345679"}, "items", ("680012345678", "680012345679")),
        ({"标签": "'=1"}, "tags", ("=1",)), ({"短代码": "'007"}, "short_code", "007"),
    ],
)  # fmt: skip
def test_cells_give_their_fields(cells: dict[str, object], field: str, value: object) -> None:
    row = row_with(**cells)
    assert row.draft is not None, row.problems
    assert getattr(row.draft, field) == value


@pytest.mark.parametrize(
    "time", ["2026-11-11 00:00", "2026/11/11 0:00", "2026年11月11日", "2026.11.11 00：00", "2026-11-10T16:00:00Z"]
)
def test_times_are_read_as_they_are_written_in_china(time: str) -> None:
    row = row_with(生效时间=time)
    assert row.draft is not None
    assert row.draft.effective_from == draft(effective_from="2026-11-11T00:00:00+08:00").effective_from


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"意图": "no.such"}, []),
        ({"类型": "规定"}, ["类型（B 列）", "不能是 规定", "商品资料、规则、话术"]),
        ({"标准问": ""}, ["标准问（D 列）", "缺少"]),
        ({"答案1": ""}, ["答案1（F 列）", "请至少写 1 条"]),
        ({"生效时间": "明天"}, ["生效时间（G 列）", "明天 不是时间", "2026-11-11 00:00"]),
        ({"生效时间": "20261111"}, ["不是时间"]), ({"生效时间": "2026-13-01"}, ["不是时间"]),
        ({"生效时间": "46337"}, ["不是时间"]),
        ({"商品": "6.80012E+11"}, ["商品（G 列）", "长数字", "文本格式"]),
        ({"编号": "6.8E+11"}, ["编号（A 列）", "长数字"]),
        ({"标准问": "#REF!"}, ["标准问（D 列）", "公式出错"]),
        ({"条件1": "待付款"}, ["条件1（G 列）", "没有等号", "订单状态=待付款"]),
        ({"条件1": "订单状态="}, ["条件1", "空着的值"]), ({"条件1": "订单状态=待付款\norder.state=paid"}, ["写了两次"]),
        ({"条件1": '{"order.state": '}, ["条件1", "JSON"]), ({"条件1": '{"a": [NaN]}'}, ["JSON"]),
        ({"条件2": "订单状态=待付款", "答案2": ""}, ["答案2", "是空的", "条件"]),
        ({"短代码": "a b"}, ["短代码（G 列）"]),
    ],
)  # fmt: skip
def test_a_bad_cell_is_named_by_its_heading_and_letter(cells: dict[str, object], said: list[str]) -> None:
    row = row_with(**cells)
    if not said:
        assert row.draft is not None, "intents are checked where entries are"
        return
    assert row.draft is None
    assert all(word in problem(row) for word in said), row.problems


def test_all_problems_of_a_row_are_told_at_once() -> None:
    row = row_with(类型="规定", 标准问="", 生效时间="明天")
    assert [one.field for one in row.problems] == ["类型（B 列）", "生效时间（G 列）", "标准问（D 列）"]


def test_problems_found_later_are_named_by_the_rows_own_columns() -> None:
    row = row_with(答案1="", 答案2="好的", 答案3="行", 条件3="运单号=已知")
    assert row.draft is not None
    assert [answer.text for answer in row.draft.answers] == ["好的", "行"]
    assert row.named("answers[1].text") == "答案3（H 列）"
    assert row.named("answers[1].when.order.state") == "条件3（I 列）“订单状态”"
    assert row.named("questions[2]") == "相似问法（E 列）第 3 个"
    assert row.named("effective_until") == "失效时间（表里没有这一列）"


def test_a_field_that_has_no_column_and_no_entry_to_take_it_from_is_named() -> None:
    (row,) = read(csv_bytes(["标准问", "类型", "意图"], ["什么时候发货", "规则", "order.urge_ship"]))
    assert "答案1（表里没有这一列）" in problem(row)


def test_a_stored_entry_keeps_what_the_table_has_no_column_for_and_an_empty_cell_empties() -> None:
    kept = stored(
        draft("a", tags=["t"], note="备注", answers=[{"text": "旧", "when": {"order.state": ["paid"]}}, "二"])
    )
    (row,) = read(csv_bytes(["编号", "标准问", "标签", "答案1"], ["a", "新问", "", "新答"]), known=KnownEntries([kept]))
    assert row.draft is not None, row.problems
    assert (row.draft.title, row.draft.tags, row.draft.note) == ("新问", (), "备注")
    assert row.draft.answers == (Answer(text="新答", when={"order.state": ("paid",)}),)
    (without,) = read(
        csv_bytes(["编号", "标准问"], ["a", "新问"]), known=KnownEntries([kept]), defaults={"shop_id": "x"}
    )
    assert without.draft == kept.draft().model_copy(update={"title": "新问"})


def test_defaults_fill_what_a_row_leaves_empty() -> None:
    defaults = {"kind": "phrase", "intent": "flow.greeting", "shop_id": "demo"}
    rows = read(
        csv_bytes(["店铺", "问题", "答案"], ["", "在吗", "亲，在的"], ["所有店铺", "你好", "亲，您好"]),
        defaults=defaults,
    )
    assert [(row.draft.shop_id, row.draft.kind) for row in rows if row.draft] == [("demo", "phrase"), (None, "phrase")]


def test_a_table_without_a_title_names_what_it_took_for_headings() -> None:
    with pytest.raises(ImportFailed, match=r"标准问.*第 1 行：甲、乙"):
        read(csv_bytes(["甲", "乙"], ["1", "2"]))


# ---- whole tables


def test_long_lists_go_on_in_further_columns_that_fit_a_cell() -> None:
    many = stored(draft("many", questions=[f"{'长' * 480}{at}" for at in range(200)]))
    headings, rows = table_cells([many, *entries("b")], typed=True)
    cells = list(rows)
    assert headings[headings.index("相似问法") :][:4] == ["相似问法", "相似问法2", "相似问法3", "相似问法4"]
    assert max(len(cell.encode("utf-16-le")) for row in cells for cell in row) <= LONGEST_BYTES + 1_000
    found = read(csv_bytes(headings, *cells))
    assert drafts_of(one for one in [many]) == [found[0].draft.model_dump_json() if found[0].draft else ""]


def test_intents_are_written_with_their_names() -> None:
    headings, rows = table_cells(entries("a"), typed=True)
    (cells,) = rows
    assert cells[headings.index("意图")] == f"order.urge_ship {intents()['order.urge_ship'].zh}"
    assert cells[headings.index("店铺")] == "所有店铺"
    assert cells[headings.index("类型")] == "规则"
