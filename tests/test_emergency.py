"""Emergency entries: while one is in effect it stands in for the everyday answers to its topic, and no longer."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.service.wiring import Parts
from knowledge.changes import Changes
from knowledge.checks import check_entry
from knowledge.entries import EntryDraft
from tests.entry_examples import draft
from tests.small_knowledge import CUP
from tests.starter_fixtures import request

pytest_plugins = ["tests.service_fixtures"]

UNTIL = "2026-11-30T00:00:00+08:00"
STORM = "亲，受台风影响快递暂停揽收，预计12月1日恢复，给您添麻烦了。"
EVERYDAY = [
    draft("general", shop_id="demo", authority="platform"),
    draft("cup", items=["cup-9"], effective_from="2026-11-01T00:00:00+08:00"),
]


def storm(**fields: Any) -> EntryDraft:
    usual = {"title": "台风停运", "questions": ["台风停运通知"], "answers": [STORM]}
    return draft("storm", tags=["emergency"], effective_until=UNTIL, **usual | fields)


@pytest.fixture
def everyday(parts: Parts) -> Parts:
    parts.base.write(Changes(drafts=EVERYDAY, items=[CUP]))
    return parts


def offered(parts: Parts, text: str = "啥时候发货呀", **context: Any) -> list[tuple[str, dict[str, float]]]:
    response = parts.suggester.suggest(request(text, context=context))
    return [(each.source.entry_id, each.signals) for each in response.suggestions if each.intent == "order.urge_ship"]


def test_it_is_offered_alone_and_says_so_though_its_words_are_others(everyday: Parts) -> None:
    before = offered(everyday)
    everyday.base.write(Changes(drafts=[storm()]))
    ((entry_id, signals),) = offered(everyday)
    assert (entry_id, signals["emergency"]) == ("storm", 1.0)
    assert len(before) > 1
    assert all("emergency" not in each for _, each in before)


def test_it_is_as_sure_as_what_it_stands_in_for_and_shows_its_end(everyday: Parts) -> None:
    surest = everyday.suggester.suggest(request("啥时候发货呀")).suggestions[0].confidence
    everyday.base.write(Changes(drafts=[storm()]))
    one = everyday.suggester.suggest(request("啥时候发货呀")).suggestions[0]
    assert (one.text, one.source.effective_until) == (STORM, storm().effective_until)
    assert one.confidence == pytest.approx(surest, abs=0.02)


@pytest.mark.parametrize(
    ("fields", "context", "wins"),
    [
        ({}, {"item": {"item_id": "cup-9"}}, True),
        ({"items": ["cup-9"]}, {"item": {"item_id": "cup-9"}}, True),
        ({"items": ["cup-9"]}, {}, False),
        ({}, {"now": "2026-11-29T23:59:59+08:00"}, True),
        ({}, {"now": UNTIL}, False),
        ({"effective_from": "2026-11-25T00:00:00+08:00"}, {}, False),
        ({"shop_id": "other"}, {}, False),
        ({"status": "draft"}, {}, False),
        ({"answers": [{"text": STORM, "when": {"order.state": ["paid"]}}]}, {"order": {"state": "paid"}}, True),
        ({"answers": [{"text": STORM, "when": {"order.state": ["paid"]}}]}, {"order": {"state": "unpaid"}}, False),
        ({"authority": "phrase", "kind": "phrase"}, {"item": {"item_id": "cup-9"}}, True),
    ],
)
def test_it_goes_first_where_and_while_it_applies(
    everyday: Parts, fields: dict[str, Any], context: dict[str, Any], wins: bool
) -> None:
    without = [entry_id for entry_id, _ in offered(everyday, **context)]
    everyday.base.write(Changes(drafts=[storm(**fields)]))
    found = [entry_id for entry_id, _ in offered(everyday, **context)]
    assert found == (["storm"] if wins else without)
    assert without


def test_other_topics_are_answered_as_ever(everyday: Parts) -> None:
    before = everyday.suggester.suggest(request("地址写错了"))
    everyday.base.write(Changes(drafts=[storm()]))
    after = everyday.suggester.suggest(request("地址写错了"))
    assert after.suggestions[0].source == before.suggestions[0].source
    assert after.suggestions[0].text == before.suggestions[0].text


def test_of_two_emergencies_the_more_particular_goes_first(everyday: Parts) -> None:
    everyday.base.write(Changes(drafts=[storm(), storm(items=["cup-9"]).model_copy(update={"id": "for-cup"})]))
    assert [one for one, _ in offered(everyday, item={"item_id": "cup-9"})] == ["for-cup", "storm"]


def test_what_the_shop_opens_is_overridden_too(everyday: Parts) -> None:
    usual = draft("remind", intent="order.pay_reminder", title="催付", answers=["亲，您的订单还没有付款哦。"])
    urgent = draft("hold", intent="order.pay_reminder", title="缓付", answers=["亲，系统维护中，请今晚再付款。"],
                   tags=["emergency"], effective_until=UNTIL)  # fmt: skip
    everyday.base.write(Changes(drafts=[usual, urgent]))
    response = everyday.suggester.suggest(request(intent="order.pay_reminder"))
    assert [each.source.entry_id for each in response.suggestions] == ["hold"]


def test_an_emergency_without_an_end_is_refused() -> None:
    endless = storm().model_copy(update={"effective_until": None})
    assert [(one.field, "失效时间" in one.reason) for one in check_entry(endless)] == [("effective_until", True)]
    assert list(check_entry(storm())) == []
