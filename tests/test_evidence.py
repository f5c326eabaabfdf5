"""Evidence: what the heads, the order's state and the words say of each intent, before any weight."""

from __future__ import annotations

import math
from typing import Any, get_args

import numpy as np
import pytest

from assistant.evidence import BROWSING, LEAST, intent_signals, no_intent, read_evidence, state_of
from knowledge.context import Context, OrderState
from knowledge.entries import Entry
from knowledge.retriever import Candidate, Query
from models.heads import Opinion, Opinions
from tests.entry_examples import draft

PANELS = ("head", "head_in_context", "head_on_words", "neighbours")


def candidate(intent: str, dense: float = 0.9) -> Candidate:
    entry = Entry.model_validate({**draft("e", intent=intent).model_dump(), "version": 1})
    return Candidate(entry, entry.title, dense, 0.5, 0.8, 0.0)


def opinions(**chances: float) -> Opinion:
    """The opinion of a head on intents, by codes with __ for the dot."""
    return Opinion(intent={code.replace("__", "."): math.log(p) for code, p in chances.items()})


@pytest.mark.parametrize("state", get_args(OrderState))
@pytest.mark.parametrize("item", [None, {"item_id": "dress-001"}])
def test_the_state_is_that_of_the_order(state: str, item: dict[str, str] | None) -> None:
    assert state_of(Context.model_validate({"order": {"state": state}, "item": item})) == state


@pytest.mark.parametrize("order", [None, {}, {"order_id": "2026"}])
def test_who_has_an_item_and_no_order_state_is_browsing(order: dict[str, Any] | None) -> None:
    assert state_of(Context.model_validate({"item": {"item_id": "dress-001"}, "order": order})) == BROWSING
    assert state_of(Context.model_validate({"order": order})) is None


def test_browsing_is_no_state_that_an_order_can_have() -> None:
    assert BROWSING not in get_args(OrderState)


def test_each_panel_and_the_neighbours_are_signals_of_their_own() -> None:
    message, conversation, words, neighbours = (opinions(pre__size=p) for p in (0.5, 0.25, 0.125, 0.0625))
    said = Opinions(message, conversation, words, neighbours)
    seen = read_evidence(Query("穿什么码", np.zeros(4, np.float32)), [candidate("pre.size")], said, {"pre.size": 0.7})
    signals = intent_signals(seen)["pre.size"]
    assert [signals[name] for name in PANELS] == pytest.approx([math.log(p) for p in (0.5, 0.25, 0.125, 0.0625)])
    assert signals["order_state"] == 0.7
    left = no_intent(seen, ["pre.size"])
    assert [left[name] for name in PANELS] == pytest.approx([math.log(p) for p in (0.5, 0.75, 0.875, 0.9375)])
    assert left["none"] == 1.0


@pytest.mark.parametrize("begun", [False, True])
def test_in_the_middle_of_a_conversation_each_opinion_counts_once_more(begun: bool) -> None:
    message, conversation, words, neighbours = (opinions(pre__size=p) for p in (0.5, 0.25, 0.125, 0.0625))
    said = Opinions(message, conversation, words, neighbours)
    query = Query("穿什么码", np.zeros(4, np.float32))
    seen = read_evidence(query, [candidate("pre.size")], said, {}, begun=begun)
    for signals in (intent_signals(seen)["pre.size"], no_intent(seen, ["pre.size"])):
        assert [signals[f"{name}_begun"] for name in PANELS] == [signals[name] if begun else 0.0 for name in PANELS]
        assert all(signals[name] < 0 for name in PANELS)


def test_a_panel_that_is_sure_leaves_others_no_less_than_the_least() -> None:
    said = Opinions(message=opinions(pre__size=1.0))
    seen = read_evidence(Query("穿什么码", np.zeros(4, np.float32)), [candidate("pre.size")], said, {})
    assert no_intent(seen, ["pre.size"])["head"] == LEAST
    assert no_intent(seen, [])["head"] == 0.0


def test_without_an_opinion_nothing_is_said_for_or_against() -> None:
    seen = read_evidence(Query("穿什么码", np.zeros(4, np.float32)), [candidate("pre.size")], Opinions(), {})
    assert {intent_signals(seen)["pre.size"][name] for name in (*PANELS, "order_state")} == {0.0}
    assert {no_intent(seen, ["pre.size"])[name] for name in PANELS} == {0.0}


@pytest.mark.parametrize(("dense", "exact"), [(1.0, 1.0), (0.996, 1.0), (0.99, 0.0)])
def test_a_phrasing_that_is_the_message_is_marked(dense: float, exact: float) -> None:
    seen = read_evidence(Query("穿什么码", np.zeros(4, np.float32)), [candidate("pre.size", dense)], Opinions(), {})
    assert intent_signals(seen)["pre.size"]["exact"] == exact
