"""Heads: probabilities over the labels they were fitted on, and a file that gives back the same heads."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from models.calibration import load_calibration
from models.encoder import Encoder
from models.errors import CalibrationUnusable
from models.heads import Head, Heads, load_heads, save_heads
from models.intents import intents
from models.training.fits import fit_head

Floats = NDArray[np.float32]


def clouds(labels: list[str], dim: int = 8) -> Floats:
    """A vector near a corner of its own for each label."""
    noise = np.random.default_rng(3).normal(0, 0.1, (len(labels), dim))
    corner = {label: number for number, label in enumerate(dict.fromkeys(labels))}
    corners = np.array([np.eye(dim)[corner[label]] for label in labels])
    return np.asarray(noise + corners, np.float32)


LABELS = ["a", "b", "c"] * 12


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


@settings(deadline=None)
@given(st.lists(st.floats(-50, 50, width=32), min_size=8, max_size=8))
def test_any_vector_gets_probabilities(numbers: list[float]) -> None:
    head = fit_head(clouds(LABELS), LABELS)
    said = head.log_probabilities(np.array(numbers, np.float32))
    assert sum(map(math.exp, said.values())) == pytest.approx(1.0, abs=1e-4)


def test_an_empty_head_says_nothing() -> None:
    assert Head().log_probabilities(np.ones(8, np.float32)) == {}
    assert Heads().read(np.ones(8, np.float32)).likely() == []


def test_likely_intents_are_those_with_the_least_probability_or_more() -> None:
    heads = Heads(intent=fit_head(clouds(LABELS), LABELS))
    opinion = heads.read(clouds(LABELS)[0])
    assert opinion.likely(0.5) == ["a"]
    assert set(opinion.likely(0.0001)) >= {"a"}


def test_the_file_gives_back_the_same_heads_and_the_same_bytes(tmp_path: Path) -> None:
    head = fit_head(clouds(LABELS), LABELS)
    heads = Heads(intent=head, complaint=fit_head(clouds(LABELS), ["0", "1", "0"] * 12))
    save_heads(heads, tmp_path / "one.npz")
    save_heads(load_heads(tmp_path / "one.npz"), tmp_path / "two.npz")
    assert load_heads(tmp_path / "one.npz") == heads
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut short", b"no archive at all"])
def test_a_damaged_file_is_refused_with_the_remedy(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "h.npz").write_bytes(content)
    with pytest.raises(CalibrationUnusable, match="xiaoer models fit"):
        load_heads(tmp_path / "h.npz")


def test_shipped_heads_know_every_buyers_intent_and_fit_the_encoder(encoder: Encoder) -> None:
    heads = load_calibration(encoder.id).heads
    assert set(heads.intent.labels) == {code for code, intent in intents().items() if intent.voice == "buyer"}
    assert heads.intent.weights.shape == (len(heads.intent.labels), encoder.dim)
    assert set(heads.complaint.labels) == {"0", "1"}
