"""Heads: probabilities over the labels they were fitted on, and a file that gives back the same heads."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.special import log_softmax

from models.calibration import load_calibration
from models.cues import EMOTIONS
from models.encoder import Encoder
from models.errors import CalibrationUnusable
from models.heads import Head, Heads, Opinion, Opinions, Panel, load_heads, save_heads
from models.intents import intents
from models.neighbours import Neighbours
from models.training.fits import fit_head
from models.words import BUCKETS, matrix, rarity

Floats = NDArray[np.float32]
DIM = 8
LABELS = ["a", "b", "c"] * 12
NUMBERS = st.floats(-50, 50, width=32)


def clouds(labels: list[str], dim: int = DIM) -> Floats:
    """A vector near a corner of its own for each label."""
    noise = np.random.default_rng(3).normal(0, 0.1, (len(labels), dim))
    corner = {label: number for number, label in enumerate(dict.fromkeys(labels))}
    corners = np.array([np.eye(dim)[corner[label]] for label in labels])
    return np.asarray(noise + corners, np.float32)


def some_heads() -> Heads:
    """Heads of all three panels, as a fit leaves them."""
    texts = [f"{label}{number}" for number, label in enumerate(LABELS)]
    rare, vectors = rarity(texts), clouds(LABELS)
    bags = matrix(texts, rare)
    complains = ["0", "1", "0"] * 12
    return Heads(
        message=Panel(intent=fit_head(vectors, LABELS), complaint=fit_head(vectors, complains)),
        conversation=Panel(intent=fit_head(vectors[:, ::-1], LABELS)),
        words=Panel(intent=fit_head(bags, LABELS), emotion=fit_head(bags, complains)),
        neighbours=Neighbours.of(vectors[:, ::-1], {"intent": LABELS, "complaint": complains}),
        rarity=rare.astype(np.float16).astype(np.float32),
    )


def test_a_head_finds_the_labels_it_was_fitted_on() -> None:
    vectors = clouds(LABELS)
    head = fit_head(vectors, LABELS)
    said = [head.log_probabilities(vector) for vector in vectors]
    assert [max(one, key=lambda label: one[label]) for one in said] == LABELS


def test_two_labels_make_a_head_as_well() -> None:
    labels = ["no", "yes"] * 9
    head = fit_head(clouds(labels), labels)
    assert head.labels == ("no", "yes")
    assert head.log_probabilities(clouds(labels)[1])["yes"] > math.log(0.5)


FITTED = fit_head(clouds(LABELS), LABELS)


@settings(deadline=None)
@given(st.lists(NUMBERS, min_size=DIM, max_size=DIM))
def test_any_vector_gets_probabilities(numbers: list[float]) -> None:
    said = FITTED.log_probabilities(np.array(numbers, np.float32))
    assert sum(map(math.exp, said.values())) == pytest.approx(1.0, abs=1e-4)


@settings(deadline=None)
@given(
    st.lists(st.lists(NUMBERS, min_size=DIM, max_size=DIM), min_size=3, max_size=3),
    st.dictionaries(st.integers(0, DIM - 1), NUMBERS),
)
def test_features_that_are_zero_may_be_left_out(weights: list[list[float]], features: dict[int, float]) -> None:
    head = Head(("a", "b", "c"), np.array(weights, np.float32), np.array([0.5, -1.0, 0.0], np.float32))
    dense = np.zeros(DIM, np.float32)
    dense[list(features)] = list(features.values())
    sparse = head.log_probabilities(np.array(list(features.values()), np.float32), np.array(list(features), np.int64))
    assert sparse == pytest.approx(head.log_probabilities(dense), abs=0.05)
    expected = log_softmax(head.weights.astype(float) @ dense.astype(float) + head.bias)
    assert list(sparse.values()) == pytest.approx(expected, abs=0.05)


def test_an_empty_head_says_nothing() -> None:
    assert Head().log_probabilities(np.ones(DIM, np.float32)) == {}
    nothing = Heads().read(np.ones(DIM, np.float32), np.ones(DIM, np.float32), "在吗")
    assert nothing == Opinions()
    assert nothing.likely() == []


def test_each_panel_reads_what_it_was_fitted_on() -> None:
    heads, vectors = some_heads(), clouds(LABELS)
    said = heads.read(vectors[0], vectors[1][::-1].copy(), "c35")
    best = [
        max(each.intent, key=lambda code: each.intent[code])
        for each in (said.message, said.conversation, said.words, said.neighbours)
    ]
    assert best == ["a", "b", "c", "b"]
    assert said.message.complaint.keys() == {"0", "1"}
    assert said.conversation == Opinion(intent=said.conversation.intent)
    assert said.words.complaint == {}
    assert said.words.emotion.keys() == {"0", "1"}


def test_clauses_are_read_by_the_panels_of_the_message_and_of_words() -> None:
    heads, vectors = some_heads(), clouds(LABELS)
    whole = heads.read(vectors[0], vectors[1], "c35")
    said = heads.read(vectors[0], vectors[1], "c35", [(vectors[1], "c35"), (vectors[0], "b7")])
    assert said.clauses == (heads.message.read(vectors[1]), whole.message)
    assert said.clause_words[0] == whole.words != said.clause_words[1]
    assert said.views == ((whole.message, *said.clauses), (whole.conversation,), (whole.words, *said.clause_words))
    assert whole.views == ((whole.message,), (whole.conversation,), (whole.words,))


def test_what_one_panel_finds_likely_is_likely() -> None:
    message, conversation, words = (
        Opinion(intent={code: math.log(p) for code, p in chances.items()})
        for chances in ({"a": 0.9, "b": 0.06, "c": 0.04}, {"b": 0.5, "a": 0.5}, {"d": 0.051, "e": 0.949})
    )
    assert Opinions(message, conversation, words).likely() == ["a", "b", "d", "e"]
    assert Opinions(message, conversation, words).likely(0.5) == ["a", "b", "e"]
    assert Opinions(words=words).likely(0.0001) == ["d", "e"]
    assert Opinions(neighbours=words).likely() == ["d", "e"]


def test_the_file_gives_back_the_same_heads_and_the_same_bytes(tmp_path: Path) -> None:
    heads = some_heads()
    save_heads(heads, tmp_path / "one.npz")
    save_heads(load_heads(tmp_path / "one.npz"), tmp_path / "two.npz")
    assert load_heads(tmp_path / "one.npz") == heads
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()


def test_heads_that_differ_anywhere_are_not_equal() -> None:
    heads = some_heads()
    other = Panel(intent=replace(heads.words.intent, bias=heads.words.intent.bias + 1), emotion=heads.words.emotion)
    assert heads == some_heads()
    assert heads != replace(heads, words=other)
    assert heads != replace(heads, rarity=heads.rarity * 2)
    assert heads != replace(heads, conversation=Panel())
    assert heads != replace(heads, neighbours=Neighbours())
    assert heads != "heads"


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut short", b"no archive at all"])
def test_a_damaged_file_is_refused_with_the_remedy(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "h.npz").write_bytes(content)
    with pytest.raises(CalibrationUnusable, match="xiaoer models fit"):
        load_heads(tmp_path / "h.npz")


@pytest.mark.parametrize("lost", ["rarity", "message_intent_bias", "words_emotion_labels", "neighbours_intent_codes"])
def test_a_file_in_which_something_is_missing_is_refused(tmp_path: Path, lost: str) -> None:
    save_heads(some_heads(), tmp_path / "h.npz")
    with np.load(tmp_path / "h.npz") as arrays:
        kept = {name: arrays[name] for name in arrays if name != lost}
    np.savez(tmp_path / "h.npz", **kept)
    with pytest.raises(CalibrationUnusable, match="xiaoer models fit"):
        load_heads(tmp_path / "h.npz")


def test_weights_that_do_not_fit_their_labels_are_refused(tmp_path: Path) -> None:
    heads = some_heads()
    wrong = replace(heads.message.intent, labels=("a", "b"))
    save_heads(replace(heads, message=Panel(intent=wrong)), tmp_path / "h.npz")
    with pytest.raises(CalibrationUnusable, match="message_intent"):
        load_heads(tmp_path / "h.npz")


def test_shipped_heads_know_every_buyers_intent_and_fit_the_encoder(encoder: Encoder) -> None:
    heads = load_calibration(encoder.id).heads
    for panel, features in ((heads.message, encoder.dim), (heads.conversation, encoder.dim), (heads.words, BUCKETS)):
        assert set(panel.intent.labels) == {code for code, intent in intents().items() if intent.voice == "buyer"}
        assert set(panel.complaint.labels) == {"0", "1"}
        assert set(panel.emotion.labels) == set(EMOTIONS)
        assert {head.weights.shape for _, head in panel.named()} == {
            (len(head.labels), features) for _, head in panel.named()
        }
    assert heads.rarity.shape == (BUCKETS,)
