"""Our own labelled dialogs through the whole suggester: what is reached, and what must never be in a suggestion."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path
from typing import get_args

import pytest

from assistant.service.wiring import Parts
from eval.datasets import cases, read_dialogs
from eval.gate import Held, judge, read_levels
from eval.leaks import has_blocked_wording, has_placeholder, leaks, unsourced
from eval.metrics import is_complaint, measure, opens_with_empathy
from eval.result import Metrics
from eval.runs import Outcome, run
from knowledge.context import OrderState
from models.intents import intents
from models.text import normalise
from models.training.utterances import utterances
from tests.starter_fixtures import _opened
from tests.starter_fixtures import starter_parts as starter_parts

FOLDER = Path(__file__).parent.parent / "eval" / "dialogs"
HELD_OUT = {"batch_b.jsonl", "batch_d.jsonl"}  # the others were learned from (`make calibration`)
READ = {path.name: read_dialogs(path) for path in sorted(FOLDER.glob("*.jsonl"))}
DIALOGS = [dialog for dialogs in READ.values() for dialog in dialogs]
LEVELS = read_levels(FOLDER / "levels.yaml")
CASES = [case for name, dialogs in READ.items() for case in cases(dialogs, limit=3, file=name)]
LABELLED = [case.labels for case in CASES if case.labels]


@cache
def outcomes() -> list[Outcome]:
    """Every dialog, run once for all tests here."""
    return run(_opened().suggester, CASES)


@cache
def metrics() -> Metrics:
    held_out = [each for each in outcomes() if each.case.file in HELD_OUT]
    found = leaks(held_out, _opened().base.snapshot(), "demo")
    return {**measure(held_out), "leaks": float(len(found))}


@pytest.mark.parametrize("level", judge({}, LEVELS), ids=lambda level: level.name)
def test_every_level_that_was_reached_is_held_on_dialogs_that_nothing_was_learned_from(level: Held) -> None:
    (held,) = (each for each in judge(metrics(), LEVELS) if each.name == level.name)
    assert held.ok, metrics()


def test_every_complaint_is_met_with_empathy_first() -> None:
    missed = [each.case.dialog_id for each in outcomes() if is_complaint(each) and not opens_with_empathy(each)]
    assert missed == []


def test_no_placeholder_is_left_in_any_suggestion() -> None:
    assert [s.text for each in outcomes() for s in each.response.suggestions if has_placeholder(s)] == []


def test_no_suggestion_has_a_wording_that_must_not_be_sent() -> None:
    assert [s.text for each in outcomes() for s in each.response.suggestions if has_blocked_wording(s)] == []


def test_no_suggestion_states_a_fact_that_nobody_gave(starter_parts: Parts) -> None:
    snapshot = starter_parts.base.snapshot()
    invented = {
        (each.case.dialog_id, suggestion.text): found
        for each in outcomes()
        for suggestion in each.response.suggestions
        if (found := unsourced(each, suggestion, snapshot, "demo"))
    }
    assert invented == {}


def test_what_the_shop_opens_is_of_the_intent_it_asked_for() -> None:
    opened = [each for each in outcomes() if each.case.labels is None]
    assert len(opened) >= 30
    assert [each.case.dialog_id for each in opened if set(each.topics) != {each.case.request.intent}] == []


def test_the_dialogs_cover_the_job() -> None:
    firsts = Counter(labels.intents[0] for labels in LABELLED if labels.intents)
    states = Counter(case.request.context.order.state for case in CASES if case.request.context.order)
    opened = {case.request.intent for case in CASES if case.request.intent}
    assert len(DIALOGS) >= 400
    assert set(firsts) == {code for code, intent in intents().items() if intent.voice == "buyer"}
    assert opened <= {code for code, intent in intents().items() if intent.voice == "agent"}
    assert min(states[state] for state in get_args(OrderState)) >= 20
    assert sum("outside" in dialog.tags for dialog in DIALOGS) >= 40
    assert sum("traditional" in dialog.tags for dialog in DIALOGS) >= 40
    assert len({dialog.dialog_id for dialog in DIALOGS}) == len(DIALOGS)


def test_no_labelled_message_was_trained_on() -> None:
    """Short ones (好的, 在吗) are everybody's words; a longer one that is in both would be a leak."""
    trained = {normalise(each.text) for each in utterances()}
    shared = {case.text for case in CASES if case.labels and len(case.text) >= 8 and normalise(case.text) in trained}
    assert len(shared) <= 3, shared
