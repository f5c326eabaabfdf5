"""Replies: the wording that applies, filled in, with empathy before it; what must not be sent is not written."""

from __future__ import annotations

from typing import Any

from assistant.ranking import Ranked
from assistant.replies import Reply, Writer, as_suggestions
from assistant.response import Part
from knowledge.catalogue import ItemFacts
from knowledge.entries import Entry
from knowledge.retriever import Candidate
from tests.entry_examples import draft

EMPATHY = Part(role="empathy", text="让您久等了，真的很抱歉。", entry_id="phrase-sorry")


def ranked(confidence: float = 0.9, phrasing: str = "啥时候发货呀", **fields: Any) -> Ranked:
    entry = Entry.model_validate({**draft(**fields).model_dump(), "version": 3})
    return Ranked(Candidate(entry, phrasing, 0.9, 0.5, 0.8, 0.1), confidence, 1.0, {"dense": 0.912345})


def writer(
    *said: str, opener: Part | None = None, item: ItemFacts | None = None, text: str = "", **facts: object
) -> Writer:
    known = {path.replace("__", "."): value for path, value in facts.items()}
    return Writer(known, item, text, said, lambda _: opener)


def written(one: Ranked, by: Writer) -> Reply:
    reply = by.write(one)
    assert reply is not None
    return reply


def test_the_most_specific_wording_that_applies_is_written() -> None:
    one = ranked(
        answers=[
            "亲，48小时内发出。",
            {"text": "亲，今天就发。", "when": {"order.state": "paid"}},
            {"text": "亲，已经发出了。", "when": {"order.state": "shipped"}},
        ]
    )
    assert written(one, writer()).text == "亲，48小时内发出。"
    assert written(one, writer(order__state="paid")).text == "亲，今天就发。"
    assert written(one, writer(order__state="shipped")).text == "亲，已经发出了。"


def test_an_entry_without_a_wording_for_the_situation_writes_nothing() -> None:
    one = ranked(answers=[{"text": "亲，今天就发。", "when": {"order.state": "paid"}}])
    assert writer(order__state="delivered").write(one) is None
    assert writer().write(one) is None


def test_a_wording_that_cannot_be_filled_leaves_the_place_to_the_next() -> None:
    one = ranked(answers=["{买家昵称}您好。", "亲，您好。"])
    assert written(one, writer()).text == "亲，您好。"
    assert written(one, writer(buyer__nick="小鱼儿")).text == "小鱼儿您好。"


def test_what_is_missing_is_told() -> None:
    assert written(ranked(answers=["亲，单号{运单号}。"]), writer()).missing == ("order.tracking_no",)


def test_empathy_comes_first_and_the_buyer_is_greeted_once() -> None:
    reply = written(ranked(answers=["亲，我马上催仓库。麻烦您发订单号。"]), writer(opener=EMPATHY))
    assert reply.text == "让您久等了，真的很抱歉。我马上催仓库。麻烦您发订单号。"
    assert [part.role for part in reply.parts] == ["empathy", "answer", "ask"]
    assert reply.parts[0].entry_id == "phrase-sorry"


def test_without_empathy_the_greeting_stays() -> None:
    assert written(ranked(answers=["亲，我马上催仓库。"]), writer()).text == "亲，我马上催仓库。"


def test_a_wording_that_was_sent_gives_way_to_one_that_was_not() -> None:
    one = ranked(answers=["亲，48小时内发出。", "亲，两天内给您发走。"])
    reply = written(one, writer("亲，48小时内发出。"))
    assert (reply.text, reply.said) == ("亲，两天内给您发走。", False)


def test_an_entry_whose_every_wording_was_sent_says_so() -> None:
    reply = written(ranked(answers=["亲，48小时内发出。"]), writer("抱歉让您久等。48小时内发出。还有别的吗？"))
    assert (reply.text, reply.said) == ("亲，48小时内发出。", True)


def test_another_filling_of_the_same_wording_was_not_sent_before() -> None:
    one = ranked(answers=["亲，单号{运单号}。"])
    sent = "亲，单号77。"
    assert written(one, writer(sent, order__tracking_no="77")).said
    assert not written(one, writer(sent, order__tracking_no="78")).said


def test_the_attribute_asked_for_is_filled_from_the_item() -> None:
    cup = ItemFacts(title="保温杯", attributes={"材质": "不锈钢", "容量": "500ml"})
    one = ranked(intent="pre.spec", answers=["亲，{所问属性}是{属性值}。"])
    assert written(one, writer(item=cup, text="容量多少")).text == "亲，容量是500ml。"


def test_a_text_that_must_not_be_sent_is_not_written() -> None:
    one = ranked(answers=["亲，这款{商品名}很好用。"])
    assert writer(item__title="保温杯").write(one) is not None
    assert writer(item__title="全网第一保温杯，加微信私聊转账").write(one) is None


def test_suggestions_say_where_they_come_from() -> None:
    reply = written(ranked(answers=["亲，48小时内发出。"]), writer())
    (suggestion,) = as_suggestions([reply], fallback=False)
    assert (suggestion.rank, suggestion.text, suggestion.confidence) == (1, "亲，48小时内发出。", 0.9)
    assert (suggestion.kind, suggestion.intent) == ("policy", "order.urge_ship")
    source = suggestion.source
    assert (source.entry_id, source.version, source.title) == ("policy-ship", 3, "什么时候发货")
    assert source.matched == "啥时候发货呀"
    assert suggestion.signals == {"dense": 0.9123}
    assert not suggestion.fallback


def test_a_reply_that_no_phrasing_led_to_has_none() -> None:
    (suggestion,) = as_suggestions([written(ranked(phrasing=""), writer())], fallback=False)
    assert suggestion.source.matched is None


def test_each_suggestion_keeps_its_own_confidence() -> None:
    replies = [written(ranked(confidence), writer()) for confidence in (0.8, 0.3, 0.9)]
    suggestions = as_suggestions(replies, fallback=False)
    assert [each.confidence for each in suggestions] == [0.8, 0.3, 0.9]
    assert [each.rank for each in suggestions] == [1, 2, 3]
    assert len({each.id for each in suggestions}) == 3


def test_a_holding_phrase_claims_no_confidence() -> None:
    (suggestion,) = as_suggestions([written(ranked(1.0, intent="flow.wait"), writer())], fallback=True)
    assert (suggestion.fallback, suggestion.confidence) == (True, 0.0)
