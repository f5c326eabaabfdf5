"""The numbers of a run, on outcomes small enough to count by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eval.metrics import measure, opens_with_empathy, topic_metrics
from eval.runs import Outcome
from eval.topics import is_right, offered
from tests.outcomes import outcome, suggestion


def of_risks(*codes: str, intents: tuple[str, ...]) -> Outcome:
    """A turn in which these risks were seen."""
    plain = outcome(suggestion(), intents=intents)
    understanding = plain.response.understanding.model_copy(update={"risks": codes})
    return replace(plain, response=plain.response.model_copy(update={"understanding": understanding}))


def test_first_and_within_three_count_topics_in_the_order_of_the_suggestions() -> None:
    right = outcome(suggestion("pre.size"))
    third = outcome(suggestion("pre.color"), suggestion("pre.stock"), suggestion("pre.size"))
    fourth = outcome(*[suggestion("pre.color")] * 3, suggestion("pre.size"))
    metrics = measure([right, third, fourth])
    assert metrics["turns"] == 3
    assert (metrics["success_at_1"], metrics["success_at_3"]) == pytest.approx((1 / 3, 2 / 3), abs=1e-6)
    assert metrics["rr_at_10"] == pytest.approx((1 + 1 / 3 + 1 / 4) / 3, abs=1e-6)


def test_the_reciprocal_rank_is_that_of_the_longer_list() -> None:
    short = outcome(suggestion("pre.color"))
    long = outcome(suggestion("pre.color"), suggestion("pre.size"))
    assert measure([short])["rr_at_10"] == 0
    metrics = measure([short], [long])
    assert (metrics["rr_at_10"], metrics["success_at_3"]) == (0.5, 0)


def test_a_further_wording_of_a_topic_takes_a_place_and_is_no_new_topic() -> None:
    twice = outcome(suggestion("pre.size"), suggestion("pre.size"), suggestion("pre.color"), intents=("pre.color",))
    assert offered(twice) == ["pre.size", "pre.size 2", "pre.color"]
    assert measure([twice])["rr_at_10"] == pytest.approx(1 / 3, abs=1e-6)


@pytest.mark.parametrize(
    ("suggested", "accepted"),
    [("flow.closing", "flow.ack"), ("flow.ack", "flow.closing"), ("flow.info", "other.unclear")],
)
def test_codes_that_ask_for_the_same_reply_count_as_one(suggested: str, accepted: str) -> None:
    turn = outcome(suggestion(suggested), intents=(accepted,))
    assert is_right(turn, 1)
    assert measure([turn])["success_at_1"] == measure([turn])["intent_accuracy"] == 1


def test_a_holding_phrase_answers_nothing() -> None:
    held = outcome(suggestion("flow.wait", fallback=True), intents=("flow.wait",), abstained=True)
    assert not is_right(held, 3)
    assert measure([held])["abstained"] == 1
    assert measure([held])["success_at_3"] == 0


def test_silence_is_right_to_what_has_nothing_to_do_with_the_shop() -> None:
    silent = outcome(intents=("other.chitchat",), abstained=True)
    assert is_right(silent, 1)
    assert measure([silent])["success_at_1"] == 1
    assert not is_right(outcome(intents=("pre.size",), abstained=True), 1)
    assert not is_right(outcome(intents=("pre.size", "other.chitchat"), abstained=True), 1)
    assert not is_right(outcome(suggestion("pre.size"), intents=("other.chitchat",)), 3)


def test_what_readers_could_not_agree_on_does_not_count() -> None:
    unsure = outcome(suggestion("pre.color"), intents=None, complaint=None, emotion=None)
    metrics = measure([outcome(suggestion("pre.size")), unsure])
    assert (metrics["turns"], metrics["success_at_1"], metrics["intent_accuracy"]) == (1, 1, 1)


def test_what_nobody_labelled_is_not_measured() -> None:
    metrics = measure([outcome(suggestion(), intents=None, complaint=None, emotion=None)])
    assert metrics["turns"] == 0
    for name in ("success_at_1", "intent_macro_f1", "complaint_f1", "emotion_macro_f1", "risk_f1", "calibration_error"):
        assert metrics[name] is None, name


def test_an_acceptable_intent_counts_as_the_right_one() -> None:
    second = outcome(suggestion("pre.color"), intents=("pre.size", "pre.color"))
    wrong = outcome(suggestion("pre.stock"), intents=("pre.size", "pre.color"))
    assert measure([second, wrong])["intent_accuracy"] == 0.5
    # pre.color is found once and never missed; pre.size, what the second should have been, is missed.
    assert measure([second, wrong])["intent_macro_f1"] == pytest.approx((1 + 0) / 2)


def test_complaints_are_counted_as_found_missed_and_imagined() -> None:
    found = outcome(suggestion(), complaint=True, said_complaint=True)
    missed = outcome(suggestion(), complaint=True)
    imagined = outcome(suggestion(), said_complaint=True)
    metrics = measure([found, missed, imagined, outcome(suggestion())])
    assert [metrics[f"complaint_{part}"] for part in ("precision", "recall", "f1")] == [0.5, 0.5, 0.5]


def test_risks_are_counted_where_readers_name_one_first() -> None:
    turns = [
        of_risks("risk.report", intents=("risk.report",)),
        of_risks(intents=("risk.abuse",)),
        of_risks("risk.report", intents=("pre.size",)),
        of_risks(intents=("pre.size",)),
    ]
    assert [measure(turns)[f"risk_{part}"] for part in ("precision", "recall", "f1")] == [0.5, 0.5, 0.5]


def test_a_risk_that_is_only_acceptable_may_be_seen_or_not() -> None:
    sure = of_risks("risk.report", intents=("risk.report",))
    seen = of_risks("risk.report", intents=("after.how_to", "risk.report"))
    unseen = of_risks(intents=("after.how_to", "risk.report"))
    assert measure([sure, seen])["risk_f1"] == measure([sure, unseen])["risk_f1"] == 1


def test_empathy_first_is_asked_of_turns_taken_for_complaints() -> None:
    kind = outcome(suggestion(role="empathy"), complaint=True, said_complaint=True)
    cold = outcome(suggestion(), complaint=True, said_complaint=True)
    assert measure([kind, cold, outcome(suggestion())])["empathy_first"] == 0.5
    assert opens_with_empathy(kind)
    assert not opens_with_empathy(cold)


def test_emotions_are_averaged_over_labels() -> None:
    turns = [outcome(said_emotion="angry", emotion="angry"), outcome(said_emotion="angry", emotion="upset")]
    assert measure(turns)["emotion_macro_f1"] == pytest.approx((2 / 3 + 0) / 2, abs=1e-6)
    assert measure(turns)["emotion_accuracy"] == 0.5


def test_named_entries_are_looked_for_among_the_sources() -> None:
    found = outcome(suggestion(entry_id="a"), suggestion(entry_id="b"))
    labels = found.case.labels
    assert labels is not None
    named = replace(found, case=replace(found.case, labels=labels.model_copy(update={"entry_ids": ("b", "c")})))
    metrics = measure([named, outcome(suggestion(entry_id="z"))])
    assert (metrics["entry_success_at_1"], metrics["entry_success_at_3"]) == (0, 1)
    assert measure([found])["entry_success_at_1"] is None


def test_an_opening_is_right_when_all_of_it_is_of_the_intent_asked_for() -> None:
    request = {"intent": "care.thanks", "messages": []}
    right = outcome(suggestion("care.thanks"), request=request)
    wrong = outcome(suggestion("care.thanks"), suggestion("care.festival"), request=request)
    openings = [replace(each, case=replace(each.case, labels=None)) for each in (right, wrong)]
    metrics = measure(openings)
    assert (metrics["openings_right"], metrics["turns"]) == (0.5, 0)


def test_topics_of_nothing_are_not_measured() -> None:
    assert topic_metrics([], []) == {"success_at_1": None, "success_at_3": None, "rr_at_10": None}
    assert topic_metrics([[]], [{"pre.size"}])["success_at_3"] == 0
