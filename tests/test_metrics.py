"""Metrics count what happened, and each service counts its own."""

from __future__ import annotations

import pytest
from fastapi import FastAPI
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from assistant.response import Complaint, Emotion, SuggestionResponse, Understanding
from assistant.service.api import create_app
from assistant.service.metrics import Metrics
from assistant.service.wiring import Parts
from tests.entry_examples import draft
from tests.small_knowledge import LOCAL

pytest_plugins = ["tests.service_fixtures"]

SUGGESTIONS = "/v1/suggestions"


def scraped(client: TestClient) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    """What Prometheus would read."""
    answer = client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    families = text_string_to_metric_families(answer.text)
    return {(one.name, frozenset(one.labels.items())): one.value for family in families for one in family.samples}


def counted(client: TestClient, name: str, **labels: str) -> float:
    return scraped(client).get((name, frozenset(labels.items())), 0.0)


def requests(client: TestClient, method: str, route: str, status: int) -> float:
    return counted(client, "xiaoer_http_requests_total", method=method, route=route, status=str(status))


def response(complaint: bool = False, abstained: bool = False, phase: str = "after_sale") -> SuggestionResponse:
    return SuggestionResponse(
        request_id="r-1",
        for_message_id=None,
        knowledge_revision=1,
        understanding=Understanding(
            complaint=Complaint(value=complaint, confidence=0.9),
            emotion=Emotion(label="neutral", confidence=0.9),
            phase=phase,
        ),
        abstained=abstained,
        reason="没有把握" if abstained else None,
        suggestions=(),
        next_steps=(),
        took_ms=40.0,
    )


def test_requests_are_counted_by_route_not_by_address(client: TestClient) -> None:
    for entry_id in ("policy-ship", "policy-address", "nobody"):
        client.get(f"/v1/entries/{entry_id}")
    assert requests(client, "GET", "/v1/entries/{entry_id}", 200) == 2
    assert requests(client, "GET", "/v1/entries/{entry_id}", 404) == 1
    assert not any("nobody" in str(labels) for _, labels in scraped(client))


def test_addresses_that_do_not_exist_make_one_series(client: TestClient) -> None:
    for number in range(5):
        client.get(f"/wp-admin/{number}")
    assert requests(client, "GET", "other", 404) == 5


@pytest.mark.parametrize(("content", "status"), [(b"{", 422), (b"x" * 1_000_000, 413)])
def test_refused_requests_are_counted(client: TestClient, content: bytes, status: int) -> None:
    client.post(SUGGESTIONS, content=content, headers={"Content-Type": "application/json"})
    found = {labels for name, labels in scraped(client) if name == "xiaoer_http_requests_total"}
    assert str(status) in {dict(labels)["status"] for labels in found}


def test_crashes_are_counted_once(parts: Parts) -> None:
    app: FastAPI = create_app(parts)

    def fail() -> None:
        raise RuntimeError

    app.add_api_route("/fail", fail)
    client = TestClient(app, base_url=LOCAL, raise_server_exceptions=False)
    assert client.get("/fail").status_code == 500
    assert requests(client, "GET", "/fail", 500) == 1


def test_suggestions_are_counted_with_their_time(client: TestClient) -> None:
    assert counted(client, "xiaoer_suggestion_seconds_count") == 0
    answer = client.post(SUGGESTIONS, json={"messages": [{"role": "buyer", "text": "能改地址吗"}]}).json()
    assert counted(client, "xiaoer_suggestion_seconds_count") == 1
    assert counted(client, "xiaoer_suggestion_seconds_sum") == pytest.approx(answer["took_ms"] / 1000)
    phase = answer["understanding"]["phase"]
    assert counted(client, "xiaoer_turns_total", phase=phase, outcome="suggested") == 1


def test_the_gauges_say_what_is_searched_now(client: TestClient) -> None:
    assert counted(client, "xiaoer_knowledge_revision") == 1
    assert counted(client, "xiaoer_knowledge_entries") == 2
    client.post("/v1/entries", json=draft("more").model_dump(mode="json"))
    assert counted(client, "xiaoer_knowledge_revision") == 2
    assert counted(client, "xiaoer_knowledge_entries") == 3


def test_outcomes_and_complaints_are_told_apart() -> None:
    metrics = Metrics()
    for one in (response(), response(complaint=True), response(abstained=True), response(abstained=True)):
        metrics.suggested(one)
    value = metrics.registry.get_sample_value
    assert value("xiaoer_turns_total", {"phase": "after_sale", "outcome": "suggested"}) == 2
    assert value("xiaoer_turns_total", {"phase": "after_sale", "outcome": "abstained"}) == 2
    assert value("xiaoer_complaints_total") == 1
    assert value("xiaoer_suggestion_seconds_sum") == pytest.approx(0.16)
    assert value("xiaoer_suggestion_seconds_bucket", {"le": "0.05"}) == 4
    assert value("xiaoer_suggestion_seconds_bucket", {"le": "0.02"}) == 0


def test_two_services_in_one_process_count_apart() -> None:
    first, second = Metrics(), Metrics()
    first.answered("GET", "/", 200)
    labels = {"method": "GET", "route": "/", "status": "200"}
    assert first.registry.get_sample_value("xiaoer_http_requests_total", labels) == 1
    assert second.registry.get_sample_value("xiaoer_http_requests_total", labels) is None
