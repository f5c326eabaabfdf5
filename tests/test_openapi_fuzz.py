"""Any request that the OpenAPI document allows, and many that it does not: never a 5xx, never an undeclared answer.

XIAOER_FUZZ_CASES sets how many requests are made in all (default 200).
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.core.result import Ok
from schemathesis.python.asgi import ASGIApp, get_client, shutdown_lifespans
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

import assistant.service.routes.conversations
from assistant.service.api import create_app
from assistant.service.wiring import Parts
from assistant.suggester import Suggester
from eval.serving import DialogsEvaluator
from knowledge.base import KnowledgeBase
from knowledge.store import Store
from models.calibration import load_calibration
from models.encoder import Encoder
from tests.small_knowledge import SMALL, settings_over

CASES = int(os.environ.get("XIAOER_FUZZ_CASES", "200"))
CHECKS = [
    schemathesis.checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
PATIENCE_S = 120  # the first evaluation loads its libraries
MOST_ROUNDS = 5
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)


class SmallEvaluator(DialogsEvaluator):
    """The evaluator that is shipped, except that our own dialogs are one message: the real ones take minutes."""

    def own(self) -> bytes:
        message = {"role": "buyer", "text": "到哪了", "labels": {"intents": ["order.urge_ship"]}}
        return json.dumps({"dialog_id": "d", "messages": [message]}).encode()


@dataclass
class Fuzzer:
    """Sends cases as an admin, and notes what was wrong with the answers."""

    app: FastAPI
    store: Store
    statuses: Counter[int] = field(default_factory=Counter)
    failures: dict[str, str] = field(default_factory=dict)
    secret: str = ""

    def send(self, case: schemathesis.Case[Any]) -> None:
        """Send one case."""
        if not self.store.api_keys.verify(self.secret):  # a case may well revoke it
            self.secret = self.store.api_keys.create("老板")
        headers = {"Authorization": f"Bearer {self.secret}"}
        with get_client(cast(ASGIApp, self.app)) as session:
            answer = case.call(session=session, headers=headers, timeout=PATIENCE_S)
        self.statuses[answer.status_code] += 1
        try:
            case.validate_response(answer, checks=CHECKS)
        except (Failure, FailureGroup) as failure:
            self.failures.setdefault(f"{case.operation.label} {answer.status_code}", str(failure))

    def run(self, operation: APIOperation[Any, Any, Any, Any], mode: GenerationMode, cases: int, round_: int) -> None:
        """Send that many cases of one operation, others in each round but the same ones every time."""

        @seed(round_)
        @settings(
            max_examples=cases, deadline=None, database=None, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(operation.as_strategy(generation_mode=mode))
        def try_all(case: schemathesis.Case[Any]) -> None:
            self.send(case)

        with suppress(Unsatisfiable):  # where nothing can be sent there is nothing to send wrongly
            try_all()


@pytest.fixture
def fuzzer(
    tmp_path_factory: pytest.TempPathFactory, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Fuzzer]:
    """A service over a small knowledge, without a limit on requests."""
    monkeypatch.setattr(assistant.service.routes.conversations, "STREAM_S", 0.0)
    configured = settings_over(tmp_path_factory.mktemp("fuzz")).model_copy(update={"rate_limit": "off"})
    store = Store(configured.store_url)
    base = KnowledgeBase.open(store, encoder, configured.index_dir)
    with closing(base):
        base.write(SMALL)
        suggester = Suggester(base, encoder, load_calibration(encoder.id), "demo")
        app = create_app(Parts(configured, store, base, suggester, evaluator=SmallEvaluator()))
        yield Fuzzer(app, store)
        shutdown_lifespans()


@pytest.mark.timeout(3600)
def test_no_request_brings_a_server_error_or_an_undeclared_answer(fuzzer: Fuzzer) -> None:
    document = schemathesis.openapi.from_asgi("/openapi.json", fuzzer.app)
    found = list(document.get_all_operations())
    operations = [result.ok() for result in found if isinstance(result, Ok)]
    assert len(operations) == len(found) > 0, "an operation that the document describes wrongly"
    each = max(1, CASES // len(operations) // len(MODES))
    for round_ in range(MOST_ROUNDS):
        for operation in operations:
            for mode in MODES:
                fuzzer.run(operation, mode, each, round_)
        if fuzzer.statuses.total() >= CASES:
            break
    assert not fuzzer.failures, "\n\n".join(f"{place}\n{told}" for place, told in fuzzer.failures.items())
    assert fuzzer.statuses.total() >= CASES, fuzzer.statuses
    assert fuzzer.statuses[200], fuzzer.statuses
    assert fuzzer.statuses[422], fuzzer.statuses
