"""Adapting: a shop's own words move the shipped calibration towards what they mean there, and leave the rest."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from assistant.adapting import FOLDS, adapt_calibration, adapt_heads
from assistant.examples import Example
from assistant.fitting import collect_samples
from assistant.fitting_heads import Encoded, read_all
from assistant.understanding import complaint_probability, probabilities_of
from knowledge.snapshot import Snapshot
from models.calibration import Calibration, load_calibration, save_calibration
from models.encoder import Encoder
from models.heads import Heads
from tests.fitting_fixtures import JARGON, entry, said, snapshot_of, starter_entries

pytestmark = pytest.mark.timeout(900)
SHOP = "s1"
TOPICS = ("pre.size", "pre.stock", "pre.invoice", "after.damaged", "order.track", "flow.greeting")
# What everybody says, so that a shop's turns are not all of one kind.
PLAIN = [
    said("我160高100斤穿什么码", "pre.size"),
    said("发票可以开吗", "pre.invoice"),
    said("收到就是碎的，太失望了", "after.damaged", complaint=True, emotion="upset"),
    said("单号多少呀", "order.track"),
    said("在吗", "flow.greeting"),
    said("杯子裂了一道口子气死我了", "after.damaged", complaint=True, emotion="angry"),
]
TURNS = [*(said(text, "pre.stock") for text in JARGON), *PLAIN]
ALIKE = said("白的喵喵有没", "pre.stock")


@pytest.fixture(scope="module")
def shipped(encoder: Encoder) -> Calibration:
    return load_calibration(encoder.id)


@pytest.fixture(scope="module")
def shared(encoder: Encoder) -> Snapshot:
    """What all shops share of a few topics; the shop has nothing of its own."""
    entries = [each.model_copy(update={"shop_id": None}) for each in starter_entries(*TOPICS)]
    return snapshot_of(encoder, *entries)


@pytest.fixture(scope="module")
def steps() -> list[tuple[int, int]]:
    """What was heard while `after` was made."""
    return []


@pytest.fixture(scope="module")
def after(shipped: Calibration, shared: Snapshot, encoder: Encoder, steps: list[tuple[int, int]]) -> Calibration:
    """The shipped calibration after the shop's turns."""
    return adapt_calibration(shipped, shared, encoder, SHOP, TURNS, lambda done, total: steps.append((done, total)))


def adapt(
    calibration: Calibration, snapshot: Snapshot, encoder: Encoder, dialogs: Sequence[Example] = ()
) -> Calibration:
    return adapt_calibration(calibration, snapshot, encoder, SHOP, dialogs, lambda *_: None)


def chances(calibration: Calibration, snapshot: Snapshot, encoder: Encoder, example: Example) -> dict[str, float]:
    """The probabilities of the intents of a turn in the shop."""
    encoded = Encoded.by(encoder, [example])
    [sample] = collect_samples(snapshot, encoded, read_all(calibration.heads, encoded), calibration.state_odds, SHOP)
    return probabilities_of(sample.evidence, calibration)


def topic(heads: Heads, encoder: Encoder, example: Example, panel: str) -> dict[str, float]:
    [opinions] = read_all(heads, Encoded.by(encoder, [example]))
    return {code: math.exp(p) for code, p in getattr(opinions, panel).intent.items()}


# The heads


@pytest.mark.parametrize("panel", ["message", "conversation", "words", "neighbours"])
def test_every_panel_learns_a_shops_own_word(shipped: Calibration, encoder: Encoder, panel: str) -> None:
    heads = adapt_heads(shipped.heads, Encoded.by(encoder, TURNS))
    before, after = (topic(each, encoder, ALIKE, panel)["pre.stock"] for each in (shipped.heads, heads))
    assert after > before
    usual = said("能开发票不，公司要报销", "pre.invoice")
    found = topic(heads, encoder, usual, panel)
    assert max(found, key=lambda code: found[code]) == "pre.invoice"


def test_what_is_not_known_of_an_example_changes_no_head(shipped: Calibration, encoder: Encoder) -> None:
    unlabelled = [replace(each, complaint=None, emotion=None) for each in TURNS]
    heads = adapt_heads(shipped.heads, Encoded.by(encoder, unlabelled))
    for old, new in ((shipped.heads.message, heads.message), (shipped.heads.words, heads.words)):
        assert new.complaint is old.complaint
        assert new.emotion is old.emotion
        assert not np.array_equal(new.intent.weights, old.intent.weights)


def test_complaints_and_feelings_are_learned_where_they_are_known(shipped: Calibration, encoder: Encoder) -> None:
    grumble = [said(text, "pre.stock", complaint=True, emotion="angry") for text in JARGON]
    heads = adapt_heads(shipped.heads, Encoded.by(encoder, grumble))
    [before], [after] = (read_all(each, Encoded.by(encoder, [ALIKE])) for each in (shipped.heads, heads))
    for old, new in ((before.message, after.message), (before.words, after.words)):
        assert new.complaint["1"] > old.complaint["1"]
        assert new.emotion["angry"] > old.emotion["angry"]


def test_no_examples_leave_the_heads_as_they_are(shipped: Calibration, encoder: Encoder) -> None:
    assert adapt_heads(shipped.heads, Encoded.by(encoder, [])) == shipped.heads


# The calibration


def test_every_step_is_told_to_the_last(after: Calibration, steps: list[tuple[int, int]]) -> None:
    assert after
    assert steps == [(done, FOLDS + 2) for done in range(1, FOLDS + 3)]


def test_a_shops_own_word_is_understood_better_in_the_shop(
    shipped: Calibration, after: Calibration, shared: Snapshot, encoder: Encoder
) -> None:
    old, new = (chances(each, shared, encoder, ALIKE) for each in (shipped, after))
    assert new["pre.stock"] > old["pre.stock"]
    assert max(new, key=lambda code: new[code]) == "pre.stock"


@pytest.mark.parametrize("example", PLAIN[:5], ids=lambda each: each.intents[0])
def test_what_everybody_says_is_still_understood(
    after: Calibration, shared: Snapshot, encoder: Encoder, example: Example
) -> None:
    found = chances(after, shared, encoder, example)
    assert max(found, key=lambda code: found[code]) == example.intents[0]


def test_complaints_are_told_from_questions_as_before(after: Calibration, shared: Snapshot, encoder: Encoder) -> None:
    encoded = Encoded.by(encoder, PLAIN)
    samples = collect_samples(shared, encoded, read_all(after.heads, encoded), after.state_odds, SHOP)
    for sample in samples:
        p = probabilities_of(sample.evidence, after)
        found = complaint_probability(p, sample.evidence, after) >= after.complaint_from
        assert found == sample.example.complaint, sample.example.text


def test_what_was_learned_of_all_shops_stays(shipped: Calibration, after: Calibration) -> None:
    same = ("encoder_id", "match", "emotion", "complaint_rate", "state_odds", "complaint_from")
    for name in (*same, "abstain_below"):
        assert getattr(after, name) == getattr(shipped, name), name
    assert after.intent.keys() == shipped.intent.keys()
    assert after.intent["exact"] == shipped.intent["exact"]
    assert after.fitted_on == {**shipped.fitted_on, "shop_turns": len(TURNS)}


def test_weights_of_signals_stay_near_those_that_were_there(shipped: Calibration, after: Calibration) -> None:
    """Twelve turns are no reason to turn the weights round that thousands have found."""
    for old, new in (
        (shipped.intent, after.intent),
        (shipped.reply, after.reply),
        (shipped.complaint, after.complaint),
    ):
        assert new.keys() == old.keys()
        assert new != old
        largest = max(old, key=lambda name: abs(old[name]))
        assert new[largest] * old[largest] > 0


def test_adapting_is_deterministic(
    shipped: Calibration, after: Calibration, shared: Snapshot, encoder: Encoder
) -> None:
    assert adapt(shipped, shared, encoder, TURNS) == after


def test_it_is_the_same_after_its_file(
    after: Calibration, encoder: Encoder, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("adapted") / "calibration.json"
    save_calibration(after, path)
    loaded = load_calibration(encoder.id, path)
    assert loaded.heads == after.heads
    assert loaded.intent == pytest.approx(after.intent, rel=1e-5)


# A shop's entries


def test_a_shops_phrasings_teach_the_heads_without_any_dialog(shipped: Calibration, encoder: Encoder) -> None:
    fields = {"intent": "pre.stock", "title": JARGON[0], "questions": JARGON[1:]}
    mine = snapshot_of(encoder, entry("stock", shop_id=SHOP, **fields))
    found = adapt(shipped, mine, encoder)
    assert (
        topic(found.heads, encoder, ALIKE, "words")["pre.stock"]
        > topic(shipped.heads, encoder, ALIKE, "words")["pre.stock"]
    )
    assert (found.intent, found.reply, found.complaint) == (shipped.intent, shipped.reply, shipped.complaint)
    for old, new in ((shipped.heads.message, found.heads.message), (shipped.heads.words, found.heads.words)):
        assert new.complaint is old.complaint
        assert new.emotion is old.emotion


@pytest.mark.parametrize(
    "fields", [{"shop_id": None}, {"shop_id": "s2"}, {"shop_id": SHOP, "intent": "flow.wait", "kind": "phrase"}]
)
def test_what_is_shared_or_anothers_or_only_said_by_the_shop_teaches_nothing(
    shipped: Calibration, encoder: Encoder, fields: dict[str, str | None]
) -> None:
    usual = {"intent": "pre.stock", "title": JARGON[0], "questions": JARGON[1:]}
    found = adapt(shipped, snapshot_of(encoder, entry("stock", **{**usual, **fields})), encoder)
    assert found == shipped.model_copy(update={"fitted_on": {**shipped.fitted_on, "shop_turns": 0}})


# Few turns and strange ones


@pytest.mark.parametrize("n", [1, 2, 4])
def test_a_single_turn_is_enough_to_run(shipped: Calibration, shared: Snapshot, encoder: Encoder, n: int) -> None:
    found = adapt(shipped, shared, encoder, TURNS[:n])
    assert found.fitted_on["shop_turns"] == n
    assert all(math.isfinite(weight) for weight in (*found.intent.values(), *found.reply.values()))


def test_turns_whose_complaint_nobody_knows_leave_the_weights_of_complaint(
    shipped: Calibration, shared: Snapshot, encoder: Encoder
) -> None:
    found = adapt(shipped, shared, encoder, [replace(each, complaint=None) for each in TURNS])
    assert found.complaint == shipped.complaint
    assert found.intent != shipped.intent


def test_a_turn_that_the_knowledge_has_nothing_for_is_none_of_its_intents(
    shipped: Calibration, shared: Snapshot, encoder: Encoder
) -> None:
    outside = [said(f"你们{word}怎么收费", "pre.bulk") for word in ("代发", "批发", "分销", "加盟", "团购", "代理")]
    asked = said("代理批发价咋算", "pre.bulk")
    old = chances(shipped, shared, encoder, asked)
    new = chances(adapt(shipped, shared, encoder, [*outside, *PLAIN]), shared, encoder, asked)
    assert sum(new.values()) < max(sum(old.values()), 1e-3)  # the neighbours leave it hardly a chance to begin with
