"""Feedback in ranking: off unless asked for, only between answers that match alike, and always to be seen."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert
from starlette.testclient import TestClient

from assistant.ranking import FEEDBACK, rank
from assistant.service.api import create_app
from assistant.service.feedback_ranking import KEPT_S, KeptValues, live_suggester
from assistant.service.wiring import Parts
from knowledge.changes import Changes
from knowledge.conversation_tables import feedback
from knowledge.database import Database
from knowledge.entries import Entry
from knowledge.retriever import Candidate
from knowledge.store import Store
from models.calibration import Calibration, load_calibration
from models.encoder import Encoder
from tests.entry_examples import draft
from tests.small_knowledge import LOCAL
from tests.starter_fixtures import request

pytest_plugins = ["tests.service_fixtures"]


def judge(
    url: str, entry_id: str, *, liked: int = 0, disliked: int = 0, shop_id: str = "demo", version: int = 1
) -> None:
    database = Database(url)
    usual = {"shop_id": shop_id, "at": "2026-01-01", "request_id": "r", "entry_id": entry_id, "version": version}
    rows = [usual | {"action": action} for action in ["liked"] * liked + ["disliked"] * disliked + ["sent"] * 9]
    with database.writing() as connection:
        connection.execute(insert(feedback), rows)
    database.close()


def test_values_go_from_all_disliked_to_all_liked_once_there_are_enough(url: str) -> None:
    with closing(Store(url)) as store:
        store.write(Changes(drafts=[draft(name) for name in ("good", "bad", "mixed", "few")]))
        judge(url, "good", liked=4)
        judge(url, "bad", disliked=4)
        judge(url, "mixed", liked=3, disliked=1)
        judge(url, "few", liked=3)
        judge(url, "few", liked=9, shop_id="other")
        judge(url, "gone", liked=9)
        assert store.liking.values("demo", 4) == {"good": 1.0, "bad": -1.0, "mixed": 0.5}
        assert store.liking.values("other", 4) == {"few": 1.0}
        assert store.liking.values("\0", 1) == {}


def test_what_was_said_of_an_earlier_version_is_settled(url: str) -> None:
    with closing(Store(url)) as store:
        store.write(Changes(drafts=[draft("a")]))
        judge(url, "a", disliked=5)
        store.write(Changes(drafts=[draft("a", title="改好了")]))
        assert store.liking.values("demo", 1) == {}


def candidates(*dense: float) -> list[Candidate]:
    entries = [
        Entry.model_validate({**draft(f"e{number}", intent="pre.freight").model_dump(), "version": 1})
        for number in range(len(dense))
    ]
    return [Candidate(entry, entry.title, near, 0.5, 0.8, 0.0) for entry, near in zip(entries, dense, strict=True)]


@pytest.fixture(scope="module")
def calibration(encoder: Encoder) -> Calibration:
    return load_calibration(encoder.id)


@given(st.lists(st.floats(0.5, 1), min_size=1, max_size=6), st.data())
def test_it_is_bounded_touches_no_confidence_and_shows(
    calibration: Calibration, dense: list[float], data: st.DataObject
) -> None:
    found = candidates(*dense)
    names = [one.entry.id for one in found]
    values = data.draw(st.dictionaries(st.sampled_from(names), st.floats(-3, 3)))
    plain = {one.entry.id: one for one in rank(found, {"pre.freight": 0.9}, calibration)}
    for one in rank(found, {"pre.freight": 0.9}, calibration, values):
        before = plain[one.entry.id]
        assert one.confidence == before.confidence
        assert abs(one.match - before.match) <= FEEDBACK + 1e-9
        assert ("feedback" in one.signals) == (one.entry.id in values)


def test_of_two_that_match_alike_the_liked_one_goes_first_and_a_closer_one_stays_first(
    calibration: Calibration,
) -> None:
    alike, closer = candidates(0.9, 0.9), candidates(0.99, 0.9)
    liked = {"e0": -1.0, "e1": 1.0}
    assert [one.entry.id for one in rank(alike, {"pre.freight": 0.9}, calibration, liked)] == ["e1", "e0"]
    assert [one.entry.id for one in rank(closer, {"pre.freight": 0.9}, calibration, liked)] == ["e0", "e1"]


def test_only_answers_to_agents_know_it_and_only_where_it_is_on(parts: Parts) -> None:
    parts.base.write(Changes(drafts=[draft("twin", authority="phrase")]))  # a little behind its twin by itself
    judge(parts.settings.store_url, "twin", liked=5)
    judge(parts.settings.store_url, "policy-ship", disliked=5)
    on = replace(parts, settings=parts.settings.model_copy(update={"feedback_ranking": "on", "feedback_minimum": 5}))
    asked = request("啥时候发货呀")

    def first(parts: Parts) -> tuple[str, float | None]:
        with TestClient(create_app(parts), base_url=LOCAL) as client:
            best = client.post("/v1/suggestions", json=asked.model_dump(mode="json")).json()["suggestions"][0]
        return best["source"]["entry_id"], best["signals"].get("feedback")

    assert first(parts) == ("policy-ship", None)
    assert first(on) == ("twin", 1.0)
    assert on.suggester.suggest(asked).suggestions[0].source.entry_id == "policy-ship"
    assert live_suggester(parts) is parts.suggester
    few = replace(on, settings=on.settings.model_copy(update={"feedback_minimum": 6}))
    assert first(few) == ("policy-ship", None)


def test_values_are_read_once_a_minute_for_each_shop() -> None:
    read: list[str] = []
    moment = [0.0]

    def values(shop_id: str) -> dict[str, float]:
        read.append(shop_id)
        return {shop_id: 1.0}

    kept = KeptValues(values, lambda: moment[0])
    assert [kept("a"), kept("a"), kept("b")] == [{"a": 1.0}, {"a": 1.0}, {"b": 1.0}]
    assert read == ["a", "b"]
    moment[0] = KEPT_S + 1
    kept("a")
    assert read == ["a", "b", "a"]
