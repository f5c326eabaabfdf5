"""The cases whose outcome differs between two results: what was won and what was lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict

from eval.case_measures import agree, understood_right
from eval.metric_names import NOTHING
from eval.report_words import words
from eval.saved_results import SavedCase
from eval.tables import zh
from eval.topics import SILENCE

Aspect = Literal["first", "three", "understood", "complaint", "emotion", "query"]
ASPECTS: dict[Aspect, str] = {
    "first": "首条", "three": "前三条", "understood": "意图理解", "complaint": "投诉", "emotion": "情绪",
    "query": "nDCG@10",
}  # fmt: skip


class Change(BaseModel):
    """One thing about one case that is right in one result and wrong in the other, or a query that moved."""

    model_config = ConfigDict(frozen=True)

    id: str
    aspect: Aspect
    won: bool
    text: str
    wanted: str
    before: str
    after: str


def case_changes(pairs: Sequence[tuple[SavedCase, SavedCase]]) -> list[Change]:
    """Every aspect of every pair that is right before and wrong after, or the other way round; losses first."""
    found = [change for before, after in pairs for change in _changes(before, after)]
    order = list(ASPECTS)
    return sorted(found, key=lambda each: (order.index(each.aspect), each.won))


def query_changes(values: Mapping[str, tuple[float, float]]) -> list[Change]:
    """Every query whose value differs, losses first, the largest foremost."""
    moved = sorted((after - before, key) for key, (before, after) in values.items() if after != before)
    losses, wins = ([pair for pair in moved if pair[0] < 0], [pair for pair in reversed(moved) if pair[0] > 0])
    return [
        Change(
            id=key,
            aspect="query",
            won=gap > 0,
            text="",
            wanted="",
            before=f"{values[key][0]:.3f}",
            after=f"{values[key][1]:.3f}",
        )
        for gap, key in (*losses, *wins)
    ]


def _changes(before: SavedCase, after: SavedCase) -> Iterator[Change]:
    old, new = _seen(before), _seen(after)
    for aspect, (was_right, wanted, was) in old.items():
        is_right, _, became = new[aspect]
        if was_right is not None and is_right is not None and was_right != is_right:
            yield Change(
                id=before.id, aspect=aspect, won=is_right, text=before.text, wanted=wanted, before=was, after=became
            )


def _seen(case: SavedCase) -> dict[Aspect, tuple[bool | None, str, str]]:
    """By aspect: whether it is right (None without a label), what was wanted, what came."""
    wanted = "、".join(map(zh, case.wanted))
    offered = [zh(each.intent) for each in case.suggestions if not each.fallback] or [zh(SILENCE)]
    understood = zh(case.understood[0]) if case.understood else NOTHING
    labelled, said = case.labelled, case.said
    return {
        "first": (case.right_first, wanted, offered[0]),
        "three": (case.right_three, wanted, "、".join(offered[:3])),
        "understood": (understood_right(case), wanted, understood),
        "complaint": (agree(labelled.complaint, said.complaint), _yes(labelled.complaint), _yes(said.complaint)),
        "emotion": (agree(labelled.emotion, said.emotion), _emotion(labelled.emotion), _emotion(said.emotion)),
    }


def _yes(value: bool | None) -> str:
    return "是" if value else "否"


def _emotion(label: str | None) -> str:
    return words().emotions.get(label or "", label or "")
