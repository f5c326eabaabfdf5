"""The whole product over the starter knowledge: the contract, the acceptance list, and messages of every odd kind."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import pytest

from assistant.request import SuggestionRequest
from assistant.response import SuggestionResponse
from assistant.service.wiring import Parts
from knowledge.errors import ShopUnknown
from models.intents import intents
from tests.starter_fixtures import ask, request
from tests.starter_fixtures import starter_parts as starter_parts

DRESS = {"item": {"item_id": "dress-001"}}
AGENT_VOICED = sorted(code for code, intent in intents().items() if intent.voice == "agent")

# The fields that other programs rely on, as the contract's page and its two examples name them.
RESPONSE = {"request_id", "for_message_id", "knowledge_revision", "understanding", "abstained", "reason", "suggestions",
            "next_steps", "took_ms"}  # fmt: skip
UNDERSTANDING = {"intents", "complaint", "emotion", "risks", "phase", "slots"}
SUGGESTION = {"id", "rank", "fallback", "text", "confidence", "kind", "intent", "parts", "source", "missing",
              "warnings"}  # fmt: skip
SOURCE = {"entry_id", "version", "title", "matched", "effective_until"}


@pytest.fixture(scope="module")
def example(starter_parts: Parts) -> SuggestionResponse:
    """The response to the contract's request."""
    text = files("assistant.service").joinpath("examples/request.json").read_text("utf-8")
    return starter_parts.suggester.suggest(SuggestionRequest.model_validate_json(text))


def first(parts: Parts, *messages: str | tuple[str, str], **context: Any) -> str:
    response = ask(parts, *messages, context=context)
    assert not response.abstained
    return response.suggestions[0].text


def test_the_response_has_every_field_of_the_contract(example: SuggestionResponse) -> None:
    body = json.loads(example.model_dump_json())
    assert body.keys() >= RESPONSE
    assert body["understanding"].keys() >= UNDERSTANDING
    assert all(guess.keys() == {"code", "confidence"} for guess in body["understanding"]["intents"])
    assert body["understanding"]["complaint"].keys() == {"value", "confidence"}
    assert body["understanding"]["emotion"].keys() == {"label", "confidence"}
    for suggestion in body["suggestions"]:
        assert suggestion.keys() >= SUGGESTION
        assert suggestion["source"].keys() >= SOURCE
        assert all(part.keys() == {"role", "text", "entry_id"} for part in suggestion["parts"])
    assert all(step.keys() >= {"kind", "title"} for step in body["next_steps"])


def test_the_contracts_request_is_answered_as_the_contract_says(
    example: SuggestionResponse, starter_parts: Parts
) -> None:
    assert (example.request_id, example.for_message_id) == ("r-1", "m4")
    assert example.knowledge_revision == starter_parts.base.snapshot().revision
    assert example.understanding.complaint.value
    assert example.understanding.intents[0].code in ("after.damaged", "after.defect")
    assert example.understanding.phase == "after_sale"
    assert (example.abstained, example.reason) == (False, None)
    assert len(example.suggestions) == 3
    for suggestion in example.suggestions:
        assert suggestion.parts[0].role == "empathy"
        assert not set("{}") & set(suggestion.text)
        assert suggestion.warnings == ()
    assert "evidence" in {step.kind for step in example.next_steps}
    notes = [step for step in example.next_steps if step.kind == "order_note"]
    assert any("a07 | 11-21 10:01" in str(note.text) for note in notes)


def test_every_source_names_an_entry_as_it_is_stored(example: SuggestionResponse, starter_parts: Parts) -> None:
    entries = starter_parts.base.snapshot().entries
    for suggestion in example.suggestions:
        entry = entries[suggestion.source.entry_id]
        assert (suggestion.source.version, suggestion.source.title) == (entry.version, entry.title)
        assert suggestion.source.matched in entry.phrasings
        assert suggestion.intent == entry.intent
        assert all(part.entry_id in entries for part in suggestion.parts)


def test_the_size_is_read_from_the_chart(starter_parts: Parts) -> None:
    response = ask(starter_parts, "我160高100斤穿多大", context=DRESS)
    assert response.understanding.slots == {"height_cm": 160.0, "weight_kg": 50.0}
    assert "M" in response.suggestions[0].text
    assert not {"S", "L", "XL"} & set(response.suggestions[0].text)


def test_measurements_told_earlier_count_still(starter_parts: Parts) -> None:
    text = first(starter_parts, "我160高100斤", ("agent", "好的亲，记下了"), "那穿多大码合适呢", **DRESS)
    assert "M" in text


def test_the_material_is_the_attribute_of_the_item(starter_parts: Parts) -> None:
    assert "棉68%" in first(starter_parts, "啥料子的", **DRESS)
    assert "PPSU" in first(starter_parts, "啥料子的", item={"item_id": "cup-001"})
    assert "亚麻" in first(starter_parts, "啥料子的", item={"title": "衬衫", "attributes": {"材质": "亚麻"}})


def test_without_an_item_no_material_is_invented(starter_parts: Parts) -> None:
    for suggestion in ask(starter_parts, "啥料子的").suggestions:
        assert not any(word in suggestion.text for word in ("棉68%", "PPSU"))


def test_the_address_has_a_different_answer_in_every_state(starter_parts: Parts) -> None:
    states: list[dict[str, Any]] = [{"order": {"state": state}} for state in ("paid", "shipped", "collected")]
    texts = [first(starter_parts, "能改地址吗", **context) for context in (*states, {})]
    assert len(set(texts)) == 4
    paid, shipped, collected, unknown = texts
    assert "还没发货" in paid
    assert "改派" in shipped
    assert "改派" in collected
    assert "路上" in collected
    assert "订单号" in unknown


def test_the_tracking_number_is_told_when_known_and_promised_when_not(starter_parts: Parts) -> None:
    order = {"state": "collected", "carrier": "中通", "tracking_no": "73100000000001"}
    known = ask(starter_parts, "单号多少", context={"order": order}).suggestions[0]
    assert "73100000000001" in known.text
    assert known.missing == ()
    unknown = ask(starter_parts, "单号多少", context={"order": {"state": "collected"}}).suggestions[0]
    assert unknown.missing[0] == "order.tracking_no"
    assert "查" in unknown.text
    assert not any(character.isdigit() for character in unknown.text)


def test_a_greeting_is_answered_with_one(starter_parts: Parts) -> None:
    response = ask(starter_parts, "在吗")
    assert response.suggestions[0].intent == "flow.greeting"
    assert response.understanding.phase == "flow"


def test_small_talk_is_left_to_the_agent(starter_parts: Parts) -> None:
    response = ask(starter_parts, "今天天气怎么样")
    assert response.abstained
    assert response.reason
    assert all(each.fallback and each.intent == "flow.wait" for each in response.suggestions)
    assert {each.confidence for each in response.suggestions} <= {0.0}


def test_either_script_is_answered_alike(starter_parts: Parts) -> None:
    simplified, traditional = ask(starter_parts, "发票可以开吗"), ask(starter_parts, "發票可以開嗎")
    assert [each.text for each in simplified.suggestions] == [each.text for each in traditional.suggestions]
    assert "发票" in simplified.suggestions[0].text


def test_a_reply_that_was_sent_is_not_first_again(starter_parts: Parts) -> None:
    question, spoken = "发什么快递", list[str | tuple[str, str]]()
    sent: list[str] = []
    for _ in range(4):
        spoken.append(question)
        best = ask(starter_parts, *spoken).suggestions[0]
        assert best.text not in sent
        sent.append(best.text)
        spoken.append(("agent", best.text))


def test_an_empathy_opener_is_not_used_twice(starter_parts: Parts) -> None:
    spoken, openers = list[str | tuple[str, str]](), list[str]()
    for complaint in ("杯子收到就是碎的，太失望了", "杯子都碎了你们怎么发的货，气死了", "碎成这样怎么用，太差了"):
        spoken.append(complaint)
        best = ask(starter_parts, *spoken).suggestions[0]
        assert best.parts[0].role == "empathy"
        openers.append(best.parts[0].text)
        spoken.append(("agent", best.text))
    assert len(set(openers)) == 3


@pytest.mark.parametrize("code", AGENT_VOICED)
@pytest.mark.parametrize("state", [None, "unpaid", "paid", "collected", "delivered", "closed"])
def test_every_message_that_the_shop_opens_has_words(starter_parts: Parts, code: str, state: str | None) -> None:
    response = ask(starter_parts, intent=code, context={"order": {"state": state}} if state else {})
    assert not response.abstained
    assert response.for_message_id is None
    assert {each.intent for each in response.suggestions} == {code}
    assert not any(part.role == "empathy" for each in response.suggestions for part in each.parts)
    assert all("empathy" not in each.source.entry_id for each in response.suggestions)


@pytest.mark.parametrize("limit", range(1, 11))
def test_no_more_suggestions_than_asked_for(starter_parts: Parts, limit: int) -> None:
    found = ask(starter_parts, "什么时候发货", limit=limit).suggestions
    assert 1 <= len(found) <= limit
    assert [each.rank for each in found] == list(range(1, len(found) + 1))


@pytest.mark.parametrize("context", [None, {}, {"order": None, "item": None}, {"order": {}, "item": {}, "buyer": {}}])
def test_a_context_without_facts_is_no_trouble(starter_parts: Parts, context: dict[str, object] | None) -> None:
    body = {"messages": [{"role": "buyer", "text": "什么时候发货"}], "context": context}
    response = starter_parts.suggester.suggest(SuggestionRequest.model_validate(body))
    assert response.suggestions
    assert response.request_id


@pytest.mark.parametrize("text", ["😊😊", "[图片]", "/:806", "？？？", "。", "202611180001"])
def test_a_message_that_says_nothing_by_itself_is_answered_carefully(starter_parts: Parts, text: str) -> None:
    response = ask(starter_parts, text)
    assert response.for_message_id == "m1"
    assert not response.understanding.complaint.value
    assert response.suggestions
    best = response.suggestions[0]
    assert best.fallback or intents()[best.intent].phase in ("flow", "other", "in_sale")


def test_a_message_without_text_is_answered_like_a_picture(starter_parts: Parts) -> None:
    response = ask(starter_parts, "  ")
    assert response.for_message_id == "m1"
    assert response.suggestions[0].text == ask(starter_parts, "[图片]").suggestions[0].text


def test_the_longest_message_is_answered(starter_parts: Parts) -> None:
    response = ask(starter_parts, ("这条裙子什么时候发货呀" * 2000)[:20_000])
    assert response.suggestions
    assert all(len(str(step.text or "").encode()) <= 1000 for step in response.next_steps)


def test_nothing_is_suggested_when_the_agent_spoke_last(starter_parts: Parts) -> None:
    response = ask(starter_parts, "什么时候发货", ("agent", "今天发出哦"))
    assert (response.suggestions, response.for_message_id) == ((), None)
    assert response.abstained
    assert response.next_steps == ()


def test_a_batch_is_answered_as_one_by_one(starter_parts: Parts) -> None:
    requests = [
        request("在吗"),
        request("我160高100斤穿多大", context=DRESS),
        request("收到就是破的，太失望了", context={"order": {"state": "delivered"}}, limit=5),
        request("发什么快递" * 300),
        request(intent="care.thanks"),
        request("今天天气怎么样"),
    ]
    batch = starter_parts.suggester.suggest_many(requests)
    single = [starter_parts.suggester.suggest(each) for each in requests]
    for one, other in zip(batch, single, strict=True):
        assert [each.text for each in one.suggestions] == [each.text for each in other.suggestions]
        assert one.understanding.complaint.value == other.understanding.complaint.value
        assert one.next_steps == other.next_steps
        for mine, theirs in zip(one.suggestions, other.suggestions, strict=True):
            assert mine.confidence == pytest.approx(theirs.confidence, abs=0.01)


def test_an_empty_batch_has_no_responses(starter_parts: Parts) -> None:
    assert starter_parts.suggester.suggest_many([]) == []


def test_a_shop_that_nobody_knows_is_an_error(starter_parts: Parts) -> None:
    with pytest.raises(ShopUnknown):
        ask(starter_parts, "在吗", shop_id="no-such-shop")
