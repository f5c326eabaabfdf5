"""Understanding: probabilities of intents, complaint and emotion, from resemblance and words."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.evidence import LEAST, Evidence, intent_signals, no_intent, read_evidence
from assistant.response import Understanding
from assistant.service.wiring import Parts
from assistant.understanding import (
    WORTH_NAMING,
    complaint_probability,
    emotion_probabilities,
    probabilities_of,
    softmax,
    understand,
)
from knowledge.entries import Entry
from knowledge.retriever import Candidate, Query
from models.calibration import Calibration, Weights, load_calibration
from models.cues import EMOTIONS
from models.encoder import Encoder
from models.heads import Opinion
from models.intents import intents
from models.text import normalise
from tests.entry_examples import draft
from tests.starter_fixtures import ask
from tests.starter_fixtures import starter_parts as starter_parts

BUYERS = sorted(code for code, intent in intents().items() if intent.voice == "buyer")


@pytest.fixture(scope="module")
def calibration(encoder: Encoder) -> Calibration:
    return load_calibration(encoder.id)


def candidate(intent: str, dense: float = 0.9, lexical: float = 0.5, answer: float = 0.8) -> Candidate:
    entry = Entry.model_validate({**draft("e", intent=intent).model_dump(), "version": 1})
    return Candidate(entry, entry.title, dense, lexical, answer, 0.0)


def evidence(
    candidates: Sequence[Candidate], text: str = "", state: Weights | None = None, **opinions: dict[str, float]
) -> Evidence:
    """What there is without heads, unless their opinions are given."""
    query = Query(normalise(text), np.zeros(384, np.float32))
    before = Opinion(intent=opinions.pop("before", {}))
    return read_evidence(query, candidates, Opinion(**opinions), before, state or {})


def understood(parts: Parts, text: str, **order: str) -> Understanding:
    return ask(parts, text, context={"order": order} if order else {}).understanding


def test_the_best_signals_of_an_intent_count_whichever_entry_has_them() -> None:
    both = [candidate("pre.size", 0.9, 0.1, 0.3), candidate("pre.size", 0.8, 0.6, 0.7)]
    signals = intent_signals(evidence(both, "穿什么码"))["pre.size"]
    assert (signals["dense"], signals["lexical"], signals["answer"]) == (0.9, 0.6, 0.7)
    assert {signals[name] for name in ("exact", "head", "before", "before_short", "risk_words", "order_state")} == {0.0}


def test_what_the_head_says_counts_and_its_lowest_doubts_are_all_alike() -> None:
    signals = intent_signals(evidence([candidate("pre.size"), candidate("pre.stock")], intent={"pre.size": -0.1}))
    assert (signals["pre.size"]["head"], signals["pre.stock"]["head"]) == (-0.1, LEAST)


def test_the_turn_before_counts_twice_for_a_short_turn() -> None:
    both, before = [candidate("pre.size"), candidate("pre.stock")], {"pre.size": -0.5, "pre.stock": -3.0}
    short = intent_signals(evidence(both, "那黑的呢", before=before))
    long = intent_signals(evidence(both, "那我想问一下黑色的这款现在还有没有货", before=before))
    assert (short["pre.size"]["before"], short["pre.size"]["before_short"]) == (-0.5, -0.5)
    assert (long["pre.stock"]["before"], long["pre.stock"]["before_short"]) == (-3.0, 0.0)


def test_what_the_head_leaves_for_intents_without_an_entry_speaks_for_none() -> None:
    sure = evidence([candidate("pre.size")], intent={"pre.size": math.log(0.9), "pre.cod": math.log(0.1)})
    unsure = evidence([candidate("pre.size")], intent={"pre.size": math.log(0.1), "pre.cod": math.log(0.9)})
    assert no_intent(sure, ["pre.size"])["head"] == pytest.approx(math.log(0.1))
    assert no_intent(unsure, ["pre.size"])["head"] == pytest.approx(math.log(0.9))


def test_an_agent_voiced_intent_is_nothing_that_a_buyer_means() -> None:
    assert intent_signals(evidence([candidate("flow.wait")], "稍等")) == {}


def test_words_of_a_risk_speak_for_its_intent() -> None:
    signals = intent_signals(evidence([candidate("risk.report"), candidate("pre.size")], "再不退钱我打12315"))
    assert (signals["risk.report"]["risk_words"], signals["pre.size"]["risk_words"]) == (1.0, 0.0)


def test_a_delivered_order_makes_the_after_sale_reading_likelier(calibration: Calibration) -> None:
    both = [candidate("pre.return_policy"), candidate("after.return")]
    delivered = probabilities_of(evidence(both, "能退吗", calibration.state_odds["delivered"]), calibration)
    assert delivered["after.return"] > probabilities_of(evidence(both, "能退吗"), calibration)["after.return"]


def test_without_a_candidate_the_message_is_unclear(calibration: Calibration) -> None:
    understanding, probabilities = understand(evidence([], "喵"), calibration, {})
    assert (understanding.intents, probabilities, understanding.phase) == ((), {}, "other")


@given(st.dictionaries(st.sampled_from(BUYERS), st.floats(-500, 500), min_size=1))
def test_softmax_gives_probabilities_in_the_order_of_the_scores(scores: dict[str, float]) -> None:
    p = softmax(scores)
    assert math.isclose(sum(p.values()), 1.0)
    assert all(0.0 <= each <= 1.0 for each in p.values())
    assert p[max(scores, key=lambda code: scores[code])] == max(p.values())


def test_softmax_of_nothing_is_nothing() -> None:
    assert softmax({}) == {}


@given(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
    st.lists(st.tuples(st.sampled_from(BUYERS), st.floats(-1, 1), st.floats(0, 1), st.floats(-1, 1)), max_size=10),
)
def test_any_text_and_candidates_give_probabilities(
    calibration: Calibration, text: str, rows: list[tuple[str, float, float, float]]
) -> None:
    seen = evidence([candidate(*row) for row in rows], text)
    understanding, p = understand(seen, calibration, {})
    assert set(p) == {row[0] for row in rows}
    confidences = [guess.confidence for guess in understanding.intents]
    likely = sorted((each for each in p.values() if each >= WORTH_NAMING), reverse=True) or sorted(p.values())[-1:]
    assert confidences == pytest.approx(likely[:5], abs=1e-4)
    assert confidences == sorted(confidences, reverse=True)
    assert 0.0 <= understanding.complaint.confidence <= 1.0
    assert understanding.complaint.value == (complaint_probability(p, seen, calibration) >= calibration.complaint_from)
    emotions = emotion_probabilities(p, seen, calibration)
    assert set(emotions) == set(EMOTIONS)
    assert math.isclose(sum(emotions.values()), 1.0)
    assert understanding.emotion.confidence == pytest.approx(max(emotions.values()), abs=1e-4)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("在吗", "flow.greeting"),
        ("发票可以开吗", "pre.invoice"),
        ("穿多大码合适", "pre.size"),
        ("今天天气怎么样", "other.chitchat"),
        ("单号多少", "order.track"),
        ("能便宜点吗", "pre.bargain"),
    ],
)
def test_plain_questions_are_understood(starter_parts: Parts, text: str, code: str) -> None:
    assert understood(starter_parts, text).intents[0].code == code


@pytest.mark.parametrize(
    ("simplified", "traditional"),
    [
        ("发票可以开吗", "發票可以開嗎"),
        ("什么时候发货", "什麼時候發貨"),
        ("裙子破了个洞，太失望了", "裙子破了個洞，太失望了"),
    ],
)
def test_traditional_and_simplified_are_understood_alike(
    starter_parts: Parts, simplified: str, traditional: str
) -> None:
    assert understood(starter_parts, simplified) == understood(starter_parts, traditional)


@pytest.mark.parametrize(
    "text", ["收到就是破的，太失望了", "你们骗人，质量太差了！！", "等了一个星期还不发货，到底管不管"]
)
def test_trouble_told_with_feeling_is_a_complaint(starter_parts: Parts, text: str) -> None:
    found = understood(starter_parts, text)
    assert found.complaint.value
    assert found.emotion.label in ("upset", "angry", "anxious")


@pytest.mark.parametrize("text", ["在吗", "有什么颜色", "能开发票吗", "谢谢，收到了很喜欢"])
def test_a_plain_question_is_no_complaint(starter_parts: Parts, text: str) -> None:
    assert not understood(starter_parts, text).complaint.value


def test_risks_are_named_by_their_words(starter_parts: Parts) -> None:
    assert "risk.report" in understood(starter_parts, "不退钱我就打12315投诉你们").risks
    assert understood(starter_parts, "有什么颜色").risks == ()


def test_what_an_editor_wrote_word_for_word_is_meant_whatever_the_heads_think(calibration: Calibration) -> None:
    both = [candidate("pre.size", dense=1.0, lexical=1.0), candidate("pre.stock", dense=0.95, lexical=0.5)]
    p = probabilities_of(evidence(both, intent={"pre.size": -20.0, "pre.stock": -0.001}), calibration)
    assert p["pre.size"] > p["pre.stock"]
