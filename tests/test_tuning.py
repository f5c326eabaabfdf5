"""Tuning moves messages of one intent together, keeps the embedding table, and is what the build takes in."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray
from tokenizers import Tokenizer

from assistant.train_encoder import training_texts
from models.build_encoder import read_sources
from models.building.checkpoint import load_bert, reference_vectors
from models.building.e5s1 import E5File
from models.building.sources import TOKENIZER
from models.errors import BuildError
from models.intents import intents
from models.training.tuning import Recipe, Text, tune

TEXTS = [
    Text("催下", "order.urge_ship", 1, "anxious"),
    Text("啥时候走", "order.urge_ship", 0, "neutral"),
    Text("料子咋样", "pre.material"),
    Text("是不是棉的", "pre.material", 0, "neutral"),
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


def test_training_texts_are_ours_each_once_and_cover_every_buyers_intent() -> None:
    texts = training_texts()
    assert len({(each.text, each.intent) for each in texts}) == len(texts)
    assert {each.intent for each in texts} == {code for code, intent in intents().items() if intent.voice == "buyer"}
    assert all(each.complaint in (0, 1, None) for each in texts)
