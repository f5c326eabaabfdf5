"""Whatever the context and the messages are, a response keeps the contract."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.request import SuggestionRequest
from assistant.response import SuggestionResponse
from assistant.service.wiring import Parts
from knowledge.context import ORDER_STATE_ZH
from models.intents import intents
from tests.entry_examples import times
from tests.starter_fixtures import starter_parts as starter_parts

_any = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
_said = st.sampled_from(
    ["在吗", "能改地址吗", "收到就是破的！太失望了", "單號多少", "我160高100斤穿多大", "啥料子的", "还有黑色吗",
     "那白的呢", "能退吗", "再不发货我投诉你们", "{运单号}", "好的", "😊", "[图片]", "发票怎么开", "今天天气怎么样"]
)  # fmt: skip
_texts = _said | _any
_maybe = st.none() | _any
_money = st.none() | st.floats(0, 1e6)

skus = st.fixed_dictionaries(
    {"sku_id": _any, "options": st.dictionaries(_any, _any, max_size=2)},
    optional={"stock": st.none() | st.integers(0, 9), "price": _money},
)
items = st.fixed_dictionaries(
    {},
    optional={
        "item_id": st.sampled_from(["dress-001", "cup-001", "power-001", "none-such"]) | _any,
        "sku_id": st.sampled_from(["dress-001-m-blue", "none-such"]),
        "title": _maybe,
        "price": _money,
        "attributes": st.dictionaries(st.sampled_from(["材质", "容量", "产地"]) | _any, _any, max_size=3),
        "skus": st.lists(skus, max_size=3),
        "stock": st.none() | st.integers(0, 9),
    },
)
orders = st.fixed_dictionaries(
    {},
    optional={
        "order_id": _maybe,
        "state": st.none() | st.sampled_from(sorted(ORDER_STATE_ZH)),
        "amount": _money,
        "payment": st.sampled_from(["online", "cod"]) | _maybe,
        "promised_ship_at": st.none() | times,
        "delivered_at": st.none() | times,
        "carrier": _maybe,
        "tracking_no": _maybe,
        "receiver": st.none() | st.fixed_dictionaries({"name": _maybe, "address": _maybe}),
    },
)
contexts = st.fixed_dictionaries(
    {},
    optional={
        "now": times,
        "item": st.none() | items,
        "order": st.none() | orders,
        "buyer": st.none() | st.fixed_dictionaries({"nick": _maybe, "is_returning": st.none() | st.booleans()}),
        "agent": st.none() | st.fixed_dictionaries({"id": _maybe, "name": _maybe}),
    },
)
messages = st.lists(
    st.fixed_dictionaries({"role": st.sampled_from(["buyer", "buyer", "agent", "system"]), "text": _texts}),
    min_size=1,
    max_size=5,
)
openings = st.none() | st.sampled_from(sorted(code for code, each in intents().items() if each.voice == "agent"))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(messages, st.none() | contexts, st.integers(1, 10), openings)
def test_any_request_gets_a_response_that_keeps_the_contract(
    starter_parts: Parts,
    messages: list[dict[str, str]],
    context: dict[str, Any] | None,
    limit: int,
    opening: str | None,
) -> None:
    request = SuggestionRequest.model_validate(
        {"messages": messages, "context": context, "limit": limit, "intent": opening}
    )
    response = starter_parts.suggester.suggest(request)
    assert SuggestionResponse.model_validate_json(response.model_dump_json()) == response
    check_understanding(response)
    check_suggestions(response, limit)


def check_understanding(response: SuggestionResponse) -> None:
    understanding = response.understanding
    confidences = [guess.confidence for guess in understanding.intents]
    assert len(confidences) <= 5
    assert confidences == sorted(confidences, reverse=True)
    for confidence in (*confidences, understanding.complaint.confidence, understanding.emotion.confidence):
        assert 0.0 <= confidence <= 1.0
    assert {guess.code for guess in understanding.intents} | set(understanding.risks) <= intents().keys()


def check_suggestions(response: SuggestionResponse, limit: int) -> None:
    found = response.suggestions
    assert len(found) <= limit
    assert [each.rank for each in found] == list(range(1, len(found) + 1))
    single = [each for each in found if len({part.entry_id for part in each.parts if part.role != "empathy"}) == 1]
    assert len({each.source.entry_id for each in single}) == len(single)
    assert len(single) >= len(found) - 1  # at most one holds the answers of several entries
    for each in found:
        assert each.text == "".join(part.text for part in each.parts)
        assert each.text.strip()
        assert not set("{}") & set(each.text)
        assert 0.0 <= each.confidence <= 1.0
        assert each.fallback == response.abstained
        assert not any(finding.action == "block" for finding in each.warnings)
    assert response.abstained == (response.reason is not None)
    assert response.abstained or found
    if found and response.understanding.complaint.value:
        assert found[0].parts[0].role == "empathy"
    if response.abstained:
        assert {each.intent for each in found} <= {"flow.wait"}
