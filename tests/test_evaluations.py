"""The store of evaluations: one under way a shop, the last fifty kept, none that goes on for ever."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, inspect, text

import knowledge.migrations
from knowledge.audit import Author
from knowledge.errors import RecordNotFound, WrongState
from knowledge.evaluations import KEPT, SILENT, Documents, Evaluation
from knowledge.records.moments import now, stamp
from knowledge.store import Store

LIN = Author("小林", "evaluator", 1)
DOCUMENTS = Documents('{"名": 1}', "<p>报告</p>" * 1000, "default-src 'none'")


def begin(store: Store, shop: str = "demo", name: str = "甲") -> Evaluation:
    return store.evaluations.begin(shop, name, "upload", "a.jsonl", 3, LIN)


def test_a_run_is_followed_from_its_beginning_to_its_report(store: Store) -> None:
    begun = begin(store)
    assert (begun.state, begun.cases, begun.author) == ("running", 3, "小林")
    assert store.evaluations.progress(begun.id, "整套系统", 1, 3)
    running = store.evaluations.get(begun.id)
    assert (running.step, running.done, running.total) == ("整套系统", 1, 3)
    store.evaluations.finish(begun.id, DOCUMENTS, {"success_at_1": 0.5, "leaks": None}, 7)
    done = store.evaluations.get(begun.id)
    assert (done.state, done.step, done.knowledge_revision) == ("done", None, 7)
    assert done.numbers == {"success_at_1": 0.5, "leaks": None}
    assert done.ended_at is not None
    assert store.evaluations.documents(begun.id) == DOCUMENTS


def test_a_shop_has_one_under_way_and_another_shop_its_own(store: Store) -> None:
    first = begin(store)
    with pytest.raises(WrongState):
        begin(store)
    begin(store, "other")
    store.evaluations.fail(first.id, "坏了")
    assert begin(store).id != first.id


def test_a_failed_run_says_why_and_has_no_report(store: Store) -> None:
    begun = begin(store)
    store.evaluations.fail(begun.id, "第 3 行不对")
    assert (store.evaluations.get(begun.id).state, store.evaluations.get(begun.id).error) == ("failed", "第 3 行不对")
    with pytest.raises(RecordNotFound):
        store.evaluations.documents(begun.id)


def test_a_run_that_was_thrown_away_is_told_so_and_leaves_nothing(store: Store) -> None:
    begun = begin(store)
    store.evaluations.remove(begun.id, LIN)
    assert not store.evaluations.progress(begun.id, "整套系统", 1, 3)
    store.evaluations.finish(begun.id, DOCUMENTS, {}, 1)
    with pytest.raises(RecordNotFound):
        store.evaluations.get(begun.id)
    with pytest.raises(RecordNotFound):
        store.evaluations.documents(begun.id)


def test_who_began_a_run_and_who_threw_it_away_is_recorded(store: Store) -> None:
    begun = begin(store)
    store.evaluations.remove(begun.id, LIN)
    store.evaluations.remove(begun.id, LIN)
    told = [(each.action, each.object, each.shop_id, each.who) for each in store.audit.page(action="evaluation")]
    assert told == [(f"evaluation.{action}", str(begun.id), "demo", "小林") for action in ("delete", "start")]


def test_a_run_nobody_hears_of_has_failed_and_keeps_no_other_from_starting(store: Store, url: str) -> None:
    begun = begin(store)
    engine = create_engine(url)
    with engine.begin() as connection:
        long_ago = {"at": stamp(now() - SILENT - timedelta(seconds=1))}
        connection.execute(text("UPDATE evaluations SET heard_at = :at"), long_ago)
    engine.dispose()
    again = begin(store)
    assert store.evaluations.get(begun.id).state == "failed"
    assert "重新运行" in (store.evaluations.get(begun.id).error or "")
    assert store.evaluations.get(again.id).state == "running"


def test_the_last_fifty_of_a_shop_are_kept(store: Store) -> None:
    other = begin(store, "other")
    store.evaluations.finish(other.id, DOCUMENTS, {}, 1)
    ids = []
    for number in range(KEPT + 2):
        begun = begin(store, name=f"第 {number} 次")
        store.evaluations.finish(begun.id, DOCUMENTS, {}, 1)
        ids.append(begun.id)
    assert [one.id for one in store.evaluations.list("demo")] == ids[:1:-1]
    with pytest.raises(RecordNotFound):
        store.evaluations.documents(ids[0])
    assert store.evaluations.get(other.id).state == "done"


def test_its_tables_go_and_come_back_with_the_migration(url: str) -> None:
    Store(url).close()
    engine = create_engine(url)
    try:
        for revision, there in (("0006", False), ("0007", True)):
            with engine.begin() as connection:
                config = Config(attributes={"connection": connection})
                config.set_main_option("script_location", str(Path(knowledge.migrations.__file__).parent))
                (command.upgrade if there else command.downgrade)(config, revision)
                tables = set(inspect(connection).get_table_names())
            assert ({"evaluations", "evaluation_documents"} <= tables) is there
    finally:
        engine.dispose()
    with closing(Store(url)) as store:
        begin(store)
