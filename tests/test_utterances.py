"""Our labelled utterances use the contract's labels, cover what buyers say, and copy nothing that is measured on."""

from __future__ import annotations

import json
import re
from collections import Counter
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, get_args

import pytest

from eval.datasets import cases, read_dialogs
from knowledge.context import OrderState
from models.cues import EMOTIONS
from models.intents import intents
from models.text import marks, normalise
from models.training.utterances import KEPT_BACK, Utterance, utterances

DIALOGS = Path(__file__).parents[1] / "eval" / "dialogs"
BUYERS = {code for code, intent in intents().items() if intent.voice == "buyer"}
ALWAYS, SOMETIMES = {"intent", "context", "text", "complaint", "emotion"}, {"also", "order", "batch"}
SHORT = 8  # characters up to which a message is everybody's: 好的, 在吗, 什么时候发货


@cache
def rows() -> list[dict[str, Any]]:
    """The file as it is written."""
    lines = files("models").joinpath("training/utterances.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


@cache
def documentation() -> str:
    return files("models").joinpath("training/README.md").read_text("utf-8")


def test_every_line_is_read_in_the_order_of_the_file() -> None:
    assert [(each.intent, each.text) for each in utterances()] == [(row["intent"], row["text"]) for row in rows()]


def test_no_line_has_a_field_that_means_nothing_or_lacks_one() -> None:
    assert [row for row in rows() if not ALWAYS <= row.keys() <= ALWAYS | SOMETIMES] == []
    for field in ALWAYS | SOMETIMES:
        assert f"`{field}`" in documentation(), field


def test_every_field_has_values_of_its_kind() -> None:
    for row in rows():
        assert isinstance(row["text"], str), row
        assert row["complaint"] in (0, 1), row
        assert not isinstance(row["complaint"], bool), row
        assert row["emotion"] in EMOTIONS, row
        assert row.get("order") in (*get_args(OrderState), None), row
        assert all(isinstance(line, str) for line in row["context"]), row
    named = set(re.findall(r"`([\w-]+)`", documentation()))
    assert {row["batch"] for row in rows() if "batch" in row} <= named


def test_intents_are_those_of_buyers_and_none_is_named_twice() -> None:
    wrong = [row for row in rows() if not {row["intent"], *row.get("also", [])} <= BUYERS]
    assert wrong == []
    doubled = [row for row in rows() if len({row["intent"], *row.get("also", [])}) != 1 + len(row.get("also", []))]
    assert doubled == []


def test_something_is_written_and_context_says_who_speaks() -> None:
    assert [each for each in utterances() if not each.text.strip()] == []
    lines = [line for each in utterances() for line in each.context]
    assert lines
    assert [line for line in lines if not line.startswith(("买家:", "客服:"))] == []
    assert [line for line in lines if not line.partition(":")[2].strip()] == []


def test_no_utterance_is_there_twice() -> None:
    """Alike as they are read: in either script and any case, but with their emoji and marks."""
    counts = Counter(
        (normalise(each.text), marks(each.text), normalise("".join(each.context[-1:])), each.intent)
        for each in utterances()
    )
    assert [key for key, count in counts.items() if count > 1] == []


def test_no_line_stands_in_the_labelled_dialogs() -> None:
    """A few long ones may coincide by chance; more would be a leak of what quality is measured on."""
    measured = {
        normalise(message.text)
        for path in sorted(DIALOGS.glob("*.jsonl"))
        for dialog in read_dialogs(path)
        for message in dialog.messages
        if message.role == "buyer"
    }
    turns = {normalise(case.text) for path in sorted(DIALOGS.glob("*.jsonl")) for case in cases(read_dialogs(path))}
    written = {normalise(line) for each in utterances() for line in (each.text, *each.text.split(" / "))}
    shared = {text for text in written & (measured | turns) if len(text) > SHORT}
    assert len(shared) <= 3, shared


@pytest.mark.parametrize("code", sorted(BUYERS))
def test_every_intent_of_a_buyer_has_two_hundred_utterances(code: str) -> None:
    assert Counter(each.intent for each in utterances())[code] >= 200


def test_what_is_no_shops_job_and_what_says_nothing_can_be_learned() -> None:
    counts = Counter(each.intent for each in utterances())
    assert counts["other.chitchat"] + counts["other.unclear"] >= 1500


def test_every_emotion_and_both_sides_of_complaint_can_be_learned() -> None:
    emotions = Counter(each.emotion for each in utterances())
    assert all(emotions[label] >= 500 for label in EMOTIONS)
    assert len(utterances()) - emotions["neutral"] >= 1500
    complaints = Counter(each.complaint for each in utterances())
    assert min(complaints[0], complaints[1]) >= 5000


def test_every_state_of_an_order_can_be_learned_and_so_can_conversations() -> None:
    states = Counter(each.order for each in utterances())
    assert all(states[state] >= 50 for state in get_args(OrderState))
    assert sum(bool(each.context) for each in utterances()) >= 1000


# What is kept back


def test_about_a_seventh_is_kept_back() -> None:
    share = sum(each.kept_back for each in utterances()) / len(utterances())
    assert share == pytest.approx(1 / KEPT_BACK, rel=0.05)


def test_every_intent_has_some_that_are_kept_back_and_most_that_are_not() -> None:
    kept = Counter(each.intent for each in utterances() if each.kept_back)
    everything = Counter(each.intent for each in utterances())
    assert [code for code in BUYERS if not 10 <= kept[code] <= everything[code] / 3] == []


def test_what_is_kept_back_is_decided_by_the_words_alone() -> None:
    for each in utterances()[:500]:
        others = Utterance("pre.size", each.context, each.text, None, None, "paid", ("pre.stock",))
        assert others.kept_back == each.kept_back
