"""Metrics of a running service, in Prometheus' terms."""

from __future__ import annotations

from typing import Literal

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from assistant.response import SuggestionResponse
from knowledge.snapshot import Snapshot

_SECONDS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 3.0)


class Metrics:
    """Counters of one service; each has a registry of its own, so that several can live in one process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "xiaoer_http_requests", "HTTP requests", ["method", "route", "status"], registry=self.registry
        )
        self._latency = Histogram(
            "xiaoer_suggestion_seconds", "Time to make suggestions", buckets=_SECONDS, registry=self.registry
        )
        self._turns = Counter(
            "xiaoer_turns", "Buyer turns by phase and outcome", ["phase", "outcome"], registry=self.registry
        )
        self._complaints = Counter("xiaoer_complaints", "Turns taken for complaints", registry=self.registry)
        self._records = Counter(
            "xiaoer_records", "Suggestions written down, or not", ["outcome"], registry=self.registry
        )
        self._revision = Gauge("xiaoer_knowledge_revision", "Revision that is searched", registry=self.registry)
        self._entries = Gauge("xiaoer_knowledge_entries", "Live entries", registry=self.registry)

    def answered(self, method: str, route: str, status: int) -> None:
        """Count one HTTP request."""
        self._requests.labels(method, route, str(status)).inc()

    def suggested(self, response: SuggestionResponse) -> None:
        """Count one response of the suggester."""
        self._latency.observe(response.took_ms / 1000)
        outcome = "abstained" if response.abstained else "suggested"
        self._turns.labels(response.understanding.phase, outcome).inc()
        if response.understanding.complaint.value:
            self._complaints.inc()

    def recorded(self, outcome: Literal["written", "dropped", "failed"], count: int = 1) -> None:
        """Count suggestions that were written down, found the queue full, or were refused by the database."""
        self._records.labels(outcome).inc(count)

    def observe(self, snapshot: Snapshot) -> None:
        """Set the gauges to the state that is searched now."""
        self._revision.set(snapshot.revision)
        self._entries.set(len(snapshot.entries))
