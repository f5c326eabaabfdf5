"""POST /v1/lint: what an agent is about to send is checked as suggestions are, and against the shop's settings."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from assistant.request import MAX_TEXT
from assistant.service.schemas import LintResponse, ProblemDocument
from assistant.service.wiring import Parts
from tests.compliance_fixtures import passes, trips

pytest_plugins = ["tests.service_fixtures"]

LINT = "/v1/lint"


def lint(client: TestClient, text: str, **fields: Any) -> LintResponse:
    answer = client.post(LINT, json={"text": text, **fields})
    assert answer.status_code == 200, answer.text
    return LintResponse.model_validate(answer.json())


def problem(client: TestClient, body: Any, status: int) -> ProblemDocument:
    answer = client.post(LINT, json=body)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    return ProblemDocument.model_validate(answer.json())


def test_a_finding_tells_place_reason_and_replacement(client: TestClient) -> None:
    body = client.post(LINT, json={"text": "亲😊，全网最低价哦"}).json()
    assert body == {
        "findings": [
            {
                "category": "绝对化用语",
                "action": "block",
                "span": [3, 8],
                "text": "全网最低价",
                "reason": body["findings"][0]["reason"],
                "replacement": "价格很实惠",
            }
        ],
        "sendable": False,
    }
    assert "广告法" in body["findings"][0]["reason"]


def test_an_ordinary_text_is_sendable(client: TestClient) -> None:
    assert lint(client, "亲，我们第一时间帮您催。") == LintResponse(findings=[], sendable=True)


def test_a_warning_leaves_the_text_sendable(client: TestClient) -> None:
    warned = lint(client, "喜欢的话赶紧下单哦")
    assert [finding.action for finding in warned.findings] == ["warn"]
    assert warned.sendable


def test_the_tables_hold_here_too(client: TestClient) -> None:
    assert [text for text in passes() if lint(client, text).findings] == []
    blocked = [text for _, action, text in trips() if action == "block"]
    assert [text for text in blocked if lint(client, text).sendable] == []


@pytest.mark.parametrize("left", ["{运单号}", "{ 运单号 }", "｛运单号｝", "{属性:材质}", "{{运单号}}", "{}", "{"])
def test_a_placeholder_that_was_not_filled_blocks(client: TestClient, left: str) -> None:
    response = lint(client, f"亲，单号是{left}，请查收。")
    assert [(finding.category, finding.text) for finding in response.findings] == [("占位符", left)]
    assert response.findings[0].replacement is None
    assert "请" in response.findings[0].reason
    assert not response.sendable


@pytest.mark.parametrize("fields", [{"shop_id": "demo"}, {"context": {}}, {"context": {"order": {"state": "paid"}}}])
def test_promises_are_held_against_the_settings_when_shop_or_context_is_told(
    client: TestClient, fields: dict[str, Any]
) -> None:
    text = "亲，我们24小时内发货，支持30天无理由退货。"
    assert [finding.replacement for finding in lint(client, text, **fields).findings] == ["48小时", "7天"]
    assert lint(client, text).findings == []


def test_changed_settings_count_at_once(client: TestClient) -> None:
    text = "亲，我们24小时内发货。"
    assert not lint(client, text, shop_id="demo").sendable
    assert client.put("/v1/shops/demo/policy", json={"ship_within_hours": 24}).status_code == 200
    assert lint(client, text, shop_id="demo").sendable


def test_the_listed_price_is_the_items_or_its_skus(client: TestClient) -> None:
    skus = [{"sku_id": "a", "price": 100}, {"sku_id": "b", "price": 150}]
    item = {"title": "杯子", "price": 120, "skus": skus}
    text = "给您做到110元吧"
    assert lint(client, text, context={"item": item}).findings[0].replacement == "120元"
    assert lint(client, text, context={"item": {**item, "sku_id": "b"}}).findings[0].replacement == "150元"
    assert lint(client, text, context={"item": {**item, "sku_id": "a"}}).sendable
    assert lint(client, text, context={"item": {"title": "杯子"}}).sendable
    stored = {"item_id": "cup-8", "shop_id": "demo", "title": "杯子", "price": 130}
    assert client.put("/v1/items/cup-8", json=stored).status_code == 200
    assert lint(client, text, context={"item": {"item_id": "cup-8"}}).findings[0].replacement == "130元"


def test_numbers_of_the_shop_and_the_order_may_be_said(client: TestClient) -> None:
    text = "请寄到杭州市西湖区1号 王先生 138 0000 1234"
    assert not lint(client, text, shop_id="demo").sendable
    policy = {"return_address": "杭州市西湖区1号 王先生 13800001234"}
    assert client.put("/v1/shops/demo/policy", json=policy).status_code == 200
    assert lint(client, text, shop_id="demo").sendable
    assert not lint(client, text).sendable
    order = {"tracking_no": "13912345678", "receiver": {"phone": "13700001111"}}
    assert lint(client, "单号13912345678，电话13700001111", context={"order": order}).sendable


def test_an_unknown_shop_is_not_found(client: TestClient) -> None:
    assert "shop-nobody" in problem(client, {"text": "在的", "shop_id": "shop-nobody"}, 404).detail


@pytest.mark.parametrize(
    ("body", "field", "reason"),
    [
        ({"text": ""}, "text", "是空的"),
        ({"text": " \n　"}, "text", "是空的"),
        ({}, "text", "缺少这个字段"),
        ({"text": None}, "text", "应当是文字"),
        ({"text": ["亲"]}, "text", "应当是文字"),
        ({"text": "长" * (MAX_TEXT + 1)}, "text", f"太长，现有 {MAX_TEXT + 1} 个"),
        ({"text": "亲", "context": {"order": {"state": "lost"}}}, "context.order.state", "不能是 lost"),
        ([], "body", ""),
    ],
)
def test_a_wrong_request_names_field_reason_and_remedy(client: TestClient, body: Any, field: str, reason: str) -> None:
    (error,) = problem(client, body, 422).errors
    assert error.field == field
    assert reason in error.reason
    assert error.remedy


def test_the_longest_text_is_answered(client: TestClient) -> None:
    assert lint(client, ("亲，您好。" * MAX_TEXT)[:MAX_TEXT]).sendable


@pytest.mark.parametrize("cut", ["\\ud83d", "亲\\ude00，加我微信"])
def test_half_a_character_keeps_its_place(client: TestClient, cut: str) -> None:
    content = f'{{"text": "{cut}"}}'.encode()
    answer = client.post(LINT, content=content, headers={"Content-Type": "application/json"})
    assert answer.status_code == 200
    assert [finding["span"] for finding in answer.json()["findings"]] == ([[3, 7]] if "微信" in cut else [])


def test_keys_are_asked_for_as_on_every_other_route(client: TestClient, parts: Parts) -> None:
    _, secret = _create(parts)
    assert client.post(LINT, json={"text": "在的"}).status_code == 401
    answer = client.post(LINT, json={"text": "在的"}, headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code == 200


def _create(parts: Parts) -> tuple[str, str]:
    return "侧边栏插件", parts.store.api_keys.create("侧边栏插件")


def test_the_examples_of_the_interface_document_work(client: TestClient) -> None:
    operation = client.get("/openapi.json").json()["paths"][LINT]["post"]
    examples = operation["requestBody"]["content"]["application/json"]["examples"]
    for one in examples.values():
        assert client.post(LINT, json=one["value"]).json()["sendable"] is False


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.text(min_size=1, max_size=40).filter(str.strip), st.sampled_from([{}, {"shop_id": "demo"}, {"context": None}])
)
def test_whatever_is_written_gets_an_answer_whose_spans_hold(
    client: TestClient, text: str, fields: dict[str, Any]
) -> None:
    response = lint(client, text, **fields)
    assert all(text[slice(*finding.span)] == finding.text for finding in response.findings)
    assert response.sendable == all(finding.action == "warn" for finding in response.findings)
