"""Tuning moves messages of one intent together, keeps the embedding table, and is what the build takes in."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from tokenizers import Tokenizer

from models.build_encoder import read_sources
from models.building.checkpoint import load_bert, reference_vectors
from models.building.e5s1 import E5File
from models.building.sources import TOKENIZER
from models.errors import BuildError
from models.training.tuning import LONGEST, Recipe, Text, averaged, tune

TEXTS = [
    Text("催下", "order.urge_ship", True, "anxious"),
    Text("啥时候走", "order.urge_ship", False, "neutral"),
    Text("料子咋样", "pre.material"),
    Text("是不是棉的", "pre.material", False, "neutral"),
]


@cache
def pieces() -> list[list[int]]:
    tokenizer: Tokenizer = Tokenizer.from_file(str(TOKENIZER.locate()))
    return [tokenizer.encode("query: " + each.text).ids for each in TEXTS]


@cache
def source() -> E5File:
    return read_sources()


@cache
def tuned() -> tuple[dict[str, NDArray[np.float32]], tuple[float, ...]]:
    losses: list[float] = []
    recipe = Recipe(epochs=6, batch=4, rate=2e-4, dropout=0.0)
    return tune(source(), pieces(), TEXTS, recipe, lambda *told: losses.append(told[2])), tuple(losses)


def test_the_loss_falls_and_every_step_is_told() -> None:
    losses = tuned()[1]
    assert len(losses) == 6
    assert losses[-1] < losses[0]


def test_messages_of_one_intent_move_together_and_others_apart() -> None:
    before = reference_vectors(load_bert(source()), pieces())
    after = reference_vectors(load_bert(source().tuned(tuned()[0])), pieces())
    alike, unlike = ((0, 1), (2, 3)), ((0, 2), (1, 3))

    def gap(vectors: NDArray[np.float32]) -> float:
        return float(sum(vectors[a] @ vectors[b] for a, b in alike) - sum(vectors[a] @ vectors[b] for a, b in unlike))

    assert gap(after) > gap(before)


def test_the_embedding_table_stays_as_it_is() -> None:
    tensors = tuned()[0]
    assert "emb.word" not in tensors
    assert not np.array_equal(tensors["l0.q.w"], source().floats("l0.q.w"))


def test_unknown_tensors_are_refused() -> None:
    with pytest.raises(BuildError, match="no such tensors: l99"):
        source().tuned({"l99.q.w": np.zeros(1, np.float32)})


def first_loss(texts: list[Text]) -> float:
    """The loss before anything was learned."""
    losses: list[float] = []
    tune(source(), pieces(), texts, Recipe(epochs=1, batch=4, dropout=0.0), lambda *told: losses.append(told[2]))
    return losses[0]


def test_a_text_counts_by_its_weight() -> None:
    whole = first_loss(TEXTS)
    assert first_loss([replace(each, weight=0.5) for each in TEXTS]) == pytest.approx(whole / 2, rel=1e-3)
    first = first_loss([*TEXTS[:2], *(replace(each, weight=0.0) for each in TEXTS[2:])])
    last = first_loss([*(replace(each, weight=0.0) for each in TEXTS[:2]), *TEXTS[2:]])
    assert min(first, last) > 0.1
    assert first + last == pytest.approx(whole, rel=1e-3)


def test_a_text_is_cut_where_tuning_stops_reading() -> None:
    long = [[*ids, *ids[1:-1] * 200] for ids in pieces()]
    recipe = Recipe(epochs=1, batch=4, dropout=0.0)
    losses: list[float] = []
    tune(source(), long, TEXTS, recipe, lambda *told: losses.append(told[2]))
    tune(source(), [ids[:LONGEST] for ids in long], TEXTS, recipe, lambda *told: losses.append(told[2]))
    assert losses[0] == losses[1]


@settings(max_examples=20, deadline=None)
@given(st.floats(0, 1))
def test_averaged_weights_lie_between_the_original_and_the_tuned(share: float) -> None:
    there = source().floats("l0.q.b").reshape(-1)
    moved = {"l0.q.b": there + np.linspace(-1, 1, len(there), dtype=np.float32)}
    found = averaged(source(), moved, share)
    assert found.keys() == moved.keys()
    assert found["l0.q.b"] - there == pytest.approx(share * np.linspace(-1, 1, len(there)), abs=1e-5)


def test_what_comes_out_is_the_share_of_what_was_tuned() -> None:
    def moved(share: float) -> NDArray[np.float32]:
        recipe = Recipe(epochs=1, batch=4, rate=2e-4, dropout=0.0, share=share)
        return tune(source(), pieces(), TEXTS, recipe, lambda *_: None)["l0.q.w"] - source().floats("l0.q.w").reshape(
            -1
        )

    whole, half = moved(1.0), moved(0.5)
    assert np.abs(whole).max() > 1e-5
    assert half == pytest.approx(whole / 2, abs=1e-6)
