"""A collection through the retriever: the product's own search, measured as the field measures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

import eval.retrieval_evaluation as evaluation
from eval.collection import Collection, read_collection
from eval.document_index import EVERYBODY, PIECE, document_snapshot
from eval.encoding import BATCH, encoded
from eval.errors import PackagesMissing
from eval.progress import silent
from eval.retrieval_evaluation import DEPTH, evaluate_retrieval
from eval.trec import trec_run
from knowledge.retriever import Query, retrieve
from models.encoder import Encoder
from models.text import normalise
from tests.beir_folders import DOCUMENTS, write_folder
from tests.counting_encoder import CountingEncoder


@pytest.fixture
def collection(tmp_path: Path) -> Collection:
    return read_collection(write_folder(tmp_path / "c"))


@contextmanager
def same_encoder(encoder: Encoder) -> Iterator[Encoder]:
    yield encoder


def test_the_right_document_comes_first(collection: Collection, encoder: Encoder) -> None:
    result, run = evaluate_retrieval("小集合", collection, encoder, silent)
    assert {query: next(iter(found)) for query, found in run.items()} == {"q1": "d1", "q2": "d2", "q3": "d4"}
    assert result.metrics["ndcg_at_10"] == result.metrics["success_at_1"] == result.metrics["rr_at_10"] == 1
    assert result.queries == {"q1": 1, "q2": 1, "q3": 1}
    assert (result.metrics["queries"], result.system.entries) == (3, len(DOCUMENTS))
    assert [each.file for each in result.inputs] == [
        "小集合/corpus.jsonl", "小集合/queries.jsonl", "小集合/qrels/test.tsv"
    ]  # fmt: skip


def test_it_is_the_search_of_the_product(collection: Collection, encoder: Encoder) -> None:
    snapshot = document_snapshot(collection.documents, encoder, lambda _done, _total: None)
    text = normalise(collection.queries["q2"])
    found = retrieve(snapshot, Query(text, encoder.encode_queries([text])[0]), EVERYBODY, DEPTH)
    _, run = evaluate_retrieval("c", collection, encoder, silent)
    keys = list(collection.documents)
    assert [(keys[int(each.entry.id)], each.fused) for each in found] == list(run["q2"].items())


def test_the_vector_of_a_document_is_the_encoders_own(encoder: Encoder) -> None:
    snapshot = document_snapshot({"d": "包邮吗"}, encoder, lambda _done, _total: None)
    assert np.allclose(snapshot.answers.vectors(0), encoder.encode_documents(["包邮吗"]), atol=1e-6)
    assert len(snapshot.phrasings) == 0


def test_a_long_document_is_found_by_what_stands_at_its_end(encoder: Encoder) -> None:
    long = "今天天气很好，我们去公园散步。" * 80 + "签收后七天内可以无理由退货。"
    documents = {"long": long, "other": "付款后四十八小时内发货。"}
    snapshot = document_snapshot(documents, encoder, lambda _done, _total: None)
    assert len(snapshot.answers.rows_of(0)) == -(-len(normalise(long)) // PIECE)
    [query] = encoder.encode_queries(["几天内可以退货"])
    assert retrieve(snapshot, Query("几天内可以退货", query), EVERYBODY)[0].entry.id == "0"


def test_an_empty_document_is_never_in_the_way(encoder: Encoder) -> None:
    snapshot = document_snapshot({"empty": " ", "d": "包邮"}, encoder, lambda _done, _total: None)
    [query] = encoder.encode_queries(["包邮吗"])
    assert retrieve(snapshot, Query("包邮吗", query), EVERYBODY)[0].entry.id == "1"


def test_a_run_holds_the_best_hundred(counting_encoder: CountingEncoder, tmp_path: Path) -> None:
    documents = {f"d{n}": f"第{n}条说明" for n in range(150)}
    folder = write_folder(tmp_path / "c", documents=documents, judged=[("q1", "d3", 1)])
    _, run = evaluate_retrieval("c", read_collection(folder), counting_encoder, silent)
    assert len(run["q1"]) == DEPTH
    scores = list(run["q1"].values())
    assert scores == sorted(scores, reverse=True)


def test_the_table_has_each_part_alone_and_the_untuned_encoder(
    collection: Collection, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evaluation, "plain_encoder", lambda: same_encoder(encoder))
    result, _ = evaluate_retrieval("c", collection, encoder, silent, baselines=True)
    assert result.baselines is not None
    rows = {row.name: row.metrics for row in result.baselines}
    assert list(rows) == ["bm25", "dense", "plain_e5", "system"]
    assert rows["system"] == result.metrics
    assert rows["plain_e5"]["ndcg_at_10"] == rows["dense"]["ndcg_at_10"] == 1
    assert rows["bm25"]["recall_at_100"] is not None


def test_without_its_packages_the_untuned_encoder_says_what_to_install(
    collection: Collection, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing() -> Iterator[Encoder]:
        raise PackagesMissing("请运行 pip install 'xiaoer[train]'")

    monkeypatch.setattr(evaluation, "plain_encoder", missing)
    result, _ = evaluate_retrieval("c", collection, encoder, silent, baselines=True)
    assert result.baselines is not None
    [row] = [row for row in result.baselines if row.name == "plain_e5"]
    assert "xiaoer[train]" in row.note
    assert set(row.metrics.values()) == {None}


def test_a_run_is_written_as_trec_reads_it() -> None:
    assert trec_run({"q1": {"d2": 0.5, "d1": 0.25}, "q2": {"d1": 1.0}}) == (
        "q1 Q0 d2 1 0.5 xiaoer\nq1 Q0 d1 2 0.25 xiaoer\nq2 Q0 d1 1 1.0 xiaoer\n"
    )


def test_many_texts_keep_their_order_and_are_told_of(encoder: Encoder) -> None:
    texts = ["好" * (1 + number % 7) for number in range(BATCH + 5)]
    heard: list[tuple[int, int]] = []
    seen: list[int] = []

    def encode(some: Sequence[str]) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
        seen.extend(map(len, some))
        return np.array([[len(text)] for text in some], np.float32)

    vectors = encoded(encode, texts, lambda done, total: heard.append((done, total)))
    assert vectors[:, 0].tolist() == [len(text) for text in texts]
    assert seen == sorted(seen)
    assert heard == [(BATCH, BATCH + 5), (BATCH + 5, BATCH + 5)]
    assert encoded(encoder.encode_queries, [], lambda _done, _total: None).shape == (0, encoder.dim)
