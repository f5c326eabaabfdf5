"""Labelled dialogs are read as the contract gives them; a wrong line is named with its field."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from eval.datasets import cases, read_dialogs
from eval.errors import DialogsUnreadable

LABELS = {"intents": ["pre.size"], "complaint": 0, "emotion": "neutral"}
DIALOG: dict[str, Any] = {
    "dialog_id": "d1",
    "context": {"order": {"state": "paid"}},
    "messages": [
        {"role": "buyer", "text": "在吗", "labels": {"intents": ["flow.greeting"]}},
        {"role": "agent", "text": "在的"},
        {"role": "buyer", "text": "穿什么码", "labels": LABELS},
    ],
}


def write(path: Path, *rows: object) -> Path:
    path.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows), "utf-8")
    return path


def test_a_labelled_message_is_asked_with_all_messages_up_to_it(tmp_path: Path) -> None:
    first, second = cases(read_dialogs(write(tmp_path / "d.jsonl", DIALOG)), limit=5)
    assert [len(first.request.messages), len(second.request.messages)] == [1, 3]
    assert (second.text, second.request.limit, second.request.context.order is not None) == ("穿什么码", 5, True)
    assert second.labels is not None
    assert (second.labels.intents, second.labels.complaint, second.labels.emotion) == (("pre.size",), False, "neutral")


def test_labels_that_readers_could_not_agree_on_are_null(tmp_path: Path) -> None:
    message = {"role": "buyer", "text": "嗯", "labels": {"intents": None, "complaint": None, "emotion": None}}
    [case] = cases(read_dialogs(write(tmp_path / "d.jsonl", {**DIALOG, "messages": [message], "context": None})))
    assert case.labels is not None
    assert (case.labels.intents, case.labels.complaint) == (None, None)


def test_an_opening_of_the_shop_is_a_case_without_labels(tmp_path: Path) -> None:
    opening = {"dialog_id": "o", "messages": [], "intent": "care.thanks", "context": {}}
    [case] = cases(read_dialogs(write(tmp_path / "d.jsonl", opening)))
    assert (case.labels, case.request.intent, case.text) == (None, "care.thanks", "")


@pytest.mark.parametrize(
    ("row", "named"),
    [
        ("{not json", "第 2 行"),
        (
            {**DIALOG, "messages": [{"role": "buyer", "text": "x", "labels": {"intents": ["pre.nothing"]}}]},
            "pre.nothing",
        ),
        ({"messages": []}, "dialog_id"),
        ({**DIALOG, "messages": [{"role": "robot", "text": "x"}]}, "role"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, row: object, named: str) -> None:
    with pytest.raises(DialogsUnreadable, match=named):
        read_dialogs(write(tmp_path / "d.jsonl", DIALOG, row))


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00"])
def test_an_unreadable_file_says_so(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "d.jsonl"
    path.write_bytes(content)
    with pytest.raises(DialogsUnreadable, match=r"d\.jsonl"):
        read_dialogs(path)


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(DialogsUnreadable, match="nowhere"):
        read_dialogs(tmp_path / "nowhere.jsonl")
