"""A collection through the product's retriever alone, and beside it its parts and the untuned encoder."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from eval.collection import Collection
from eval.document_index import EVERYBODY, document_snapshot
from eval.encoding import encoded
from eval.errors import PackagesMissing
from eval.latency import percentiles
from eval.plain_encoder import plain_encoder
from eval.progress import Steps
from eval.ranked import RETRIEVAL_MEASURES, Run, measured, measured_each
from eval.result import Input, Latency, Metrics, RetrievalResult, Row, System, rounded
from knowledge.lexical_index import top
from knowledge.retriever import Query, retrieve
from knowledge.snapshot import Snapshot
from models.encoder import Encoder
from models.text import normalise, tokens

DEPTH = 100  # what a run holds of every query
WARM_UP = 10
Search = Callable[[Query], Iterable[tuple[int, float]]]
"""Slots with their scores, best first."""


@dataclass(frozen=True, slots=True)
class Searched:
    """What was found for every judged query, and how long each search took in seconds."""

    run: Run
    seconds: list[float]


def evaluate_retrieval(
    name: str, collection: Collection, encoder: Encoder, steps: Steps, *, baselines: bool = False
) -> tuple[RetrievalResult, Run]:
    """Every number of a collection called `name`, and the run behind them."""
    with steps("编码文档") as heard:
        snapshot = document_snapshot(collection.documents, encoder, heard)
    with steps("编码查询") as heard:
        queries = _queries(collection, encoder, heard)
    with steps("检索") as heard:
        found = _searched(collection, queries, lambda query: _fused(snapshot, query), heard)
    metrics = _metrics(collection, found.run)
    table = _baselines(collection, snapshot, queries, metrics, steps) if baselines else None
    result = RetrievalResult(
        inputs=[
            Input(file=f"{name}/{file}", sha256=sha256, cases=len(collection.qrels))
            for file, sha256 in collection.sha256.items()
        ],
        system=System(encoder=encoder.id, fitted_on={}, knowledge_revision=None, entries=len(collection.documents)),
        metrics=metrics,
        queries=_each(collection, found.run),
        baselines=table,
        latency=Latency(requests=len(found.seconds), total=percentiles(found.seconds), stages={}),
    )
    return result, found.run


def _queries(collection: Collection, encoder: Encoder, heard: Callable[[int, int], None]) -> list[Query]:
    texts = [normalise(text) for text in collection.queries.values()]
    vectors = encoded(encoder.encode_queries, texts, heard)
    return [Query(text, vector) for text, vector in zip(texts, vectors, strict=True)]


def _searched(
    collection: Collection, queries: Sequence[Query], search: Search, heard: Callable[[int, int], None]
) -> Searched:
    documents = list(collection.documents)
    for query in queries[:WARM_UP]:
        list(search(query))
    run: dict[str, dict[str, float]] = {}
    seconds: list[float] = []
    for number, (key, query) in enumerate(zip(collection.queries, queries, strict=True), start=1):
        started = perf_counter()
        found = list(search(query))
        seconds.append(perf_counter() - started)
        run[key] = {documents[slot]: score for slot, score in found}
        heard(number, len(queries))
    return Searched(run, seconds)


def _fused(snapshot: Snapshot, query: Query) -> list[tuple[int, float]]:
    return [(int(each.entry.id), each.fused) for each in retrieve(snapshot, query, EVERYBODY, DEPTH)]


def _by_words(snapshot: Snapshot, query: Query) -> list[tuple[int, float]]:
    scores = snapshot.lexical.scores(tokens(query.text), len(snapshot.roster))
    return [(slot, float(scores[slot])) for slot in top(scores, snapshot.view(EVERYBODY).allowed, DEPTH).tolist()]


def _by_vector(snapshot: Snapshot, query: Query) -> list[tuple[int, float]]:
    hits = snapshot.answers.search(query.vector, DEPTH, snapshot.view(EVERYBODY).answers)
    return list(zip(hits.owners.tolist(), hits.scores.tolist(), strict=True))


def _metrics(collection: Collection, run: Run) -> Metrics:
    return rounded({"queries": float(len(collection.qrels)), **measured(RETRIEVAL_MEASURES, collection.qrels, run)})


def _each(collection: Collection, run: Run) -> dict[str, float]:
    each = measured_each(RETRIEVAL_MEASURES["ndcg_at_10"], collection.qrels, run)
    return {query: round(value, 6) for query, value in each.items()}


def _baselines(
    collection: Collection, snapshot: Snapshot, queries: Sequence[Query], metrics: Metrics, steps: Steps
) -> list[Row]:
    def row(name: str, note: str, search: Search) -> Row:
        with steps(note) as heard:
            return Row(
                name=name, note=note, metrics=_metrics(collection, _searched(collection, queries, search, heard).run)
            )

    return [
        row("bm25", "BM25：只用字面索引", lambda query: _by_words(snapshot, query)),
        row("dense", "只用向量", lambda query: _by_vector(snapshot, query)),
        _plain_row(collection, steps),
        Row(name="system", note="本系统：字面与向量结合", metrics=metrics),
    ]


def _plain_row(collection: Collection, steps: Steps) -> Row:
    try:
        with steps("生成未调优的编码器"), plain_encoder() as encoder:
            run = _plain_run(collection, encoder, steps)
    except PackagesMissing as error:
        return Row(name="plain_e5", note=str(error), metrics=dict.fromkeys(("queries", *RETRIEVAL_MEASURES)))
    return Row(name="plain_e5", note="multilingual-e5-small（未调优），只用向量", metrics=_metrics(collection, run))


def _plain_run(collection: Collection, encoder: Encoder, steps: Steps) -> Run:
    """As the encoder's card says: both sides with their prefixes, cosine; texts as they are written."""
    keys = list(collection.documents)
    with steps("编码文档（未调优）") as heard:
        documents = encoded(encoder.encode_documents, list(collection.documents.values()), heard)
    queries = encoder.encode_queries(list(collection.queries.values()))
    return {
        key: {keys[place]: float(scores[place]) for place in _best(scores)}
        for key, scores in ((key, documents @ query) for key, query in zip(collection.queries, queries, strict=True))
    }


def _best(scores: NDArray[np.float32]) -> list[int]:
    places: list[int] = np.argsort(-scores, kind="stable")[:DEPTH].tolist()
    return places
