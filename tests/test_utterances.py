"""Our labelled utterances use the contract's labels, cover what buyers say, and are no copies of the knowledge."""

from __future__ import annotations

from collections import Counter

from models.cues import EMOTIONS
from models.intents import intents
from models.training.utterances import utterances


def test_labels_are_those_of_the_contract() -> None:
    assert {each.intent for each in utterances()} <= set(intents())
    assert {each.emotion for each in utterances()} <= {*EMOTIONS, None}
    assert {each.complaint for each in utterances()} <= {0, 1, None}


def test_every_intent_of_a_buyer_has_a_dozen_utterances_and_an_agents_none() -> None:
    counts = Counter(each.intent for each in utterances())
    thin = [code for code, intent in intents().items() if intent.voice == "buyer" and counts[code] < 12]
    assert thin == []
    assert [code for code, intent in intents().items() if intent.voice == "agent" and counts[code]] == []


def test_every_emotion_and_both_sides_of_complaint_can_be_learned() -> None:
    emotions = Counter(each.emotion for each in utterances())
    assert all(emotions[label] >= 50 for label in EMOTIONS)
    complaints = Counter(each.complaint for each in utterances())
    assert min(complaints[0], complaints[1]) >= 500


def test_something_is_written_and_context_says_who_speaks() -> None:
    assert [each for each in utterances() if not each.text.strip()] == []
    lines = [line for each in utterances() for line in each.context]
    assert lines
    assert [line for line in lines if not line.startswith(("买家:", "客服:"))] == []


def test_no_utterance_is_there_twice() -> None:
    counts = Counter((each.text, each.context) for each in utterances())
    assert [text for text, count in counts.items() if count > 1] == []
