"""Evaluation over HTTP: started, followed, read and compared, with the real evaluator over a small knowledge."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from starlette.testclient import TestClient

from assistant.ranking import NO_FEEDBACK
from assistant.service.api import create_app
from assistant.service.evaluation_jobs import EvaluationJobs
from assistant.service.evaluator import Evaluated, Progress
from assistant.service.wiring import Parts
from assistant.suggester import Suggester
from eval.serving import DialogsEvaluator
from knowledge.api_keys import Role
from knowledge.audit import SYSTEM
from knowledge.catalogue import Item
from knowledge.changes import Changes
from tests.small_knowledge import LOCAL

pytest_plugins = ["tests.service_fixtures"]
SHIP = {
    "dialog_id": "d1",
    "messages": [{"role": "buyer", "text": "什么时候发货", "labels": {"intents": ["order.urge_ship"]}}],
}
ADDRESS = {
    "dialog_id": "d2",
    "messages": [{"role": "buyer", "text": "能改地址吗", "labels": {"intents": ["order.change_address"]}}],
}
PATIENCE_S = 120


def lines(*dialogs: dict[str, Any]) -> str:
    return "\n".join(json.dumps(dialog, ensure_ascii=False) for dialog in dialogs)


UPLOAD = {"name": "甲", "source": "upload", "file": "a.jsonl", "content": lines(SHIP, ADDRESS)}


@pytest.fixture
def evaluating(parts: Parts) -> Iterator[TestClient]:
    """A client of the API of a service that can evaluate."""
    app = create_app(replace(parts, evaluator=DialogsEvaluator()))
    with TestClient(app, base_url=LOCAL, raise_server_exceptions=False) as client:
        yield client


def finished(client: TestClient, draft: dict[str, Any]) -> dict[str, Any]:
    """Start a run and wait until it has ended."""
    answer = client.post("/v1/evaluations", json=draft)
    assert answer.status_code == 202, answer.text
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        found: dict[str, Any] = client.get(f"/v1/evaluations/{answer.json()['id']}").json()
        if found["state"] != "running":
            return found
        time.sleep(0.1)
    raise AssertionError("it does not end")


def key_of(parts: Parts, role: Role, shop: str | None = None) -> dict[str, str]:
    return {"Authorization": f"Bearer {parts.store.api_keys.create(role, role, shop)}"}


def test_a_file_is_evaluated_and_its_report_kept(evaluating: TestClient) -> None:
    found = finished(evaluating, UPLOAD)
    assert (found["state"], found["cases"], found["file"]) == ("done", 2, "a.jsonl"), found
    assert found["numbers"]["turns"] == 2
    assert found["knowledge_revision"] == 1
    report = evaluating.get(f"/v1/evaluations/{found['id']}/report")
    assert "小二测评报告" in report.text
    result = evaluating.get(f"/v1/evaluations/{found['id']}/result").json()
    assert (result["format"], result["metrics"]["turns"]) == ("xiaoer-eval/1", 2)


def test_a_report_is_shown_without_rights_of_its_own(evaluating: TestClient) -> None:
    found = finished(evaluating, UPLOAD)
    report = evaluating.get(f"/v1/evaluations/{found['id']}/report")
    policy = report.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox allow-scripts; default-src 'none'")
    assert "script-src 'sha256-" in policy
    assert "allow-same-origin" not in policy
    saved = evaluating.get(f"/v1/evaluations/{found['id']}/report", params={"download": True})
    assert saved.headers["Content-Disposition"].startswith("attachment")
    assert saved.content == report.content


def test_a_run_is_told_against_the_one_before_it(evaluating: TestClient, parts: Parts) -> None:
    first = finished(evaluating, UPLOAD)
    parts.base.write(Changes(deletes=["policy-ship"]))
    second = finished(evaluating, {**UPLOAD, "name": "乙"})
    assert second["against"] == first["id"]
    assert second["changes"]["success_at_1"] == second["numbers"]["success_at_1"] - first["numbers"]["success_at_1"] < 0
    listed = evaluating.get("/v1/evaluations").json()
    assert [one["name"] for one in listed["evaluations"]] == ["乙", "甲"]
    assert {metric["name"] for metric in listed["metrics"]} <= set(second["numbers"])


def test_two_runs_are_compared_message_by_message(evaluating: TestClient, parts: Parts) -> None:
    first = finished(evaluating, UPLOAD)
    parts.base.write(Changes(deletes=["policy-ship"]))
    second = finished(evaluating, {**UPLOAD, "content": lines(SHIP)})
    pair = {"a": first["id"], "b": second["id"]}
    found = evaluating.get("/v1/evaluations/compare", params=pair).json()
    assert (found["paired"], found["only_first"], found["only_second"]) == (1, 1, 0)
    assert [(one["id"], one["won"]) for one in found["changes"] if one["aspect"] == "首条"] == [("d1#0", False)]
    assert {one["zh"] for one in found["metrics"]} >= {"首条对", "意图理解对"}
    table = evaluating.get("/v1/evaluations/compare/export", params={**pair, "format": "csv"})
    assert table.content.startswith(b"\xef\xbb\xbf")
    assert "变差,首条,d1#0,什么时候发货" in table.text
    assert (
        "## 变好与变差的消息" in evaluating.get("/v1/evaluations/compare/export", params={**pair, "format": "md"}).text
    )


def test_the_shops_labelled_tests_are_a_source(evaluating: TestClient, parts: Parts) -> None:
    refused = evaluating.post("/v1/evaluations", json={"name": "甲", "source": "tests"})
    assert refused.status_code == 422
    assert "还没有标注测试" in refused.json()["detail"]
    test = parts.store.labelled_tests.add("demo", SHIP, SYSTEM)
    found = finished(evaluating, {"name": "甲", "source": "tests"})
    assert (found["state"], found["cases"]) == ("done", 1)
    result = evaluating.get(f"/v1/evaluations/{found['id']}/result").json()
    assert [case["id"] for case in result["cases"]] == [f"t{test.id}#0"]


@pytest.mark.parametrize(
    ("draft", "told"),
    [
        ({**UPLOAD, "content": None}, "没有文件内容"),
        ({**UPLOAD, "content": "{}"}, "第 1 行"),
        ({**UPLOAD, "content": lines(SHIP, {**ADDRESS, "messages": [{"role": "seller", "text": "在"}]})}, "第 2 行"),
        ({**UPLOAD, "content": lines({"dialog_id": "d", "messages": [{"role": "buyer", "text": "在"}]})}, "没有带标注"),
        ({**UPLOAD, "name": " "}, "name"),
        ({**UPLOAD, "source": "elsewhere"}, "source"),
    ],
)
def test_what_cannot_be_run_is_refused_with_the_reason(
    evaluating: TestClient, draft: dict[str, Any], told: str
) -> None:
    refused = evaluating.post("/v1/evaluations", json=draft)
    assert (refused.status_code, told in refused.json()["detail"]) == (422, True), refused.text
    assert evaluating.get("/v1/evaluations").json()["evaluations"] == []


def test_a_service_without_an_evaluator_says_so(client: TestClient) -> None:
    assert "xiaoer serve" in client.get("/v1/evaluations").json()["missing"]
    assert client.post("/v1/evaluations", json=UPLOAD).status_code == 503


def test_without_its_libraries_the_page_says_what_to_install(
    evaluating: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("eval.commands.output.NEEDED", {"there_is_no_such_module": "some-library"})
    assert "pip install" in evaluating.get("/v1/evaluations").json()["missing"]
    refused = evaluating.post("/v1/evaluations", json=UPLOAD)
    assert (refused.status_code, "some-library" in refused.json()["detail"]) == (503, True)


def test_no_shop_reads_anothers_runs(evaluating: TestClient, parts: Parts) -> None:
    found = finished(evaluating, UPLOAD)
    parts.base.write(Changes(items=[Item(item_id="a", shop_id="other", title="甲")]))
    other = key_of(parts, "evaluator", "other")
    assert evaluating.get("/v1/evaluations", headers=other).json()["evaluations"] == []
    for path in ("", "/report", "/result"):
        assert evaluating.get(f"/v1/evaluations/{found['id']}{path}", headers=other).status_code == 404
    assert evaluating.delete(f"/v1/evaluations/{found['id']}", headers=other).status_code == 404
    pair = {"a": found["id"], "b": found["id"]}
    assert evaluating.get("/v1/evaluations/compare", params=pair, headers=other).status_code == 404
    assert evaluating.post("/v1/evaluations", json={**UPLOAD, "shop_id": "demo"}, headers=other).status_code == 403


@pytest.mark.parametrize(("role", "status"), [("agent", 403), ("editor", 403), ("evaluator", 200), ("admin", 200)])
def test_only_evaluators_and_admins_evaluate(parts: Parts, client: TestClient, role: Role, status: int) -> None:
    assert client.get("/v1/evaluations", headers=key_of(parts, role)).status_code == status


class Waiting(DialogsEvaluator):
    """Goes on until it is told to stop, and remembers whom it asks."""

    asked: Suggester

    def run(  # what it is asked about does not matter
        self,
        suggester: Suggester,
        dialogs: bytes,  # noqa: ARG002
        name: str,  # noqa: ARG002
        on_progress: Progress,
    ) -> Evaluated:
        self.asked = suggester
        for number in range(PATIENCE_S * 10):
            on_progress(f"第 {number} 步", number, 0)
            time.sleep(0.1)
        raise AssertionError("it was not stopped")


@pytest.fixture
def waiting(parts: Parts) -> Iterator[tuple[TestClient, Waiting]]:
    evaluator = Waiting()
    with TestClient(create_app(replace(parts, evaluator=evaluator)), base_url=LOCAL) as client:
        yield client, evaluator


def test_one_of_a_shop_runs_at_a_time_and_is_stopped_by_throwing_it_away(waiting: tuple[TestClient, Waiting]) -> None:
    client, _ = waiting
    begun = client.post("/v1/evaluations", json=UPLOAD).json()
    refused = client.post("/v1/evaluations", json=UPLOAD)
    assert (refused.status_code, "已有一次测评" in refused.json()["detail"]) == (409, True)
    assert client.delete(f"/v1/evaluations/{begun['id']}").status_code == 204
    assert client.get(f"/v1/evaluations/{begun['id']}").status_code == 404
    assert client.post("/v1/evaluations", json=UPLOAD).status_code == 202


def test_a_service_that_ends_says_so_of_what_it_ran(parts: Parts) -> None:
    with TestClient(create_app(replace(parts, evaluator=Waiting())), base_url=LOCAL) as client:
        begun = client.post("/v1/evaluations", json=UPLOAD).json()
    ended = parts.store.evaluations.get(begun["id"])
    assert (ended.state, "重新运行" in (ended.error or "")) == ("failed", True)


def test_what_agents_liked_has_no_part_in_an_evaluation(parts: Parts) -> None:
    evaluator = Waiting()
    jobs = EvaluationJobs(parts.store.evaluations, replace(parts.suggester, feedback=lambda _: {"policy-ship": 1.0}))
    begun = parts.store.evaluations.begin("other", "甲", "own", None, 1, SYSTEM)
    jobs.start(begun, evaluator, b"")
    end = time.monotonic() + PATIENCE_S
    while not hasattr(evaluator, "asked") and time.monotonic() < end:
        time.sleep(0.05)
    jobs.close()
    assert evaluator.asked.feedback("other") == NO_FEEDBACK
    assert evaluator.asked.default_shop == "other"


def test_our_own_dialogs_are_the_held_out_ones() -> None:
    evaluator = DialogsEvaluator()
    dialogs = evaluator.own()
    names = {json.loads(line)["dialog_id"][0] for line in dialogs.decode().splitlines()}
    assert names == {"b", "d"}
    assert evaluator.cases(dialogs, "own") > 400
