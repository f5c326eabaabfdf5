"""Fitting: a calibration for any knowledge, the same every time, with what it achieves written beside it."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from assistant.fitting import fit_calibration
from assistant.ranking import SIGNALS
from knowledge.changes import Delta
from knowledge.entries import Entry
from knowledge.snapshot import Snapshot
from knowledge.starter import starter_changes
from knowledge.starter.vectors import starter_vectors
from models.calibration import Calibration, load_calibration, save_calibration
from models.cues import EMOTIONS
from models.encoder import Encoder
from models.intents import intents
from models.training.utterances import utterances

KNOWN = ("flow.greeting", "pre.size", "pre.invoice", "order.track", "after.damaged", "after.return", "other.chitchat")


@pytest.fixture(scope="module")
def snapshot(encoder: Encoder) -> Snapshot:
    """A shop that knows two entries of each of a few intents, and one agent-voiced intent."""
    drafts = [draft for code in (*KNOWN, "flow.wait") for draft in _of_intent(code)]
    entries = tuple(Entry.model_validate({**draft, "version": 1}) for draft in drafts)
    delta = Delta(1, entries, frozenset(), (), {})
    return Snapshot.empty(encoder).advanced(delta, encoder, prepared=starter_vectors(encoder.id))


def _of_intent(code: str) -> list[dict[str, object]]:
    drafts = [each for each in starter_changes().drafts if each.intent == code and "empathy" not in each.tags]
    return [each.model_dump() for each in drafts[:2]]


@pytest.fixture(scope="module")
def fitted(snapshot: Snapshot, encoder: Encoder) -> Calibration:
    return fit_calibration(snapshot, encoder)


def test_fitting_is_deterministic(fitted: Calibration, snapshot: Snapshot, encoder: Encoder) -> None:
    assert fit_calibration(snapshot, encoder) == fitted


def test_every_weight_is_a_finite_number(fitted: Calibration) -> None:
    for weights in (fitted.intent, fitted.reply, fitted.match, fitted.complaint, *fitted.emotion.values()):
        assert weights
        assert all(math.isfinite(value) for value in weights.values())
    assert set(SIGNALS) <= fitted.reply.keys()
    assert fitted.emotion.keys() == set(EMOTIONS)


def test_a_closer_phrasing_counts_for_its_intent(fitted: Calibration) -> None:
    assert fitted.intent["dense"] > 0
    assert fitted.match["dense"] > 0


def test_a_calibration_is_bound_to_its_encoder(fitted: Calibration, encoder: Encoder) -> None:
    assert fitted.encoder_id == encoder.id


def test_rates_are_probabilities_of_every_labelled_intent(fitted: Calibration) -> None:
    labelled = {each.intent for each in utterances() if each.complaint is not None}
    assert fitted.complaint_rate.keys() == labelled
    assert all(0 < rate < 1 for rate in fitted.complaint_rate.values())
    for rates in fitted.emotion_rate.values():
        assert sum(rates.values()) == pytest.approx(1.0, abs=0.001)
        assert min(rates.values()) > 0


def test_damage_is_complained_of_more_than_sizes_are(fitted: Calibration) -> None:
    assert fitted.complaint_rate["after.damaged"] > fitted.complaint_rate["pre.size"]


def test_thresholds_lie_between_never_and_always(fitted: Calibration) -> None:
    assert 0 < fitted.abstain_below < 1
    assert 0 < fitted.complaint_from < 1


def test_what_was_achieved_is_recorded(fitted: Calibration) -> None:
    found = float(fitted.fitted_on["utterances"])
    kept_back = sum(each.kept_back for each in utterances())
    assert kept_back * 0.98 < found <= kept_back
    first, within = float(fitted.fitted_on["intent_first"]), float(fitted.fitted_on["intent_within_three"])
    assert 0 < first <= within <= 1
    assert 0 <= float(fitted.fitted_on["calibration_error"]) <= 0.1


def test_a_fitted_calibration_can_be_saved_and_loaded(fitted: Calibration, encoder: Encoder, tmp_path: Path) -> None:
    path = tmp_path / "calibration.json"
    save_calibration(fitted, path)
    loaded = load_calibration(encoder.id, path)
    assert loaded.abstain_below == pytest.approx(fitted.abstain_below)
    assert loaded.intent == pytest.approx(fitted.intent, rel=1e-5)
    assert path.stat().st_size < 50_000


def test_the_shipped_calibration_belongs_to_the_shipped_encoder_and_is_calibrated(encoder: Encoder) -> None:
    shipped = load_calibration(encoder.id)
    kept_back = sum(each.kept_back for each in utterances())
    assert kept_back * 0.98 < float(shipped.fitted_on["utterances"]) <= kept_back
    assert float(shipped.fitted_on["calibration_error"]) <= 0.05
    assert shipped.complaint_rate.keys() <= intents().keys()
    assert json.loads(shipped.model_dump_json())["encoder_id"] == encoder.id
