"""An import stores the whole file or says row by row why not, and its counts add up."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.checks import check_entry
from knowledge.entries import EntryDraft
from knowledge.errors import Problem, StoreUnavailable
from knowledge.exchange.jsonl import dump_entries, read_rows
from knowledge.exchange.rows import Row
from knowledge.importing import ImportReport, import_rows
from knowledge.store import Changes, Store, Written
from tests.entry_examples import draft, drafts, ids

BAD_JSON = Problem("第 2 行", "不是合法的 JSON", "请检查引号")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(Store(f"sqlite:///{tmp_path / 'x.db'}")) as store:
        yield store


def rows(*some: EntryDraft | Problem) -> list[Row]:
    return [
        Row(number, problems=(one,)) if isinstance(one, Problem) else Row(number, one)
        for number, one in enumerate(some, start=1)
    ]


def brought_in(store: Store, *some: EntryDraft | Problem, keep_going: bool = False) -> ImportReport:
    return import_rows(rows(*some), store.write, check_entry, keep_going)


def outcomes(report: ImportReport) -> list[str]:
    return [row.outcome for row in report.rows]


def test_good_file_is_stored_in_one_write(store: Store) -> None:
    report = brought_in(store, draft("a"), draft("b"), draft(None))
    assert outcomes(report) == ["created"] * 3
    assert report.revision == store.revision() == 1
    assert [row.entry_id for row in report.rows][:2] == ["a", "b"]
    assert store.entry(str(report.rows[2].entry_id)).title == draft().title


def test_each_row_says_whether_it_made_changed_or_found_the_entry(store: Store) -> None:
    brought_in(store, draft("a"), draft("b"))
    report = brought_in(store, draft("a"), draft("b", title="新"), draft("c"))
    assert outcomes(report) == ["unchanged", "updated", "created"]
    assert (report.read, report.created, report.updated, report.unchanged, report.failed) == (3, 1, 1, 1, 0)


def test_one_bad_row_keeps_the_whole_file_out(store: Store) -> None:
    report = brought_in(store, draft("a"), BAD_JSON, draft("c", intent="no.such"))
    assert outcomes(report) == ["skipped", "failed", "failed"]
    assert (report.read, report.failed, report.skipped, report.revision) == (3, 3, 1, None)
    assert "没有写入" in report.rows[0].problems[0].reason
    assert report.rows[2].problems[0].field == "intent"
    assert report.rows[2].entry_id == "c"
    assert store.revision() == 0


def test_keep_going_stores_the_good_rows_only(store: Store) -> None:
    report = brought_in(store, draft("a"), BAD_JSON, draft("c"), keep_going=True)
    assert outcomes(report) == ["created", "failed", "created"]
    assert (report.failed, report.skipped, report.revision) == (1, 0, 1)
    assert [entry.id for entry in store.every_entry()] == ["a", "c"]


def test_second_row_of_an_id_fails_and_names_the_first(store: Store) -> None:
    report = brought_in(store, draft("a"), draft("b"), draft("a", title="又一次"), keep_going=True)
    assert outcomes(report) == ["created", "created", "failed"]
    assert "第 1 行" in report.rows[2].problems[0].reason
    assert store.entry("a").title == draft().title


def test_id_of_a_bad_row_is_taken_too(store: Store) -> None:
    some = [Row(4, problems=(BAD_JSON,), entry_id="a"), Row(9, draft("a"))]
    report = import_rows(some, store.write, check_entry, keep_going=True)
    assert "第 4 行" in report.rows[1].problems[0].reason


def test_file_without_good_rows_writes_nothing(store: Store) -> None:
    assert brought_in(store) == ImportReport(())
    assert brought_in(store, BAD_JSON, keep_going=True).revision is None


def test_progress_tells_how_many_rows_were_checked(store: Store) -> None:
    told: list[int] = []
    import_rows(rows(draft("a"), BAD_JSON, draft("b")), store.write, check_entry, on_progress=told.append)
    assert told == [1, 2, 3]


def test_error_of_the_store_passes_through() -> None:
    def broken(_changes: Changes) -> Written:
        raise StoreUnavailable("磁盘已满。")

    with pytest.raises(StoreUnavailable):
        import_rows(rows(draft("a")), broken, check_entry)


def test_export_of_one_store_imported_into_another_is_the_same_file(store: Store, tmp_path: Path) -> None:
    some = [draft("a", shop_id="demo", items=["cup"], tags=["t"], note="内部"), draft("b-中", effective_from=None)]
    brought_in(store, *some, draft("c"))
    store.write(Changes(deletes=["c"]))
    with closing(Store(f"sqlite:///{tmp_path / 'other.db'}")) as other:
        first = exported(store)
        report = import_rows(read_rows(io.BytesIO(first)), other.write, check_entry)
        assert report.created == report.read == 2
        assert exported(other) == first
        assert import_rows(read_rows(io.BytesIO(first)), other.write, check_entry).unchanged == 2


def exported(store: Store) -> bytes:
    stream = io.BytesIO()
    dump_entries(store.every_entry(), stream)
    return stream.getvalue()


def in_order(changes: Changes) -> Written:
    """Stands in for the store: every draft is new."""
    from knowledge.changes import Saved

    return Written(tuple(Saved(one.id or f"new-{n}", 1, "created") for n, one in enumerate(changes.drafts)), 1)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(drafts(st.none() | ids) | st.just(BAD_JSON), max_size=8), st.booleans(), st.booleans())
def test_counts_always_add_up(some: Sequence[EntryDraft | Problem], keep_going: bool, strict: bool) -> None:
    validate: Callable[[EntryDraft], Iterable[Problem]] = check_entry if strict else lambda _: ()
    report = import_rows(rows(*some), in_order, validate, keep_going)
    assert report.read == len(some) == report.created + report.updated + report.unchanged + report.failed
    assert [row.number for row in report.rows] == list(range(1, len(some) + 1))
    assert all(bool(row.problems) == (row.outcome in ("failed", "skipped")) for row in report.rows)
    if not keep_going:
        assert report.failed in (0, report.read)
