"""Two results of the same cases: what differs, how surely, and which cases it is."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from eval.bootstrap import RESAMPLES, Compared, compared
from eval.case_changes import Change, case_changes, query_changes
from eval.case_measures import mean_of, measures
from eval.errors import InputUnreadable
from eval.saved_results import Saved, SavedCase, SavedDialogs, SavedRetrieval, read_saved


class Comparison(BaseModel):
    """Everything that a comparison comes to. Cases that cannot be paired are named and left out."""

    model_config = ConfigDict(frozen=True)

    format: Literal["xiaoer-compare/1"] = "xiaoer-compare/1"
    kind: Literal["dialogs", "retrieval"]
    first: str
    second: str
    paired: int
    only_first: list[str]
    only_second: list[str]
    relabelled: list[str]
    resamples: int
    metrics: list[Compared]
    changes: list[Change]


def compare_files(first: Path, second: Path, resamples: int = RESAMPLES) -> Comparison:
    """Compare two saved results; InputUnreadable when one cannot be read or they have nothing in common."""
    return compare_saved(str(first), read_saved(first), str(second), read_saved(second), resamples)


def compare_saved(first: str, a: Saved, second: str, b: Saved, resamples: int = RESAMPLES) -> Comparison:
    """The same for results that are read already; `first` and `second` are what they are called."""
    if isinstance(a, SavedDialogs) and isinstance(b, SavedDialogs):
        found = _dialogs(a, b, resamples)
    elif isinstance(a, SavedRetrieval) and isinstance(b, SavedRetrieval):
        found = _retrieval(a, b, resamples)
    else:
        raise InputUnreadable(f"{first} 是 {a.kind} 的结果，{second} 是 {b.kind} 的结果，不能相比。")
    if not found.paired:
        raise InputUnreadable(f"{first} 和 {second} 没有一条相同的{_CASES[found.kind]}，不能相比。")
    return found.model_copy(update={"first": first, "second": second})


_CASES = {"dialogs": "消息", "retrieval": "查询"}


def _dialogs(a: SavedDialogs, b: SavedDialogs, resamples: int) -> Comparison:
    before, after = ({each.id: each for each in result.cases} for result in (a, b))
    shared = [key for key in before if key in after]
    relabelled = [key for key in shared if _question(before[key]) != _question(after[key])]
    pairs = [(before[key], after[key]) for key in shared if key not in set(relabelled)]
    old, new = (measures([pair[side] for pair in pairs]) for side in (0, 1))
    return Comparison(
        kind="dialogs",
        first="",
        second="",
        paired=len(pairs),
        only_first=[key for key in before if key not in after],
        only_second=[key for key in after if key not in before],
        relabelled=relabelled,
        resamples=resamples,
        metrics=compared(old, new, len(pairs), resamples) if pairs else [],
        changes=case_changes(pairs),
    )


def _question(case: SavedCase) -> tuple[object, ...]:
    """What was asked of the system; a case that asks something else is another case."""
    return case.text, case.context, case.wanted, case.labelled


def _retrieval(a: SavedRetrieval, b: SavedRetrieval, resamples: int) -> Comparison:
    shared = [key for key in a.queries if key in b.queries]
    old, new = ({"ndcg_at_10": mean_of([result.queries[key] for key in shared])} for result in (a, b))
    return Comparison(
        kind="retrieval",
        first="",
        second="",
        paired=len(shared),
        only_first=[key for key in a.queries if key not in b.queries],
        only_second=[key for key in b.queries if key not in a.queries],
        relabelled=[],
        resamples=resamples,
        metrics=compared(old, new, len(shared), resamples) if shared else [],
        changes=query_changes({key: (a.queries[key], b.queries[key]) for key in shared}),
    )
