"""Each case's part in the metrics, as arrays, so that any weighting of the cases gives the metrics anew.

A metric is a mean over the cases that have a value, or comes from counts over cases (precision, recall, F1). Both are
linear in how often each case counts, which is all that a resample of the cases changes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from eval.metric_names import MetricName, metric_names
from eval.saved_results import SavedCase
from eval.topics import OUTSIDE, OUTSIDE_TAG, closest_wanted, folded

Array: TypeAlias = NDArray[np.float64]
Measure: TypeAlias = Callable[[Array], Array]
"""Weights (resamples × cases) → the metric for each resample; NaN where no case of the resample has a value."""

EXTRA = {"complaint_accuracy": MetricName(zh="投诉判断对", better="up", format="share")}


def described(name: str) -> MetricName:
    """A metric's name for people; those that only comparisons have are `EXTRA`."""
    return EXTRA[name] if name in EXTRA else metric_names()[name]


def means(cases: Sequence[SavedCase]) -> dict[str, list[bool | None]]:
    """The metrics that are means: for each case whether it holds, None where it does not count."""
    return {
        "success_at_1": [each.right_first for each in cases],
        "success_at_3": [each.right_three for each in cases],
        "entry_success_at_1": [entry_within(each, 1) for each in cases],
        "entry_success_at_3": [entry_within(each, 3) for each in cases],
        "intent_accuracy": [understood_right(each) for each in cases],
        "complaint_accuracy": [agree(each.labelled.complaint, each.said.complaint) for each in cases],
        "emotion_accuracy": [agree(each.labelled.emotion, each.said.emotion) for each in cases],
        "abstained": [each.abstained if each.wanted and each.right_first is not None else None for each in cases],
        "outside_answered": [not each.abstained if is_outside(each) else None for each in cases],
    }


def entry_within(case: SavedCase, n: int) -> bool | None:
    """Whether one of the entries that readers named is among the first `n` suggested; None where they named none."""
    offered = dict.fromkeys(each.entry_id for each in case.suggestions if not each.fallback)
    return bool(set(list(offered)[:n]) & set(case.wanted_entries)) if case.wanted_entries else None


def agree(labelled: object, said: object) -> bool | None:
    """Whether what was said is as readers labelled it; None without a label."""
    return None if labelled is None else labelled == said


def understood_right(case: SavedCase) -> bool | None:
    """Whether the likeliest intent is acceptable; None where readers did not agree on one."""
    return None if case.right_first is None else _intent_said(case) in _wanted(case)


def is_outside(case: SavedCase) -> bool:
    """Whether the message has nothing to do with the shop."""
    return OUTSIDE_TAG in case.tags or case.wanted[:1] == [OUTSIDE]


def measures(cases: Sequence[SavedCase]) -> dict[str, Measure]:
    """Every metric that can be had from saved cases, in the order of tables."""
    found: dict[str, Measure] = {name: mean_of(values) for name, values in means(cases).items()}
    complaints = [(each.labelled.complaint, each.said.complaint) for each in cases]
    for part in ("precision", "recall", "f1"):
        found[f"complaint_{part}"] = partial(_binary, part, *_matches(complaints, [True]))
    found["intent_macro_f1"] = _macro([_intent_pair(each) for each in cases])
    found["emotion_macro_f1"] = _macro([(each.labelled.emotion, each.said.emotion) for each in cases])
    order = [*metric_names(), *EXTRA]
    return dict(sorted(found.items(), key=lambda pair: order.index(pair[0])))


def mean_of(values: Sequence[float | bool | None]) -> Measure:
    """The mean over the cases that have a value."""
    known = np.array([value is not None for value in values], np.float64)
    value = np.array([float(each or 0.0) for each in values])
    return lambda weights: _ratio(weights @ value, weights @ known)


def _intent_said(case: SavedCase) -> str:
    return folded(case.understood[0]) if case.understood else ""


def _wanted(case: SavedCase) -> list[str]:
    return [folded(code) for code in case.wanted]


def _intent_pair(case: SavedCase) -> tuple[str | None, str]:
    """What is right and what was said; an acceptable code is right."""
    said = _intent_said(case)
    return (None, said) if case.right_first is None else (closest_wanted(said, _wanted(case)), said)


def _matches(pairs: Sequence[tuple[object, object]], labels: Sequence[object]) -> tuple[Array, Array, Array]:
    """True positives, labelled and said (cases × labels); all 0 for a case without a label."""
    shape = len(pairs), len(labels)
    known = np.array([true is not None for true, _ in pairs], np.bool_)[:, None]
    true = np.array([one == label for one, _ in pairs for label in labels], np.bool_).reshape(shape) & known
    said = np.array([one == label for _, one in pairs for label in labels], np.bool_).reshape(shape) & known
    return (true & said).astype(np.float64), true.astype(np.float64), said.astype(np.float64)


def _macro(pairs: Sequence[tuple[str | None, str | None]]) -> Measure:
    """The mean F1 of the labels that occur among the true ones of a resample."""
    labels = sorted({true for true, _ in pairs if true is not None})
    hits, true, said = _matches(pairs, labels)

    def measure(weights: Array) -> Array:
        occurs = weights @ true
        f1 = np.nan_to_num(_ratio(2 * (weights @ hits), occurs + weights @ said))
        return _ratio((f1 * (occurs > 0)).sum(axis=1), (occurs > 0).sum(axis=1).astype(np.float64))

    return measure


def _binary(part: str, hits: Array, true: Array, said: Array, weights: Array) -> Array:
    """Precision, recall or F1 of the one label; 0 where nothing was said, NaN where nothing is labelled so."""
    hit, labelled, told = ((weights @ counts)[:, 0] for counts in (hits, true, said))
    whole: Mapping[str, Array] = {"precision": told, "recall": labelled, "f1": (labelled + told) / 2}
    return np.where(labelled > 0, np.nan_to_num(_ratio(hit, whole[part])), np.nan)


def _ratio(above: Array, below: Array) -> Array:
    return np.divide(above, below, out=np.full_like(above, np.nan), where=below > 0)
