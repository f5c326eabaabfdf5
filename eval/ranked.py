"""Measures of ranked lists, by ir-measures: the names that the field knows, computed as the field computes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import ir_measures
from ir_measures import RR, Measure, Metric, Qrel, R, ScoredDoc, Success, nDCG

Run = Mapping[str, Mapping[str, float]]  # query → document → score
Qrels = Mapping[str, Mapping[str, int]]  # query → document → grade

TOPIC_MEASURES: dict[str, Measure] = {
    "success_at_1": Success @ 1,
    "success_at_3": Success @ 3,
    "rr_at_10": RR @ 10,
}
RETRIEVAL_MEASURES: dict[str, Measure] = {
    "ndcg_at_10": nDCG @ 10,
    "recall_at_100": R @ 100,
    "rr_at_10": RR @ 10,
    "success_at_1": Success @ 1,
    "success_at_3": Success @ 3,
    "success_at_10": Success @ 10,
}


def measured(measures: Mapping[str, Measure], qrels: Qrels, run: Run) -> dict[str, float]:
    """The mean of every measure over all queries of `qrels`; one that the run does not have counts 0."""
    if not qrels:
        return dict.fromkeys(measures, 0.0)
    results = ir_measures.calc_aggregate(list(measures.values()), list(_qrels(qrels)), list(_scored(run)))
    return {name: float(results[measure]) for name, measure in measures.items()}


def measured_each(measure: Measure, qrels: Qrels, run: Run) -> dict[str, float]:
    """One measure for every query of `qrels`."""
    found: Iterable[Metric] = ir_measures.iter_calc([measure], list(_qrels(qrels)), list(_scored(run)))
    return dict.fromkeys(qrels, 0.0) | {each.query_id: float(each.value) for each in found}


def as_scores(ranking: Sequence[str]) -> dict[str, float]:
    """Strictly falling scores for a list, so that no tie is broken in another way than the list's."""
    return {one: float(len(ranking) - place) for place, one in enumerate(ranking)}


def _qrels(qrels: Qrels) -> Iterable[Qrel]:
    return (Qrel(query, document, grade) for query, grades in qrels.items() for document, grade in grades.items())


def _scored(run: Run) -> Iterable[ScoredDoc]:
    return (ScoredDoc(query, document, score) for query, found in run.items() for document, score in found.items())
