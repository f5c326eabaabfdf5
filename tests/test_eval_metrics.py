"""The scores of a run, on outcomes small enough to count by hand."""

from __future__ import annotations

import pytest

from eval.metrics import is_right, opens_with_empathy, score
from tests.outcomes import outcome, suggestion


def test_first_and_within_three_count_topics_in_the_order_of_the_suggestions() -> None:
    right = outcome(suggestion("pre.size"))
    third = outcome(suggestion("pre.color"), suggestion("pre.stock"), suggestion("pre.size"))
    fourth = outcome(*[suggestion("pre.color")] * 3, suggestion("pre.size"))
    scores = score([right, third, fourth])
    assert scores.turns == 3
    assert (scores.first, scores.within_three) == pytest.approx((1 / 3, 2 / 3))


@pytest.mark.parametrize(
    ("suggested", "accepted"),
    [("flow.closing", "flow.ack"), ("flow.ack", "flow.closing"), ("flow.info", "other.unclear")],
)
def test_codes_that_ask_for_the_same_reply_count_as_one(suggested: str, accepted: str) -> None:
    assert is_right(outcome(suggestion(suggested), intents=(accepted,)), 1)


def test_a_holding_phrase_answers_nothing() -> None:
    held = outcome(suggestion("flow.wait", fallback=True), intents=("flow.wait",), abstained=True)
    assert not is_right(held, 3)
    assert score([held]).abstained == 1.0


def test_silence_is_right_to_what_has_nothing_to_do_with_the_shop() -> None:
    assert is_right(outcome(intents=("other.chitchat",), abstained=True), 1)
    assert not is_right(outcome(intents=("pre.size",), abstained=True), 1)
    assert not is_right(outcome(suggestion("pre.size"), intents=("other.chitchat",)), 3)


def test_what_readers_could_not_agree_on_does_not_count() -> None:
    unsure = outcome(suggestion("pre.color"), intents=None, complaint=None, emotion=None)
    scores = score([outcome(suggestion("pre.size")), unsure])
    assert (scores.turns, scores.first) == (1, 1.0)


def test_complaints_are_counted_as_found_missed_and_imagined() -> None:
    found = outcome(suggestion(), complaint=True, said_complaint=True)
    missed = outcome(suggestion(), complaint=True)
    imagined = outcome(suggestion(), said_complaint=True)
    scores = score([found, missed, imagined, outcome(suggestion())])
    assert (scores.complaint_precision, scores.complaint_recall, scores.complaint_f1) == (0.5, 0.5, 0.5)


def test_empathy_first_is_asked_of_turns_taken_for_complaints() -> None:
    kind = outcome(suggestion(role="empathy"), complaint=True, said_complaint=True)
    cold = outcome(suggestion(), complaint=True, said_complaint=True)
    assert score([kind, cold, outcome(suggestion())]).empathy_first == 0.5
    assert opens_with_empathy(kind)
    assert not opens_with_empathy(cold)


def test_emotions_are_averaged_over_labels() -> None:
    scores = score([outcome(said_emotion="angry", emotion="angry"), outcome(said_emotion="angry", emotion="upset")])
    assert scores.emotion_f1 == pytest.approx((2 / 3 + 0) / 2)
