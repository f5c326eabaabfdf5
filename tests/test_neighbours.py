"""Neighbours: the vote of the nearest utterances, as a search through all of them would count it."""

from __future__ import annotations

import math
import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from models.neighbours import DOUBT, FLAT_UP_TO, NEAREST, WARMTH, Neighbours

Vectors = NDArray[np.float32]
DIM = 16
INTENTS = ("order.track", "pre.size", "pre.stock")


def unit(rows: NDArray[np.float64]) -> Vectors:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def crowd(count: int, seed: int = 1) -> tuple[Vectors, list[str | None]]:
    """Vectors around three corners, each with the intent of its corner."""
    chance = np.random.default_rng(seed)
    which = chance.integers(0, len(INTENTS), count)
    return unit(np.eye(DIM)[which] + chance.normal(0, 0.2, (count, DIM))), [INTENTS[each] for each in which]


def by_hand(vectors: Vectors, intents: list[str | None], asked: Vectors) -> dict[str, float]:
    """The same vote over every vector, in the order of their cosines."""
    cosines = (vectors @ asked).astype(float)
    nearest = np.argsort(-cosines)[:NEAREST]
    weights = np.exp((cosines[nearest] - cosines.max()) / WARMTH)
    names = sorted({each for each in intents if each})
    shares = {name: sum(w for w, row in zip(weights, nearest, strict=True) if intents[row] == name) for name in names}
    return {name: (1 - DOUBT) * share / sum(shares.values()) + DOUBT / len(names) for name, share in shares.items()}


@settings(deadline=None, max_examples=30)
@given(st.integers(1, 120), st.integers(0, 1000))
def test_the_vote_is_that_of_a_search_through_all(count: int, seed: int) -> None:
    vectors, intents = crowd(count, seed)
    asked = unit(np.random.default_rng(seed + 1).normal(0, 1, (1, DIM)))[0]
    neighbours = Neighbours.of(vectors, {"intent": intents})
    said = {name: math.exp(p) for name, p in neighbours.read(asked)["intent"].items()}
    assert sum(said.values()) == pytest.approx(1.0)
    kept = neighbours.index.reconstruct_n(0, count)  # the vectors in their eight bits a number
    assert said == pytest.approx(by_hand(kept, intents, asked), abs=1e-3)


def test_many_are_searched_in_part_and_hardly_otherwise() -> None:
    vectors, intents = crowd(FLAT_UP_TO + 1_000)
    asked, _ = crowd(200, seed=9)
    neighbours = Neighbours.of(vectors, {"intent": intents})
    said = [neighbours.read(each)["intent"] for each in asked]
    expected = [by_hand(vectors, intents, each) for each in asked]
    alike = [
        max(one, key=one.__getitem__) == max(two, key=two.__getitem__) for one, two in zip(said, expected, strict=True)
    ]
    assert np.mean(alike) > 0.97


def test_what_is_not_known_has_no_vote() -> None:
    vectors, _ = crowd(4)
    complaints: dict[str, list[str | None]] = {"complaint": ["1", None, None, "0"], "emotion": [None] * 4}
    said = Neighbours.of(vectors, complaints).read(vectors[1])
    assert said["complaint"].keys() == {"0", "1"}
    assert said["emotion"] == {}


def test_without_rows_nothing_is_said_and_some_may_follow() -> None:
    vectors, intents = crowd(10)
    nobody = Neighbours.of(np.empty((0, DIM), np.float32), {"intent": []})
    assert nobody.read(vectors[0]) == {}
    assert nobody == Neighbours()
    assert nobody.and_those(vectors, {"intent": intents}) == Neighbours.of(vectors, {"intent": intents})


def test_those_who_follow_vote_with_labels_of_their_own_and_leave_the_first_as_they_were() -> None:
    vectors, intents = crowd(60)
    first = Neighbours.of(vectors, {"intent": intents})
    before = first.read(vectors[0])
    corner = unit(-np.eye(DIM)[:1])
    both = first.and_those(np.repeat(corner, 3, axis=0), {"intent": ["pre.gift"] * 3})
    said = both.read(corner[0])["intent"]
    assert max(said, key=said.__getitem__) == "pre.gift"
    assert first.read(vectors[0]) == before
    assert first.read(corner[0])["intent"].keys() == set(INTENTS)


@pytest.mark.parametrize("count", [0, 30, FLAT_UP_TO + 100])
def test_arrays_give_back_the_same_neighbours(count: int) -> None:
    vectors, intents = crowd(count) if count else (np.empty((0, DIM), np.float32), [])
    neighbours = Neighbours.of(vectors, {"intent": intents, "complaint": ["1"] * count})
    again = Neighbours.from_arrays(neighbours.arrays())
    assert again == neighbours
    asked = crowd(5, seed=4)[0]
    assert [again.read(each) for each in asked] == [neighbours.read(each) for each in asked]


def test_the_same_vectors_give_the_same_neighbours() -> None:
    vectors, intents = crowd(FLAT_UP_TO + 100)
    assert Neighbours.of(vectors, {"intent": intents}) == Neighbours.of(vectors, {"intent": intents})
    assert Neighbours.of(vectors, {"intent": intents}) != Neighbours.of(vectors[::-1], {"intent": intents})


def test_arrays_that_do_not_fit_together_are_refused() -> None:
    vectors, intents = crowd(30)
    arrays = Neighbours.of(vectors, {"intent": intents}).arrays()
    with pytest.raises(ValueError, match="对不上"):
        Neighbours.from_arrays({**arrays, "intent_codes": arrays["intent_codes"][1:]})
    with pytest.raises(ValueError, match="对不上"):
        Neighbours.from_arrays({**arrays, "intent_labels": arrays["intent_labels"][:1]})
    with pytest.raises(ValueError, match="读不出来"):
        Neighbours.from_arrays({**arrays, "index": arrays["index"][:40]})


def test_many_threads_hear_the_same() -> None:
    vectors, intents = crowd(FLAT_UP_TO + 100)
    neighbours = Neighbours.of(vectors, {"intent": intents})
    expected = [neighbours.read(each) for each in vectors[:50]]
    heard: list[bool] = []

    def listen() -> None:
        heard.append([neighbours.read(each) for each in vectors[:50]] == expected)

    threads = [threading.Thread(target=listen) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert heard == [True] * 8
