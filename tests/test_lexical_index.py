"""BM25 against the textbook formula, and the same index whatever way it came about."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge import lexical_index
from knowledge.lexical_index import K1, B, LexicalIndex, Texts, top

CORPUS: dict[int, Texts] = {
    0: [["什么", "时候", "发货"], ["发货", "快", "吗"]],
    2: [["可以", "退货", "吗"]],
    3: [["发货", "发货"], ["退货", "运费", "谁", "出"]],
}


def bm25(corpus: Mapping[int, Texts], query: list[str], owner: int) -> float:
    """The textbook formula, as a share of the query's score against itself."""
    rows = [phrasing for phrasings in corpus.values() for phrasing in phrasings]
    mean = sum(map(len, rows)) / len(rows)

    def weight(token: str, count: int, length: int) -> float:
        found = sum(token in row for row in rows)
        idf = math.log(1 + (len(rows) - found + 0.5) / (found + 0.5))
        return idf * count * (K1 + 1) / (count + K1 * (1 - B + B * length / mean))

    ideal = sum(weight(token, 1, len(query)) for token in query)
    found = [sum(weight(t, row.count(t), len(row)) for t in query if t in row) for row in corpus.get(owner, [])]
    return min(1.0, max(found, default=0.0) / ideal)


@pytest.mark.parametrize("query", [["发货"], ["退货", "吗"], ["运费", "多少"], ["没有"], ["什么", "时候", "发货"]])
def test_scores_are_bm25_of_the_best_phrasing(query: list[str]) -> None:
    scores = LexicalIndex.build(CORPUS).scores(query, 4)
    np.testing.assert_allclose(scores, [bm25(CORPUS, query, owner) for owner in range(4)], atol=1e-5)


def test_the_same_words_score_one_and_unknown_words_cost() -> None:
    index = LexicalIndex.build(CORPUS)
    assert index.scores(["可以", "退货", "吗"], 4)[2] == pytest.approx(1.0)
    assert index.scores(["可以", "退货", "吗", "咯"], 4)[2] < 0.9
    assert not index.scores([], 4).any()
    assert not LexicalIndex.build({}).scores(["发货"], 4).any()


texts = st.lists(st.lists(st.sampled_from("abcdef"), min_size=1, max_size=4), min_size=1, max_size=3)
writes = st.lists(st.tuples(st.sets(st.integers(0, 5)), st.dictionaries(st.integers(0, 5), texts, max_size=3)))


@given(writes, st.lists(st.sampled_from("abcdefg"), min_size=1, max_size=4, unique=True))
@settings(deadline=None, max_examples=60)
def test_a_small_corpus_scores_the_same_after_any_history(
    history: list[tuple[set[int], dict[int, Texts]]], query: list[str]
) -> None:
    index, model = LexicalIndex.build({}), dict[int, Texts]()
    for gone, put in history:
        older, before = index, index.scores(query, 6)
        index = index.replaced(gone, put)
        model = {owner: rows for owner, rows in model.items() if owner not in gone} | put
        np.testing.assert_array_equal(older.scores(query, 6), before)
    assert len(index) == sum(map(len, model.values()))
    wanted = [bm25(model, query, owner) if model else 0.0 for owner in range(6)]
    np.testing.assert_allclose(index.scores(query, 6), wanted, atol=1e-5)


@given(writes, st.lists(st.sampled_from("abcdefg"), min_size=1, max_size=4, unique=True))
@settings(deadline=None, max_examples=60)
def test_merging_at_every_write_equals_one_build(
    history: list[tuple[set[int], dict[int, Texts]]], query: list[str]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lexical_index, "DELTA_ROWS", 0)
        patch.setattr(lexical_index, "DELTA_SHARE", 0.0)
        index, model = LexicalIndex.build({}), dict[int, Texts]()
        for gone, put in history:
            index = index.replaced(gone, put)
            model = {owner: rows for owner, rows in model.items() if owner not in gone} | put
        np.testing.assert_allclose(index.scores(query, 6), LexicalIndex.build(model).scores(query, 6), atol=1e-5)


def test_base_and_delta_answer_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lexical_index, "DELTA_ROWS", 2)
    monkeypatch.setattr(lexical_index, "DELTA_SHARE", 0.9)
    index = LexicalIndex.build(CORPUS).replaced([3], {4: [["发货", "地"]]})
    assert (len(index.base), len(index.delta)) == (5, 1)
    scores = index.scores(["发货"], 5)
    assert scores[3] == 0
    assert scores[4] > 0
    assert scores[0] > 0


def test_top_is_ordered_allowed_and_above_zero() -> None:
    scores = np.array([0.2, 0.0, 0.9, 0.5, 0.5, 0.1], np.float32)
    allowed = np.array([True, True, True, True, True, False])
    assert top(scores, allowed, 3).tolist() == [2, 3, 4]
    assert top(scores, allowed, 50).tolist() == [2, 3, 4, 0]
    assert top(scores, allowed, 2).tolist() == [2, 3]
