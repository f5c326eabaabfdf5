"""Understanding: probabilities of intents, complaint and emotion, from resemblance and words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.evidence import LEAST, Evidence, intent_signals, no_intent, read_evidence
from assistant.response import Understanding
from assistant.service.wiring import Parts
from assistant.understanding import (
    CHITCHAT,
    WORTH_NAMING,
    answerable,
    complaint_probability,
    complaint_signals,
    emotion_probabilities,
    emotion_signals,
    probabilities_of,
    softmax,
    understand,
)
from knowledge.entries import Entry
from knowledge.retriever import Candidate, Query
from models.calibration import Calibration, Weights, load_calibration
from models.cues import EMOTIONS
from models.encoder import Encoder
from models.heads import Opinion, Opinions
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
    """What there is without heads, unless the opinions of that on the message are given."""
    query = Query(normalise(text), np.zeros(384, np.float32))
    return read_evidence(query, candidates, Opinions(message=Opinion(**opinions)), state or {})


def understood(parts: Parts, text: str, **order: str) -> Understanding:
    return ask(parts, text, context={"order": order} if order else {}).understanding


def test_the_best_signals_of_an_intent_count_whichever_entry_has_them() -> None:
    both = [candidate("pre.size", 0.9, 0.1, 0.3), candidate("pre.size", 0.8, 0.6, 0.7)]
    signals = intent_signals(evidence(both, "穿什么码"))["pre.size"]
    assert (signals["dense"], signals["lexical"], signals["answer"]) == (0.9, 0.6, 0.7)
    others = signals.keys() - {"dense", "lexical", "answer"}
    assert others >= {"exact", "head", "head_in_context", "head_on_words", "risk_words", "order_state"}
    assert {signals[name] for name in others} == {0.0}


def test_what_the_head_says_counts_and_its_lowest_doubts_are_all_alike() -> None:
    signals = intent_signals(evidence([candidate("pre.size"), candidate("pre.stock")], intent={"pre.size": -0.1}))
    assert (signals["pre.size"]["head"], signals["pre.stock"]["head"]) == (-0.1, LEAST)


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
    assert understanding.answerable == 0.0


def test_the_panels_speak_of_a_complaint_with_one_voice_and_of_an_emotion_each_by_itself(
    calibration: Calibration,
) -> None:
    query = Query("", np.zeros(384, np.float32))
    said = Opinions(
        message=Opinion(complaint={"0": -3.0, "1": -0.05}, emotion={"angry": -0.5}),
        conversation=Opinion(complaint={"0": -0.1, "1": -2.4}, emotion={"angry": -30.0}),
    )
    seen = read_evidence(query, [candidate("after.damaged")], said, {})
    p = probabilities_of(seen, calibration)
    complaint, emotion = complaint_signals(p, seen, calibration), emotion_signals(seen)
    heads = ("head", "head_in_context", "head_on_words")
    assert complaint["heads"] == pytest.approx((2.95 - 2.3) / 3)
    assert [emotion[f"{name}_angry"] for name in heads] == pytest.approx([-0.5, LEAST, 0.0])


def test_what_all_heads_take_for_a_complaint_is_likelier_one(calibration: Calibration) -> None:
    def chance(no: float, yes: float) -> float:
        said = Opinion(complaint={"0": no, "1": yes})
        seen = read_evidence(
            Query("", np.zeros(384, np.float32)), [candidate("after.damaged")], Opinions(said, said, said), {}
        )
        return complaint_probability(probabilities_of(seen, calibration), seen, calibration)

    assert chance(-3.0, -0.05) > chance(-0.7, -0.7) > chance(-0.05, -3.0)


def test_a_panel_speaks_for_the_clause_that_complains_most(calibration: Calibration) -> None:
    calm, cross = (Opinion(complaint={"0": no, "1": yes}) for no, yes in ((-0.05, -3.0), (-2.0, -0.15)))

    def heads(said: Opinions) -> float:
        seen = read_evidence(Query("", np.zeros(384, np.float32)), [candidate("order.stuck")], said, {})
        return complaint_signals(probabilities_of(seen, calibration), seen, calibration)["heads"]

    whole = Opinions(calm, calm, calm)
    assert heads(replace(whole, clauses=(calm, cross))) == pytest.approx((1.85 - 2 * 2.95) / 3)
    assert heads(replace(whole, clause_words=(cross, calm))) == heads(replace(whole, clauses=(cross,)))
    assert heads(replace(whole, clauses=(Opinion(complaint={"0": -0.01, "1": -4.6}),))) == heads(whole)


@pytest.mark.parametrize(
    ("told", "grievance"),
    [
        ("嗯嗯，订单就是那台烤箱，麻烦查一下到哪里了", "师傅电话打了三回没人接"),
        ("地址没有变，收件人也没变，要那个大号的", "等了快两个星期还没有影子"),
    ],
)
def test_one_grievance_among_plain_statements_is_a_complaint(starter_parts: Parts, told: str, grievance: str) -> None:
    assert not understood(starter_parts, told).complaint.value
    assert understood(starter_parts, f"{told}，{grievance}").complaint.value


def test_what_the_knowledge_answers_is_all_that_it_has_but_small_talk() -> None:
    assert answerable({"pre.size": 0.6, "pre.stock": 0.3}) == pytest.approx(0.9)
    assert answerable({"pre.size": 0.6, CHITCHAT: 0.3}) == pytest.approx(0.6)
    assert answerable({CHITCHAT: 1.0}) == 0.0
    assert answerable({}) == 0.0


@given(st.dictionaries(st.sampled_from(BUYERS), st.floats(-20, 20), min_size=1))
def test_how_far_a_turn_is_answerable_is_a_probability(scores: dict[str, float]) -> None:
    chances = softmax(scores)
    assert 0.0 <= answerable(chances) <= 1.0
    without = {code: p for code, p in chances.items() if code != CHITCHAT}
    assert answerable(chances) == pytest.approx(sum(without.values()), abs=1e-9)


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
    emotions = emotion_probabilities(seen, calibration)
    assert set(emotions) == set(EMOTIONS)
    assert math.isclose(sum(emotions.values()), 1.0)
    assert understanding.answerable == pytest.approx(answerable(p), abs=1e-4)
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


def test_in_the_middle_of_a_conversation_every_signal_of_a_complaint_counts_once_more(calibration: Calibration) -> None:
    query, said = Query("", np.zeros(384, np.float32)), Opinion(complaint={"0": -3.0, "1": -0.05})
    first, later = (
        read_evidence(query, [candidate("after.defect")], Opinions(said, said, said, said), {}, begun=begun)
        for begun in (False, True)
    )
    p = probabilities_of(first, calibration)
    before, after = complaint_signals(p, first, calibration), complaint_signals(p, later, calibration)
    for name in ("prior", "heads", "displeased", "neighbours"):
        assert (before[f"{name}_begun"], after[f"{name}_begun"]) == (0.0, before[name])
    assert (before["begun"], after["begun"]) == (0.0, 1.0)
