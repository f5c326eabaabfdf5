"""Switching a part off: its signals stand still, and everything else stays."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from assistant.evidence import NONE
from assistant.explanation import EntryReason, Explained, Reason
from assistant.service.wiring import Parts
from eval.ablation import REPORTED, Usual, ablation_table, parts, signal_weights, usual_signals, without_signals
from eval.dialog_evaluation import Dialogs
from eval.metrics import measure
from eval.progress import silent
from eval.runs import run
from models.calibration import Calibration, linear
from tests.dialog_files import write_dialogs
from tests.starter_fixtures import starter_parts as starter_parts

SMALL = Calibration(
    encoder_id="e",
    intent={"dense": 2.0, "head": 1.0, "unheard_of": 1.0, "none": 3.0},
    reply={"bias": -1.0, "dense": 4.0, "dense_gap": 1.0, "intent": 0.5},
    match={"dense": 5.0},
    complaint={"bias": 0.5, "prior": 1.0, "head": 2.0, "begun": 0.0},
    emotion={"angry": {"bias": 0.1, "head_angry": 1.0, "angry_words": 1.0}},
    complaint_rate={},
    complaint_from=0.5,
    abstain_below=0.1,
    fitted_on={},
)
USUAL = Usual(
    intent={"dense": 0.8, "head": -1.0},
    none={"head": -2.0},
    reply={"dense": 0.9, "dense_gap": -0.1},
    complaint={"head": -3.0},
    emotion={"head_angry": -2.0},
)


def test_signals_are_grouped_and_an_unknown_one_is_a_part_of_its_own() -> None:
    found = {part.name: part.signals for part in parts(SMALL)}
    assert found["dense"] == {"dense", "dense_gap"}
    assert found["head"] == {"head", "head_angry"}
    assert found["cue_words"] == {"angry_words"}
    assert found["unheard_of"] == {"unheard_of"}
    assert "begun" not in found, "a signal that weighs nothing is no part"


def test_no_signal_of_the_shipped_calibration_is_forgotten(starter_parts: Parts) -> None:
    calibration = starter_parts.suggester.calibration
    signals = [signal for part in parts(calibration) for signal in part.signals]
    assert sorted(signals) == sorted(name for name, weights in signal_weights(calibration).items() if any(weights))
    assert not {"bias", "none"} & set(signals)


def test_what_a_signal_usually_contributes_goes_into_the_constant() -> None:
    without = without_signals(SMALL, {"dense", "dense_gap"}, USUAL)
    assert (without.reply["dense"], without.match["dense"], without.intent["dense"]) == (0, 0, 0)
    assert without.reply["bias"] == pytest.approx(-1 + 4 * 0.9 - 0.1)
    assert without.reply["intent"] == 0.5
    assert without.complaint == SMALL.complaint
    # All intents lose 2 × 0.8, and so does what they are compared with.
    assert without.intent["none"] == pytest.approx(3 - 1.6)


def test_the_usual_turn_is_judged_as_before() -> None:
    for signals in ({"head", "head_angry"}, {"dense", "dense_gap"}):
        without = without_signals(SMALL, signals, USUAL)
        assert linear(without.reply, USUAL.reply) == pytest.approx(linear(SMALL.reply, USUAL.reply))
        assert linear(without.complaint, USUAL.complaint) == pytest.approx(linear(SMALL.complaint, USUAL.complaint))
        before = linear(SMALL.intent, USUAL.intent) - linear(SMALL.intent, {**USUAL.none, "none": 1.0})
        after = linear(without.intent, USUAL.intent) - linear(without.intent, {**USUAL.none, "none": 1.0})
        assert after == pytest.approx(before)


def test_usual_signals_are_means_of_the_likeliest_and_of_none() -> None:
    def told(dense: float) -> Explained:
        def reason(code: str, **signals: float) -> Reason:
            return Reason(code=code, probability=0.5, signals=signals, contributions={})

        entry = EntryReason(
            entry_id="e", title="t", intent="pre.size", phrasing="p", confidence=0.5, match=0.0,
            signals={"dense": dense}, contributions={},
        )  # fmt: skip
        intents = (reason(NONE, head=-4.0), reason("pre.size", dense=dense), reason("pre.color", dense=0.0))
        return Explained(
            intents=intents, entries=(entry,), complaint=reason("complaint", prior=dense), emotions=(reason("angry"),)
        )

    usual = usual_signals([told(0.6), told(0.8), Explained()])
    assert usual.intent["dense"] == usual.reply["dense"] == usual.complaint["prior"] == pytest.approx(0.7)
    assert usual.none == {"head": -4.0}


def test_the_table_begins_with_the_whole_system_and_shows_what_each_part_is_worth(
    starter_parts: Parts, tmp_path: Path
) -> None:
    suggester = starter_parts.suggester
    cases = list(Dialogs.read([write_dialogs(tmp_path / "d.jsonl")]).cases)
    metrics = measure(run(suggester, cases))
    rows = ablation_table(suggester, cases, metrics, silent)
    assert [row.name for row in rows] == ["system", *(part.name for part in parts(suggester.calibration))]
    assert rows[0].metrics == {name: metrics[name] for name in REPORTED}
    assert any(row.metrics != rows[0].metrics for row in rows[1:])
    assert all(value is None or math.isfinite(value) for row in rows for value in row.metrics.values())
