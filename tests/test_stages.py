"""The stopwatch: every part of a request's time is some stage's, and nobody listens unless asked to."""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter, sleep

import pytest

from assistant.service.wiring import Parts
from assistant.stages import NO_STAGES, STAGES, Stopwatch
from tests.starter_fixtures import request
from tests.starter_fixtures import starter_parts as starter_parts


def test_the_time_between_two_calls_belongs_to_the_stage_that_ends() -> None:
    watch = Stopwatch()
    watch.begin()
    sleep(0.01)
    watch.end("encode")
    watch.end("retrieve")
    sleep(0.02)
    watch.end("encode")
    assert watch.seconds["encode"] >= 0.03
    assert watch.seconds["retrieve"] < 0.01
    watch.begin()
    assert set(watch.seconds.values()) == {0.0}


@pytest.mark.parametrize("text", ["什么时候发货", "我160高100斤穿什么码？还有什么颜色"])
def test_the_stages_of_a_request_add_up_to_the_whole_of_it(starter_parts: Parts, text: str) -> None:
    watch = Stopwatch()
    suggester = replace(starter_parts.suggester, stages=watch)
    suggester.suggest(request("在吗"))
    started = perf_counter()
    suggester.suggest(request(text))
    whole = perf_counter() - started
    assert all(watch.seconds[stage] > 0 for stage in STAGES)
    assert 0.8 * whole < sum(watch.seconds.values()) <= whole


def test_an_opening_is_neither_searched_nor_understood(starter_parts: Parts) -> None:
    watch = Stopwatch()
    replace(starter_parts.suggester, stages=watch).suggest(request(intent="care.thanks"))
    assert watch.seconds["retrieve"] == watch.seconds["understand"] == 0
    assert watch.seconds["write"] > 0


def test_a_running_service_has_nobody_listening(starter_parts: Parts) -> None:
    assert starter_parts.suggester.stages is NO_STAGES


def test_listening_changes_no_answer(starter_parts: Parts) -> None:
    plain = starter_parts.suggester.suggest(request("能改地址吗"))
    timed = replace(starter_parts.suggester, stages=Stopwatch()).suggest(request("能改地址吗"))
    assert [one.text for one in timed.suggestions] == [one.text for one in plain.suggestions]
