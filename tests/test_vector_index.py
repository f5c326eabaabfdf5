"""The vector index against brute force: exact scores, recall, upserts and removals, masks, old values."""

from __future__ import annotations

import gc
from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from knowledge import vector_index, vector_segment
from knowledge.vector_index import VectorIndex
from knowledge.vector_segment import Rows, Vectors

DIM = 8


def unit(count: int, dim: int = DIM, seed: int = 0) -> Vectors:
    vectors = np.random.default_rng(seed).normal(size=(count, dim)).astype(np.float32)
    normalised: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return normalised


def rows_of(owners: NDArray[np.int64] | list[int]) -> Rows:
    return Rows.of((int(owner), number, 1000 + number) for number, owner in enumerate(owners))


def brute_force(model: Mapping[int, Vectors], vector: Vectors, k: int) -> list[tuple[int, float]]:
    best = [(owner, float((vectors @ vector).max())) for owner, vectors in model.items() if len(vectors)]
    return sorted(best, key=lambda pair: -pair[1])[:k]


def everyone(size: int) -> NDArray[np.bool_]:
    return np.ones(size, np.bool_)


@pytest.mark.parametrize("k", [1, 10, 1000])
def test_small_index_equals_brute_force(k: int) -> None:
    vectors, owners = unit(900), np.arange(900) // 3
    index = VectorIndex.build(DIM, rows_of(owners), vectors)
    model = {owner: vectors[owners == owner] for owner in range(300)}
    for query in unit(20, seed=1):
        hits = index.search(query, k, index.mask(everyone(300)))
        wanted = brute_force(model, query, k)
        assert hits.owners.tolist() == [owner for owner, _ in wanted]
        np.testing.assert_allclose(hits.scores, [score for _, score in wanted], atol=1e-5)
        assert [row // 3 for row in hits.positions.tolist()] == hits.owners.tolist()


def test_large_index_keeps_recall_and_searches_small_shops_exactly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vector_segment, "FLAT_UP_TO", 2_000)
    monkeypatch.setattr(vector_segment, "PROBED_ROWS", 1_500)
    centres = unit(1_000, 64)
    vectors = np.repeat(centres, 10, axis=0) + 0.08 * np.random.default_rng(1).normal(size=(10_000, 64))
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    index = VectorIndex.build(64, rows_of(np.arange(10_000)), vectors)
    assert not index.base.is_exact
    queries = vectors[::100] + 0.02 * unit(100, 64, seed=2)
    for allowed, least in ((everyone(10_000), 0.95), (np.arange(10_000) % 10 == 0, 1.0)):
        mask = index.mask(allowed)
        recalls = []
        for query in queries:
            wanted = np.argsort(-np.where(allowed, vectors @ query, -1))[:10]
            hits = index.search(query, 10, mask)
            recalls.append(len(set(wanted.tolist()) & set(hits.owners.tolist())) / 10)
            np.testing.assert_allclose(hits.scores, vectors[hits.owners] @ query, atol=1e-3)
        assert np.mean(recalls) >= least


@st.composite
def histories(draw: st.DrawFn) -> list[tuple[list[int], list[tuple[int, int]], bool]]:
    """Writes: owners removed, (owner, number of rows) put, and whether the index is compacted afterwards."""
    write = st.tuples(
        st.lists(st.integers(0, 7), max_size=3),
        st.lists(st.tuples(st.integers(0, 7), st.integers(0, 3)), max_size=3, unique_by=lambda pair: pair[0]),
        st.booleans(),
    )
    return draw(st.lists(write, max_size=8))


@given(histories())
@settings(deadline=None, max_examples=60)
def test_any_history_equals_brute_force(history: list[tuple[list[int], list[tuple[int, int]], bool]]) -> None:
    index, model = VectorIndex.empty(DIM), dict[int, Vectors]()
    query, older = unit(1, seed=99)[0], list[tuple[VectorIndex, list[tuple[int, float]]]]()
    for seed, (gone, put, compact) in enumerate(history, 1):
        older.append((index, brute_force(model, query, 5)))
        vectors = unit(sum(count for _, count in put), seed=seed)
        triples = [(owner, place, place) for owner, count in put for place in range(count)]
        index = index.replaced([*gone, *(owner for owner, _ in put)], Rows.of(triples), vectors)
        model = {owner: rows for owner, rows in model.items() if owner not in gone}
        for owner, _ in put:
            model[owner] = vectors[[number for number, triple in enumerate(triples) if triple[0] == owner]]
        index = index.compacted() if compact else index
        assert len(index) == sum(map(len, model.values()))
    for at, wanted in [*older, (index, brute_force(model, query, 5))]:
        hits = at.search(query, 5, at.mask(everyone(8)))
        assert hits.owners.tolist() == [owner for owner, _ in wanted]
        np.testing.assert_allclose(hits.scores, [score for _, score in wanted], atol=1e-5)
    best = index.best_rows(query, range(8))
    positions, scores = best.positions, best.scores
    for owner in range(8):
        rows = model.get(owner, np.empty((0, DIM), np.float32))
        assert scores[owner] == pytest.approx(float((rows @ query).max()) if len(rows) else 0.0, abs=1e-5)
        assert positions[owner] == (int((rows @ query).argmax()) if len(rows) else -1)


def test_who_is_not_allowed_never_comes_back_however_many_are_asked_for() -> None:
    index = VectorIndex.build(DIM, rows_of([0, 1, 2, 3]), unit(4))
    mask = index.mask(np.array([True, False, True]))
    gc.collect()  # the bitmap behind FAISS's selector must live as long as the mask
    hits = index.search(unit(1)[0], 50, mask)
    assert sorted(hits.owners.tolist()) == [0, 2]
    assert len(index.search(unit(1)[0], 50, index.mask(np.zeros(0, np.bool_)))) == 0


def test_one_owner_with_very_many_rows_hides_nobody() -> None:
    vectors = np.concatenate([np.repeat(unit(1), 500, axis=0), unit(3, seed=5)])
    index = VectorIndex.build(DIM, rows_of([*[0] * 500, 1, 2, 3]), vectors)
    assert sorted(index.search(unit(1)[0], 4, index.mask(everyone(4))).owners.tolist()) == [0, 1, 2, 3]


def test_compaction_becomes_due_and_keeps_what_was_written_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vector_index, "DELTA_ROWS", 2)
    index = VectorIndex.build(DIM, rows_of([0, 1, 2]), unit(3)).replaced((), rows_of([3, 4, 5]), unit(3, seed=1))
    assert index.compaction_due
    compacted = index.compacted()
    assert not compacted.compaction_due
    assert len(compacted.base) == 6
    newer = index.replaced([1], Rows.of([(6, 0, 7), (2, 0, 8)]), unit(2, seed=3))
    caught_up = compacted.following(newer)
    assert caught_up.base is compacted.base
    for query in unit(5, seed=4):
        hits, wanted = (at.search(query, 9, at.mask(everyone(7))) for at in (caught_up, newer))
        assert hits.owners.tolist() == wanted.owners.tolist()
    assert compacted.following(index) is compacted


def test_how_common_a_row_is_is_its_nearness_to_the_mean_of_the_base() -> None:
    base, loose = unit(40), unit(3, seed=5)
    index = VectorIndex.build(DIM, rows_of(list(range(40))), base)
    changed = index.replaced([], Rows.of((40 + number, 0, number) for number in range(3)), loose)
    mean = base.mean(axis=0)
    np.testing.assert_allclose(changed.base.mean, mean, atol=1e-6)
    query = unit(1, seed=9)[0]
    for hits in (changed.search(query, 43, changed.mask(everyone(43))), changed.best_rows(query, range(43))):
        rows = np.concatenate([base, loose])[hits.owners]
        np.testing.assert_allclose(hits.common, rows @ mean, atol=1e-5)
        np.testing.assert_allclose(hits.scores, rows @ query, atol=1e-5)


def test_while_there_is_no_base_the_mean_is_that_of_the_delta() -> None:
    vectors = unit(5)
    index = VectorIndex.empty(DIM).replaced([], rows_of(list(range(5))), vectors)
    assert not len(index.base)
    hits = index.search(vectors[2], 5, index.mask(everyone(5)))
    np.testing.assert_allclose(hits.common, vectors[hits.owners] @ vectors.mean(axis=0), atol=1e-5)


def test_a_mean_over_many_parts_is_the_mean(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vector_segment, "READ_AT_ONCE", 7)
    vectors = unit(30)
    segment = VectorIndex.build(DIM, rows_of(list(range(30))), vectors).base
    np.testing.assert_allclose(segment.mean, vectors.mean(axis=0), atol=1e-6)
    np.testing.assert_allclose(segment.likeness(vectors[0]), vectors @ vectors[0], atol=1e-6)
    assert VectorIndex.empty(DIM).base.commonness.shape == (0,)
