"""Writing down in the background: no answer waits, nothing is lost at the end, and what is dropped is counted."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from assistant.request import SuggestionRequest
from assistant.response import Complaint, Emotion, Source, Suggestion, SuggestionResponse, Understanding
from assistant.service import recorder as module
from assistant.service.metrics import Metrics
from assistant.service.recorder import Recorder
from assistant.service.suggestion_record import record_of
from knowledge.errors import StoreUnavailable
from knowledge.records.suggestion_log import SuggestionRecord
from knowledge.store import Store
from tests.record_fixtures import rows
from tests.service_processes import serving
from tests.small_knowledge import settings_over

pytest_plugins = ["tests.service_fixtures"]

ASKED = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
SUGGESTION = Suggestion(
    id="s-1",
    rank=1,
    text="亲，已为您改到浙江省杭州市西湖区文三路138号",
    confidence=0.9,
    kind="policy",
    intent="order.change_address",
    parts=(),
    source=Source(entry_id="e-1", version=2, title="改地址", matched=None, effective_until=None),
    missing=("order.state",),
)
RESPONSE = SuggestionResponse(
    request_id="r-1",
    for_message_id="m3",
    knowledge_revision=4,
    abstained=False,
    reason=None,
    suggestions=(SUGGESTION,),
    next_steps=(),
    took_ms=9.0,
    understanding=Understanding(
        complaint=Complaint(value=False, confidence=0.9),
        emotion=Emotion(label="neutral", confidence=0.9),
        phase="in_sale",
    ),
)


def request(**fields: Any) -> SuggestionRequest:
    messages = [
        {"id": "m1", "role": "agent", "text": "在的"},
        {"id": "m2", "role": "buyer", "text": "改到13800001111", "sent_at": ASKED.isoformat()},
        {"id": "m3", "role": "buyer", "text": "能改吗"},
    ]
    usual = {
        "conversation_id": "c1",
        "messages": messages,
        "context": {"agent": {"name": "小王"}, "item": {"item_id": "i1"}},
    }
    return SuggestionRequest.model_validate(usual | fields)


class SlowLog:
    """A log that stores nothing before it is let."""

    def __init__(self) -> None:
        self.may, self.records = threading.Event(), list[SuggestionRecord]()

    def add(self, records: Sequence[SuggestionRecord]) -> None:
        assert self.may.wait(20)
        self.records += records


class AwayLog:
    """A log whose database is away for a while, or refuses records of one request id."""

    def __init__(self, failures: int = 0, refused: str = "") -> None:
        self.failures, self.refused, self.stored = failures, refused, list[str]()

    def add(self, records: Sequence[SuggestionRecord]) -> None:
        if self.failures:
            self.failures -= 1
            raise StoreUnavailable("数据库没有应答。")
        if any(record.request_id == self.refused for record in records):
            raise ValueError("refused")
        self.stored += [record.request_id for record in records]


def counted(metrics: Metrics, outcome: str) -> float:
    return metrics.registry.get_sample_value("xiaoer_records_total", {"outcome": outcome}) or 0


def answer(number: int) -> SuggestionResponse:
    return RESPONSE.model_copy(update={"request_id": f"r-{number}"})


def test_a_record_says_what_happened_and_masks_who(store: Store) -> None:
    made = record_of("demo", request(), RESPONSE, ASKED + timedelta(seconds=3))
    assert (made.message, made.replies[0].text) == ("改到138****1111，能改吗", "亲，已为您改到浙江省杭州市****")
    assert (made.asked_at, made.agent, made.item_id, made.message_id) == (ASKED, "小王", "i1", "m3")
    assert (made.missing, made.replies[0].entry_id) == (("order.state",), "e-1")
    store.suggestion_log.add([made])


def test_half_of_what_a_database_refuses_is_taken_out(store: Store) -> None:
    odd = request(conversation_id="c\0", messages=[{"id": "m\0", "role": "buyer", "text": "在\0吗"}])
    store.suggestion_log.add([record_of("demo", odd, RESPONSE.model_copy(update={"request_id": "r\0"}), ASKED)])
    assert rows(store, "suggestions")[0]["message"] == "在吗"


def test_before_it_is_started_everything_is_written_at_once(store: Store) -> None:
    Recorder(store.suggestion_log, Metrics()).record("demo", request(), RESPONSE)
    assert len(rows(store, "suggestions")) == 1


def test_what_was_recorded_is_written_after_settling(store: Store) -> None:
    metrics = Metrics()
    recorder = Recorder(store.suggestion_log, metrics)
    recorder.start()
    for number in range(30):
        recorder.record("demo", request(), answer(number))
    recorder.settle(20)
    assert [row["request_id"] for row in rows(store, "suggestions")] == [f"r-{number}" for number in range(30)]
    recorder.close()
    assert counted(metrics, "written") == 30


def test_recording_does_not_wait_for_the_database_and_closing_does() -> None:
    slow, metrics = SlowLog(), Metrics()
    recorder = Recorder(slow, metrics)
    recorder.start()
    for number in range(250):
        recorder.record("demo", request(), answer(number))
    assert slow.records == []
    recorder.settle(0.05)
    slow.may.set()
    recorder.close()
    assert [record.request_id for record in slow.records] == [f"r-{number}" for number in range(250)]


def test_what_finds_the_queue_full_is_counted() -> None:
    slow, metrics = SlowLog(), Metrics()
    recorder = Recorder(slow, metrics, capacity=5)
    recorder.start()
    for number in range(20):
        recorder.record("demo", request(), answer(number))
    slow.may.set()
    recorder.close()
    assert counted(metrics, "dropped") + counted(metrics, "written") == 20
    assert counted(metrics, "dropped") >= 14 - 5
    assert len(slow.records) == counted(metrics, "written")


def test_a_database_that_is_away_for_a_moment_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAUSES", (0.01, 0.01, 0.01))
    away, metrics = AwayLog(failures=3), Metrics()
    recorder = Recorder(away, metrics)
    recorder.start()
    recorder.record("demo", request(), RESPONSE)
    recorder.settle(20)
    recorder.close()
    assert (away.stored, counted(metrics, "written"), counted(metrics, "failed")) == (["r-1"], 1, 0)


def test_a_database_that_stays_away_is_counted_and_ends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAUSES", (0.01,))
    away, metrics = AwayLog(failures=2), Metrics()
    recorder = Recorder(away, metrics)
    recorder.start()
    recorder.record("demo", request(), answer(1))
    recorder.settle(20)
    recorder.record("demo", request(), answer(2))
    recorder.close()
    assert (counted(metrics, "failed"), away.stored) == (1, ["r-2"])


def test_one_record_that_is_refused_does_not_take_others_with_it() -> None:
    away, metrics = AwayLog(refused="r-1"), Metrics()
    recorder = Recorder(away, metrics)
    for number in range(3):
        recorder._queue.put(("demo", request(), answer(number), ASKED))
    recorder.start()
    recorder.close()
    assert (away.stored, counted(metrics, "failed"), counted(metrics, "written")) == (["r-0", "r-2"], 1, 2)


def test_a_server_that_is_ended_has_written_everything_down(data: Path) -> None:
    with serving(data) as server:
        with server.client() as client:
            for number in range(10):
                body = {
                    "request_id": f"r-{number}",
                    "conversation_id": "c1",
                    "messages": [{"role": "buyer", "text": "在吗"}],
                }
                assert client.post("/v1/suggestions", json=body).status_code == 200
        server.process.terminate()
        server.process.wait(30)
    with closing(Store(settings_over(data).store_url)) as store:
        assert [row["request_id"] for row in rows(store, "suggestions")] == [f"r-{number}" for number in range(10)]
