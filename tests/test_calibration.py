"""A calibration survives its file, and one that cannot be trusted is refused with the way out."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.calibration import Calibration, linear, load_calibration, save_calibration
from models.cues import EMOTIONS
from models.encoder import Encoder
from models.errors import CalibrationUnusable
from models.intents import intents

NAMES = st.sampled_from(["bias", "dense", "lexical", "answer"])
NUMBERS = st.floats(-1e6, 1e6, allow_nan=False)
WEIGHTS = st.dictionaries(NAMES, NUMBERS)


def calibration(encoder_id: str = "e5@1.123456789012", **changed: object) -> Calibration:
    weights = {"bias": -1.25, "dense": 83.0970123456}
    usual: dict[str, object] = {
        "encoder_id": encoder_id,
        "intent": weights,
        "reply": weights,
        "match": weights,
        "complaint": weights,
        "emotion": {"angry": weights},
        "complaint_rate": {"after.lost": 0.9},
        "state_odds": {"paid": {"after.lost": -0.3}},
        "complaint_from": 0.35,
        "abstain_below": 0.2,
        "fitted_on": {"examples": 2866, "share": 0.97, "note": "3.1415926535897"},
    }
    return Calibration.model_validate(usual | changed)


def numbers(one: Calibration) -> list[float]:
    return [*one.intent.values(), *one.match.values(), *one.emotion["angry"].values(), one.abstain_below]


def test_what_is_saved_is_loaded_to_six_digits(tmp_path: Path) -> None:
    one = calibration()
    save_calibration(one, tmp_path / "c.json")
    loaded = load_calibration(one.encoder_id, tmp_path / "c.json")
    assert loaded.intent == {"bias": -1.25, "dense": 83.097}
    assert (loaded.encoder_id, loaded.fitted_on) == (one.encoder_id, one.fitted_on)
    assert (loaded.complaint_rate, loaded.state_odds) == (one.complaint_rate, one.state_odds)


@given(WEIGHTS, WEIGHTS, st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
def test_any_weights_and_names_survive_the_file(
    tmp_path_factory: pytest.TempPathFactory, intent: dict[str, float], match: dict[str, float], encoder_id: str
) -> None:
    path = tmp_path_factory.mktemp("calibration") / "c.json"
    one = calibration(encoder_id, intent=intent, match=match)
    save_calibration(one, path)
    loaded = load_calibration(encoder_id, path)
    assert (loaded.intent.keys(), loaded.match.keys()) == (intent.keys(), match.keys())
    assert numbers(loaded) == pytest.approx(numbers(one), rel=1e-5)


def test_another_encoders_calibration_is_refused_and_both_are_named(tmp_path: Path) -> None:
    save_calibration(calibration("old@1"), tmp_path / "c.json")
    with pytest.raises(CalibrationUnusable, match=r"old@1.*new@2.*xiaoer models fit"):
        load_calibration("new@2", tmp_path / "c.json")


@pytest.mark.parametrize("content", [b"", b"{}", b'{"encoder_id": "e', b"[1, 2]", b"\xff\xfe\x00garbage"])
def test_damaged_file_is_refused_with_the_remedy(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "c.json").write_bytes(content)
    with pytest.raises(CalibrationUnusable, match="xiaoer models fit"):
        load_calibration("e5@1", tmp_path / "c.json")


def test_missing_file_is_refused_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(CalibrationUnusable, match=r"nowhere\.json"):
        load_calibration("e5@1", tmp_path / "nowhere.json")


def test_linear_is_the_weighted_sum_and_the_bias() -> None:
    assert linear({"bias": 0.5, "dense": 2.0, "lexical": -1.0}, {"dense": 0.25, "lexical": 3.0}) == -2.0


def test_signal_without_a_weight_counts_nothing() -> None:
    assert linear({"dense": 2.0}, {"dense": 1.0, "new": 100.0}) == 2.0
    assert linear({}, {"dense": 1.0}) == 0.0


@given(WEIGHTS, st.dictionaries(NAMES, st.floats(-10, 10)), st.floats(-5, 5))
def test_linear_moves_by_the_weight_of_the_signal_that_moves(
    weights: dict[str, float], signals: dict[str, float], step: float
) -> None:
    before, after = {**signals, "dense": 0.0}, {**signals, "dense": step}
    moved = linear(weights, after) - linear(weights, before)
    assert moved == pytest.approx(weights.get("dense", 0.0) * step, rel=1e-6, abs=1e-6)


def test_shipped_calibration_belongs_to_the_shipped_encoder(encoder: Encoder) -> None:
    shipped = load_calibration(encoder.id)
    assert set(shipped.emotion) == set(EMOTIONS)
    assert set(shipped.complaint_rate) <= set(intents())
    assert all(0 <= rate <= 1 for rate in shipped.complaint_rate.values())
    assert 0 < shipped.abstain_below < 1
    assert 0 < shipped.complaint_from < 1


def test_shipped_calibration_trusts_closeness_and_heads(encoder: Encoder) -> None:
    """Heads that mostly agree share what they are worth between them, so that one of them alone says little."""
    shipped, heads = load_calibration(encoder.id), ("head", "head_in_context", "head_on_words")
    assert min(shipped.intent["dense"], shipped.match["dense"]) > 0
    assert sum(shipped.intent[name] for name in heads) > 0
    assert sum(shipped.intent[name] + shipped.intent[f"{name}_begun"] for name in heads) > 0
    assert min(shipped.complaint["heads"], shipped.complaint["prior"]) > 0
    for label in EMOTIONS:
        own, others = ([weights[f"{name}_{label}"] for name in heads] for weights in (
            shipped.emotion[label], shipped.emotion["neutral" if label != "neutral" else "angry"]))  # fmt: skip
        assert sum(own) > sum(others), label
