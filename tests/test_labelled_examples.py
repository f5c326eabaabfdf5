"""Labelled dialogs as examples: every labelled turn as a request for it would be read, with its labels."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assistant.conversation import read_conversation
from assistant.evidence import BROWSING
from assistant.request import Message
from eval.errors import DialogsUnreadable
from eval.labelled_examples import read_examples

TALK: list[dict[str, Any]] = [
    {"role": "buyer", "text": "白色有货吗", "labels": {"intents": ["pre.stock"], "complaint": 0, "emotion": "neutral"}},
    {"role": "agent", "text": "有的亲"},
    {"role": "buyer", "text": "收到就是破的", "labels": {"intents": ["after.damaged", "after.return"], "complaint": 1}},
    {"role": "agent", "text": "抱歉亲"},
]


def written(path: Path, *dialogs: dict[str, Any]) -> Path:
    rows = [{"dialog_id": f"d{number}", **dialog} for number, dialog in enumerate(dialogs)]
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")
    return path


def test_every_labelled_turn_is_read_with_what_came_before_it(tmp_path: Path) -> None:
    first, second = read_examples([written(tmp_path / "d.jsonl", {"messages": TALK})])
    assert (first.intents, first.complaint, first.emotion) == (("pre.stock",), False, "neutral")
    assert (second.intents, second.complaint, second.emotion) == (("after.damaged", "after.return"), True, None)
    before = [Message(role=each["role"], text=each["text"]) for each in TALK[:3]]
    assert first.conversation == read_conversation(before[:1])
    assert second.conversation == read_conversation(before)
    assert second.conversation.in_context == "收到就是破的 客:有的亲 买:白色有货吗"


def test_they_count_as_dialogs_that_the_encoder_has_not_seen(tmp_path: Path) -> None:
    examples = read_examples([written(tmp_path / "d.jsonl", {"messages": TALK})])
    assert all(each.from_dialog and each.kept_back for each in examples)


@pytest.mark.parametrize(
    ("context", "state"),
    [
        ({"order": {"state": "delivered"}, "item": {"item_id": "dress-001"}}, "delivered"),
        ({"item": {"item_id": "dress-001"}}, BROWSING),
        ({"order": {"order_id": "1"}}, None),
        (None, None),
    ],
)
def test_the_state_is_what_a_request_would_be_judged_by(
    tmp_path: Path, context: dict[str, Any] | None, state: str | None
) -> None:
    examples = read_examples([written(tmp_path / "d.jsonl", {"context": context, "messages": TALK})])
    assert {each.state for each in examples} == {state}


def test_turns_whose_intent_is_not_known_teach_nothing(tmp_path: Path) -> None:
    unsure = {"role": "buyer", "text": "嗯", "labels": {"intents": None, "complaint": 0}}
    empty = {"role": "buyer", "text": "哦", "labels": {"intents": [], "complaint": 0}}
    path = written(tmp_path / "d.jsonl", {"messages": [unsure]}, {"messages": [empty]}, {"messages": TALK})
    assert [each.text for each in read_examples([path])] == ["白色有货吗", "收到就是破的"]


def test_what_the_shop_opens_is_no_example(tmp_path: Path) -> None:
    path = written(tmp_path / "d.jsonl", {"messages": [], "intent": "care.thanks"}, {"messages": TALK})
    assert len(read_examples([path])) == 2


def test_several_files_are_read_one_after_the_other(tmp_path: Path) -> None:
    one = written(tmp_path / "one.jsonl", {"messages": TALK[2:]})
    other = written(tmp_path / "other.jsonl", {"messages": TALK[:1]})
    assert [each.text for each in read_examples([one, other])] == ["收到就是破的", "白色有货吗"]
    assert read_examples([]) == []


@pytest.mark.parametrize("labels", [None, {"complaint": 1}, {"intents": []}])
def test_a_file_without_a_labelled_intent_is_refused_by_name(tmp_path: Path, labels: dict[str, Any] | None) -> None:
    good = written(tmp_path / "good.jsonl", {"messages": TALK})
    message = {"role": "buyer", "text": "在吗", **({"labels": labels} if labels else {})}
    bad = written(tmp_path / "bad.jsonl", {"messages": [message]})
    with pytest.raises(DialogsUnreadable, match=r"bad\.jsonl.*intents"):
        read_examples([good, bad])


def test_a_file_that_is_not_there_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(DialogsUnreadable, match=r"nowhere\.jsonl"):
        read_examples([tmp_path / "nowhere.jsonl"])
