"""Labelled dialogs as examples to learn from."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from assistant.conversation import read_conversation
from assistant.evidence import state_of
from assistant.examples import Example
from eval.datasets import Case, Labels, cases, read_dialogs
from eval.errors import DialogsUnreadable


def read_examples(paths: Sequence[Path]) -> list[Example]:
    """Every buyer's turn of the files that is labelled with intents; DialogsUnreadable where a file has none."""
    examples = []
    for path in paths:
        found = [
            _example(case, case.labels) for case in cases(read_dialogs(path)) if case.labels and case.labels.intents
        ]
        if not found:
            raise DialogsUnreadable(f"{path}：没有标注了 intents 的买家消息，学不到什么；请先标注。")
        examples += found
    return examples


def _example(case: Case, labels: Labels) -> Example:
    return Example(
        conversation=read_conversation(case.request.messages),
        intents=labels.intents or (),
        complaint=labels.complaint,
        emotion=labels.emotion,
        state=state_of(case.request.context),
        from_dialog=True,
        item_id=case.request.context.item.item_id if case.request.context.item else None,
    )
