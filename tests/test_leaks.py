"""Leaks are found: a brace, a forbidden wording, a number that nobody gave; what follows from the data is none."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.service.wiring import Parts
from eval.leaks import has_blocked_wording, has_placeholder, leaks, unsourced
from tests.outcomes import outcome, suggestion
from tests.starter_fixtures import NOW
from tests.starter_fixtures import starter_parts as starter_parts

ORDER = {"order_id": "202611180001", "state": "delivered", "amount": 159.0, "delivered_at": "2026-11-19T09:30:00+08:00"}
REQUEST: dict[str, Any] = {
    "messages": [{"role": "buyer", "text": "我160高100斤"}],
    "context": {"now": NOW, "item": {"item_id": "dress-001"}, "order": ORDER},
}


def found(parts: Parts, text: str) -> set[str]:
    one = suggestion(text=text, entry_id=next(iter(parts.base.snapshot().entries)))
    judged = outcome(one, request=REQUEST, slots={"height_cm": 160.0, "weight_kg": 50.0})
    return unsourced(judged, one, parts.base.snapshot(), "demo")


@pytest.mark.parametrize(
    "text",
    [
        "您11月19日签收，11月26日前可以退，还剩5天。",
        "您身高160cm、体重50kg，建议M码，159元。",
        "订单202611180001的面料是棉68%、粘纤27%、氨纶5%。",
        "我们48小时内发货，16:00前付款当天安排。",
    ],
)
def test_what_follows_from_request_item_and_shop_is_no_leak(starter_parts: Parts, text: str) -> None:
    assert found(starter_parts, text) == set()


@pytest.mark.parametrize(
    ("text", "leak"),
    [
        ("您可以在12月31日前退。", {"12月31日"}),
        ("现在只要139元。", {"139"}),
        ("单号是SF1234567。", {"SF1234567"}),
        ("建议您穿XXL码。", {"XXL"}),
    ],
)
def test_what_nobody_gave_is_a_leak(starter_parts: Parts, text: str, leak: set[str]) -> None:
    assert found(starter_parts, text) == leak


def test_braces_and_forbidden_wordings_are_leaks() -> None:
    assert has_placeholder(suggestion(text="单号是{运单号}"))
    assert not has_placeholder(suggestion(text="单号马上帮您查"))
    assert has_blocked_wording(suggestion(text="加我微信聊吧"))
    assert not has_blocked_wording(suggestion(text="您在旺旺上留言就好"))


def test_leaks_of_a_run_are_listed_with_their_place(starter_parts: Parts) -> None:
    entry_id = next(iter(starter_parts.base.snapshot().entries))
    clean = suggestion(text="亲，在的。", entry_id=entry_id)
    bad = suggestion(text="加我微信，只要139元，单号{运单号}", entry_id=entry_id, rank=2)
    found = leaks([outcome(clean, bad, request=REQUEST)], starter_parts.base.snapshot(), "demo")
    assert [(each.case, each.rank, each.kind) for each in found] == [
        ("d#0", 2, "placeholder"), ("d#0", 2, "blocked"), ("d#0", 2, "unsourced")
    ]  # fmt: skip
    assert found[0].found == ["{运单号}"]
    assert any("微信" in each for each in found[1].found)
    assert found[2].found == ["139"]
