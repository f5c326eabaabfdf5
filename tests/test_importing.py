"""An import stores the whole file or says row by row why not, and its counts add up."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.checks import check_entry
from knowledge.entries import Entry, EntryDraft
from knowledge.errors import EntryExists, Problem, StoreUnavailable, VersionConflict
from knowledge.exchange.jsonl import dump_entries, read_rows
from knowledge.exchange.reading import Format, open_rows
from knowledge.exchange.rows import Row
from knowledge.exchange.writing import write_entries
from knowledge.import_checks import Policy
from knowledge.importing import SKIPPED, ImportReport, import_rows
from knowledge.known_entries import KnownEntries
from knowledge.starter import starter_changes
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
    def broken(*_: Changes, **__: Mapping[str, int]) -> Written:
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


@pytest.mark.parametrize("kind", ["csv", "xlsx", "jsonl"])
def test_the_whole_starter_knowledge_comes_back_from_every_format(store: Store, tmp_path: Path, kind: Format) -> None:
    store.write(starter_changes(), by=None)
    file = in_format(store, kind)
    with closing(Store(f"sqlite:///{tmp_path / 'other.db'}")) as other:
        report = import_rows(open_rows(file, f"a.{kind}").rows, other.write, check_entry)
        assert report.created == report.read > 400
        assert exported(other) == exported(store)
        again = in_format(other, kind)
        assert again == file or kind == "xlsx", "only a workbook says when it was made"
        rows = open_rows(again, f"a.{kind}", known=known(other)).rows
        assert import_rows(rows, other.write, check_entry, known=known(other)).unchanged == report.read


def in_format(store: Store, kind: Format) -> bytes:
    stream = io.BytesIO()
    write_entries(store.every_entry(), kind, stream)
    return stream.getvalue()


def exported(store: Store) -> bytes:
    stream = io.BytesIO()
    dump_entries(store.every_entry(), stream)
    return stream.getvalue()


def in_order(changes: Changes, *, expected: Mapping[str, int]) -> Written:
    """Stands in for the store: every draft is new."""
    assert not expected
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


# ---- entries that are there already


def known(store: Store) -> KnownEntries:
    return KnownEntries(store.every_entry())


def brought_again(store: Store, *some: EntryDraft | Problem, policy: Policy = "update", **how: Any) -> ImportReport:
    write = how.pop("write", store.write)
    return import_rows(rows(*some), write, check_entry, known=known(store), policy=policy, **how)


def test_a_row_without_id_means_the_entry_of_its_shop_that_has_its_title(store: Store) -> None:
    brought_in(store, draft("a", title="甲"), draft("b", title="甲", shop_id="demo"))
    report = brought_again(store, draft(None, title="甲", note="新"), draft(None, title="乙"))
    assert outcomes(report) == ["updated", "created"]
    assert report.rows[0].entry_id == "a"
    assert (store.entry("a").note, store.entry("b").note) == ("新", None)


@pytest.mark.parametrize(("policy", "found"), [("skip", ["unchanged", "created"]), ("refuse", ["failed", "skipped"])])
def test_entries_that_are_there_are_passed_over_or_refused(store: Store, policy: Policy, found: list[str]) -> None:
    brought_in(store, draft("a"))
    report = brought_again(store, draft("a", title="改"), draft("b"), policy=policy)
    assert outcomes(report) == found
    assert report.rows[0].passed_over == (policy == "skip")
    assert store.entry("a").title == draft().title


def test_a_title_of_several_entries_asks_for_the_id(store: Store) -> None:
    brought_in(store, draft("a"), draft("b"))
    (problem,) = brought_again(store, draft(None)).rows[0].problems
    assert problem.field == "title"
    assert "a、b" in problem.reason


def test_two_rows_that_mean_one_entry_fail(store: Store) -> None:
    brought_in(store, draft("a", title="甲"))
    report = brought_again(
        store, draft(None, title="甲"), draft("a", title="乙"), draft(None, title="丙"), draft(None, title="丙")
    )
    assert outcomes(report) == ["unchanged", "failed", "skipped", "failed"]
    assert "第 1 行" in report.rows[1].problems[0].reason
    assert "第 3 行的标准问" in report.rows[3].problems[0].reason


def test_a_trial_foresees_what_the_import_does_and_stores_nothing(store: Store) -> None:
    brought_in(store, draft("a"), draft("b"))
    some: list[EntryDraft | Problem] = [draft("a"), draft("b", title="新"), draft("c"), BAD_JSON]
    trial = brought_again(store, *some, write=None, keep_going=True)
    assert (outcomes(trial), trial.revision, store.revision()) == (
        ["unchanged", "updated", "created", "failed"],
        None,
        1,
    )
    assert outcomes(brought_again(store, *some, keep_going=True)) == outcomes(trial)


def test_a_save_between_the_check_and_the_write_is_a_conflict(store: Store) -> None:
    brought_in(store, draft("a"))
    before = known(store)
    brought_in(store, draft("a", title="别人改的"))
    with pytest.raises(VersionConflict, match="别人"):
        import_rows(rows(draft("a", title="我改的")), store.write, check_entry, known=before)


def test_an_entry_made_between_the_check_and_the_write_is_not_overwritten(store: Store) -> None:
    before = known(store)
    brought_in(store, draft("a", shop_id="other", title="别家的"))
    with pytest.raises(EntryExists, match="已经存在"):
        import_rows(rows(draft("a", title="我的")), store.write, check_entry, known=before)
    assert (store.entry("a").shop_id, store.entry("a").title) == ("other", "别家的")


def test_ids_that_the_importer_may_not_see_are_taken_and_no_more(store: Store) -> None:
    brought_in(store, draft("theirs", shop_id="other", title="别家的"))
    seen = KnownEntries(store.every_entry(), lambda shop: shop != "other")
    report = import_rows(
        rows(draft("theirs"), draft(None, shop_id="other", title="别家的")), None, check_entry, known=seen
    )
    assert "已被占用" in report.rows[0].problems[0].reason
    assert report.rows[1].problems[0] == SKIPPED


def test_leave_is_asked_only_for_rows_that_change_something(store: Store) -> None:
    brought_in(store, draft("a"), draft("b"))
    asked: list[tuple[str | None, Entry | None]] = []

    def permit(one: EntryDraft, stored: Entry | None) -> Problem | None:
        asked.append((one.id, stored))
        return Problem("shop_id", "不许", "别写")

    report = brought_again(store, draft("a"), draft("b", title="新"), draft("c"), keep_going=True, permit=permit)
    assert outcomes(report) == ["unchanged", "failed", "failed"]
    assert [(name, stored and stored.id) for name, stored in asked] == [("b", "b"), ("c", None)]


def test_a_short_code_that_another_entry_of_the_shop_has_is_a_problem_of_its_row(store: Store) -> None:
    brought_in(store, draft("a", short_code="fh"), draft("b", short_code="dz"))
    some = [
        draft("b", short_code=None),
        draft("c", short_code="DZ"),
        draft("d", short_code="FH"),
        draft("e", short_code="dz"),
    ]
    report = brought_again(store, *some, keep_going=True)
    assert outcomes(report) == ["updated", "created", "failed", "failed"]
    assert "条目 a" in report.rows[2].problems[0].reason
    assert "第 2 行" in report.rows[3].problems[0].reason
    assert brought_again(store, draft("a", short_code="dz"), draft("c", short_code="fh")).failed == 0, "they may swap"
