"""Explanations say what the ranking did, in numbers that add up to it."""

from __future__ import annotations

import math

import pytest

from assistant.evidence import NONE
from assistant.explanation import Explained
from assistant.service.wiring import Parts
from knowledge.errors import ShopUnknown
from tests.starter_fixtures import request
from tests.starter_fixtures import starter_parts as starter_parts


def explain(parts: Parts, text: str) -> Explained:
    return parts.suggester.explain(request(text))


@pytest.mark.parametrize("text", ["什么时候发货", "收到就是破的，太失望了！"])
def test_the_first_entry_is_that_of_the_first_suggestion(starter_parts: Parts, text: str) -> None:
    found, response = explain(starter_parts, text), starter_parts.suggester.suggest(request(text))
    first = response.suggestions[0]
    assert (found.entries[0].entry_id, found.entries[0].intent) == (first.source.entry_id, first.intent)
    assert found.entries[0].confidence == pytest.approx(first.confidence, abs=1e-4)
    assert found.entries[0].phrasing == first.source.matched


def test_contributions_and_bias_are_the_log_odds_of_the_confidence(starter_parts: Parts) -> None:
    bias = starter_parts.suggester.calibration.reply["bias"]
    for entry in explain(starter_parts, "能改地址吗").entries:
        score = sum(entry.contributions.values()) + bias
        assert entry.confidence == pytest.approx(1 / (1 + math.exp(-score)), abs=1e-4)


def test_contributions_of_intents_make_their_probabilities(starter_parts: Parts) -> None:
    found = explain(starter_parts, "能改地址吗").intents
    scores = {each.code: sum(each.contributions.values()) for each in found}
    total = sum(math.exp(score) for score in scores.values())
    assert found[0].code == "order.change_address"
    assert NONE in scores
    for each in found:
        assert each.probability == pytest.approx(math.exp(scores[each.code]) / total, abs=1e-3)


def test_a_complaint_and_its_emotion_are_explained(starter_parts: Parts) -> None:
    text = "收到就是破的，太失望了！"
    found, understood = explain(starter_parts, text), starter_parts.suggester.suggest(request(text)).understanding
    assert found.complaint is not None
    assert found.complaint.probability == pytest.approx(understood.complaint.confidence, abs=1e-3)
    assert found.emotions[0].code == understood.emotion.label
    assert sum(each.probability for each in found.emotions) == pytest.approx(1, abs=1e-4)


def test_only_some_intents_keeps_the_best_entry_of_each(starter_parts: Parts) -> None:
    whole = explain(starter_parts, "能改地址吗")
    first, last = whole.entries[0].intent, whole.entries[-1].intent
    some = whole.only([last, first, "risk.report"])
    best = {each.intent: each for each in reversed(whole.entries)}
    assert [each.entry_id for each in some.entries][:2] == [best[last].entry_id, best[first].entry_id]
    assert {each.code for each in some.intents} >= {first, last}
    assert some.complaint is None


def test_nothing_is_explained_where_nobody_waits(starter_parts: Parts) -> None:
    assert starter_parts.suggester.explain(request(intent="care.thanks")) == Explained()
    assert starter_parts.suggester.explain(request("在吗", ("agent", "在的亲"))) == Explained()


def test_a_shop_that_nobody_knows_is_refused(starter_parts: Parts) -> None:
    with pytest.raises(ShopUnknown):
        starter_parts.suggester.explain(request("在吗", shop_id="shop-nobody"))
