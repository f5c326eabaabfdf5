"""The hand-over table: stored by shop, and exported for spreadsheets and for people."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.service.handover_export import HEADINGS, as_csv, as_markdown
from knowledge.audit import Author
from knowledge.errors import RecordNotFound
from knowledge.exchange.cell_text import text_of
from knowledge.records.handovers import Handover, HandoverDraft
from knowledge.store import Store

WANG = Author("小王", "agent", 1)
DRAFT = HandoverDraft("改地址", "买家要改到拱墅区", "c1", "小王")
STORED = Handover(
    "改地址", "买家要改到拱墅区", "c1", "小王", "open", 7, "demo",
    "2026-11-21T02:00:00.000+00:00", "2026-11-21T18:30:00.000+00:00",
)  # fmt: skip


def test_the_newest_stands_first_and_only_the_shops_own(store: Store) -> None:
    first = store.handovers.add("demo", DRAFT, WANG)
    second = store.handovers.add("demo", replace(DRAFT, title="补发"), WANG)
    store.handovers.add("other", DRAFT, WANG)
    assert store.handovers.list("demo") == [second, first]
    assert (first.title, first.shop_id, first.status) == ("改地址", "demo", "open")


def test_it_is_filtered_by_state_and_time(store: Store) -> None:
    one = store.handovers.add("demo", DRAFT, WANG)
    done = store.handovers.add("demo", replace(DRAFT, status="done"), WANG)
    now = datetime.now(UTC)
    assert store.handovers.list("demo", status="done") == [done]
    assert store.handovers.list("demo", since=now - timedelta(hours=1), until=now + timedelta(hours=1)) == [
        done,
        one,
    ]
    assert store.handovers.list("demo", since=now + timedelta(hours=1)) == []
    assert store.handovers.list("demo", until=now - timedelta(hours=1)) == []
    assert store.handovers.list("a\0b") == []


def test_what_is_written_anew_leaves_the_rest_as_it_is(store: Store) -> None:
    one = store.handovers.add("demo", DRAFT, WANG)
    changed = store.handovers.change(one.id, {"status": "done", "text": "已改好"}, WANG)
    assert (changed.id, changed.shop_id, changed.status, changed.text) == (one.id, "demo", "done", "已改好")
    assert (changed.title, changed.agent, changed.conversation_id) == ("改地址", "小王", "c1")
    assert store.handovers.get(one.id) == changed
    assert store.revision() == 0


def test_who_wrote_is_recorded_but_not_what(store: Store) -> None:
    one = store.handovers.add("demo", DRAFT, WANG)
    store.handovers.change(one.id, {"status": "done"}, WANG)
    update, create = store.audit.page(action="handover")
    assert (create.who, create.object, create.shop_id, create.before) == ("小王", str(one.id), "demo", None)
    assert (update.before["status"], update.after["status"]) == ("open", "done")
    assert DRAFT.text not in str((create, update))


def test_what_is_done_is_forgotten_with_time_and_what_is_open_never(store: Store) -> None:
    one = store.handovers.add("demo", DRAFT, WANG)
    store.handovers.add("demo", replace(DRAFT, status="done"), WANG)
    assert store.handovers.purge(datetime.now(UTC) - timedelta(days=1)) == 0
    assert store.handovers.purge(datetime.now(UTC) + timedelta(days=1)) == 1
    assert store.handovers.list("demo") == [one]


def test_an_unknown_number_is_told(store: Store) -> None:
    with pytest.raises(RecordNotFound, match="交接事项"):
        store.handovers.get(99)
    with pytest.raises(RecordNotFound):
        store.handovers.change(99, {"status": "done"}, WANG)


def read(text: str) -> list[list[str]]:
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:], newline="")))


def test_the_csv_has_chinese_headings_and_the_shops_clock() -> None:
    headings, row = read(as_csv([STORED], "Asia/Shanghai"))
    assert tuple(headings) == HEADINGS
    assert row == ["7", "待跟进", "改地址", "买家要改到拱墅区", "c1", "小王", "2026-11-21 10:00", "2026-11-22 02:30"]


@pytest.mark.parametrize("text", ["=1+1", "+86", "-2", "@SUM(A1)", '=HYPERLINK("http://x")', "＝1"])
def test_no_cell_begins_as_a_formula(text: str) -> None:
    _, row = read(as_csv([replace(STORED, title=text)], "Asia/Shanghai"))
    assert row[2] == f"'{text}"


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30).map(str.strip))
def test_every_text_comes_through_and_none_begins_as_a_formula(text: str) -> None:
    _, row = read(as_csv([replace(STORED, text=text)], "Asia/Shanghai"))
    assert row[3][:1] not in tuple("=+-@＝＋－＠\t\r")
    assert text_of(row[3]) == text.replace("\r\n", "\n").replace("\r", "\n").strip()


def test_markdown_shows_marks_as_they_are_and_stays_one_row() -> None:
    text = as_markdown([replace(STORED, text="a|b\n<script>")], "Asia/Shanghai")
    assert text.startswith("# 交接表")
    assert "a\\|b<br>\\<script\\>" in text
    assert text.strip().splitlines()[-1].startswith("| 7 | 待跟进 |")
    assert "2026-11-22 02:30" in text
