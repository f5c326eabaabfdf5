"""Fitting: a calibration for any knowledge, the same every time, with what it achieves written beside it."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from assistant.evidence import BROWSING
from assistant.examples import Example, own_examples
from assistant.fitting import DIALOG_COUNTS, collect_samples, fit_calibration, reply_rows
from assistant.fitting_heads import Encoded, read_all
from assistant.ranking import SIGNALS
from assistant.understanding import probabilities_of
from eval.labelled_examples import read_examples
from knowledge.snapshot import Snapshot
from models.calibration import Calibration, load_calibration, save_calibration
from models.cues import EMOTIONS
from models.encoder import Encoder
from models.intents import intents
from models.text import normalise
from tests.fitting_fixtures import KNOWN, UNKNOWN, entry, said, snapshot_of, some_of
from tests.fitting_fixtures import snapshot as snapshot

DIALOGS = Path(__file__).parents[1] / "eval" / "dialogs" / "batch_a.jsonl"
PANELS = ("head", "head_in_context", "head_on_words")


pytestmark = pytest.mark.timeout(900)
TOPICS = (*KNOWN, *UNKNOWN)  # of few labels a head is fitted in seconds


@pytest.fixture(scope="module")
def own(snapshot: Snapshot) -> list[Example]:
    """Some of our utterances, and three that stand in the knowledge word for word."""
    written = [each.title for each in snapshot.entries.values() if each.intent == "pre.invoice"]
    return [*some_of(5, TOPICS), *(said(text, "other.chitchat") for text in (*written, *written)[:3])]


@pytest.fixture(scope="module")
def dialogs() -> list[Example]:
    return [each for each in read_examples([DIALOGS]) if each.intents[0] in TOPICS]


@pytest.fixture(scope="module")
def fitted(snapshot: Snapshot, encoder: Encoder, own: list[Example], dialogs: list[Example]) -> Calibration:
    return fit_calibration(snapshot, encoder, dialogs, own)


def test_fitting_is_deterministic(snapshot: Snapshot, encoder: Encoder) -> None:
    few = some_of(7, ("pre.size", "after.damaged", "order.track"))
    assert fit_calibration(snapshot, encoder, own=few) == fit_calibration(snapshot, encoder, own=few)


def test_every_weight_is_a_finite_number(fitted: Calibration) -> None:
    for weights in (fitted.intent, fitted.reply, fitted.match, fitted.complaint, *fitted.emotion.values()):
        assert weights
        assert all(math.isfinite(value) for value in weights.values())
    assert set(SIGNALS) <= fitted.reply.keys()
    assert set(PANELS) <= fitted.intent.keys()
    assert {"prior", "heads", "displeased", "heads_begun"} <= fitted.complaint.keys()
    assert fitted.emotion.keys() == set(EMOTIONS)


def test_what_speaks_for_an_intent_counts_for_it(fitted: Calibration) -> None:
    assert fitted.match["dense"] > 0
    assert sum(fitted.intent[name] for name in PANELS) > 0
    assert fitted.intent["order_state"] > 0


def test_a_calibration_is_bound_to_its_encoder(fitted: Calibration, encoder: Encoder) -> None:
    assert fitted.encoder_id == encoder.id


def test_rates_are_probabilities_of_every_labelled_intent(
    fitted: Calibration, own: list[Example], dialogs: list[Example]
) -> None:
    labelled = {each.intents[0] for each in (*own, *dialogs) if each.complaint is not None}
    assert fitted.complaint_rate.keys() == labelled
    assert all(0 < rate < 1 for rate in fitted.complaint_rate.values())


def test_damage_is_complained_of_more_than_sizes_are(fitted: Calibration) -> None:
    assert fitted.complaint_rate["after.damaged"] > fitted.complaint_rate["pre.size"]


def test_every_state_speaks_for_what_is_asked_in_it(fitted: Calibration) -> None:
    odds = fitted.state_odds
    assert odds[BROWSING]["pre.size"] > 0 > odds[BROWSING]["after.return"]
    assert odds["delivered"]["after.return"] > 0 > odds["delivered"]["order.urge_ship"]
    assert odds["collected"] == odds["shipped"]


def test_thresholds_lie_between_never_and_always(fitted: Calibration) -> None:
    assert 0 < fitted.abstain_below < 1
    assert 0 < fitted.complaint_from < 1


def test_what_was_achieved_is_recorded(
    fitted: Calibration, snapshot: Snapshot, own: list[Example], dialogs: list[Example]
) -> None:
    """Of our utterances those kept back, of dialogs all, several times; none that the knowledge has word for word."""
    written = {normalise(text) for each in snapshot.entries.values() for text in each.phrasings}
    kept = [each for each in own if each.kept_back and each.text not in written]
    counted = [each for each in dialogs if each.text not in written]
    assert fitted.fitted_on["examples"] == len(kept) + DIALOG_COUNTS * len(counted)
    assert len(kept) <= sum(each.kept_back for each in own) - 3
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


def test_a_fitted_calibration_reads_as_it_did_before_its_file(
    fitted: Calibration, encoder: Encoder, tmp_path: Path
) -> None:
    save_calibration(fitted, tmp_path / "calibration.json")
    assert load_calibration(encoder.id, tmp_path / "calibration.json").heads == fitted.heads


def test_what_it_was_fitted_for_it_understands(fitted: Calibration, snapshot: Snapshot, encoder: Encoder) -> None:
    asked = [said("能开发票吗亲", "pre.invoice"), said("寄过来盒子都压扁了里面也裂开", "after.damaged")]
    encoded = Encoded.by(encoder, asked)
    samples = collect_samples(snapshot, encoded, read_all(fitted.heads, encoded), fitted.state_odds)
    for sample in samples:
        p = probabilities_of(sample.evidence, fitted)
        assert max(p, key=lambda code: p[code]) == sample.example.intents[0]


# Samples


def test_a_sample_sees_what_all_shops_share_and_what_the_shop_has_itself(encoder: Encoder, fitted: Calibration) -> None:
    entries = [
        entry("shared"),
        entry("own", shop_id="s1"),
        entry("theirs", shop_id="s2"),
        entry("old", status="archived"),
    ]
    snapshot = snapshot_of(encoder, *entries)
    encoded = Encoded.by(encoder, [said("什么时候发货", "order.urge_ship")])
    opinions = read_all(fitted.heads, encoded)

    def found(shop_id: str | None) -> set[str]:
        [sample] = collect_samples(snapshot, encoded, opinions, {}, shop_id)
        return {each.entry.id for each in sample.evidence.candidates}

    assert found(None) == {"shared"}
    assert found("s1") == {"shared", "own"}


def test_a_samples_state_counts_as_the_odds_of_its_state(encoder: Encoder, fitted: Calibration) -> None:
    snapshot = snapshot_of(encoder, entry("ship"))
    examples = [example for example in own_examples() if example.state in ("paid", None)][:400]
    encoded = Encoded.by(encoder, [next(e for e in examples if e.state), next(e for e in examples if not e.state)])
    odds = {"paid": {"order.urge_ship": 1.5}}
    with_state, without = collect_samples(snapshot, encoded, read_all(fitted.heads, encoded), odds)
    assert with_state.evidence.state == odds["paid"]
    assert without.evidence.state == {}


def test_the_rows_of_replies_say_which_candidates_are_about_what_was_asked(
    encoder: Encoder, snapshot: Snapshot, fitted: Calibration
) -> None:
    encoded = Encoded.by(encoder, [said("能开发票吗亲", "pre.invoice"), said("能开发票吗亲", "order.track")])
    samples = collect_samples(snapshot, encoded, read_all(fitted.heads, encoded), {})
    rows, labels = reply_rows(samples, fitted)
    assert len(rows) == len(labels) == 6
    assert all(row.keys() == set(SIGNALS) for row in rows)
    assert labels[0] is True
    assert labels[3] is False


# The shipped calibration


def test_the_shipped_calibration_belongs_to_the_shipped_encoder_and_is_calibrated(encoder: Encoder) -> None:
    shipped = load_calibration(encoder.id)
    kept_back = sum(each.kept_back for each in own_examples())
    assert kept_back * 0.98 < float(shipped.fitted_on["examples"])
    assert float(shipped.fitted_on["calibration_error"]) <= 0.05
    assert shipped.complaint_rate.keys() <= intents().keys()
    assert BROWSING in shipped.state_odds
    assert json.loads(shipped.model_dump_json())["encoder_id"] == encoder.id
