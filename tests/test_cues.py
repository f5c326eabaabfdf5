"""Word lists find what the words of a message say by themselves, and stay quiet on ordinary questions."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.cues import EMOTIONS, read_cues
from models.data_files import read_data
from models.intents import intents
from models.text import normalise

LISTS: dict[str, Any] = read_data("models", "cues.yaml")
PLAIN_RISKS = [(code, word) for code, words in LISTS["risks"].items() for word in words if not word.startswith("re:")]
PLAIN_EMOTIONS = [
    (label, word) for label, words in LISTS["emotions"].items() for word in words if not word.startswith("re:")
]


def risks(message: str) -> tuple[str, ...]:
    return read_cues(normalise(message)).risks


def emotions(message: str) -> set[str]:
    return {label for label, count in read_cues(normalise(message)).emotions.items() if count}


def test_lists_name_only_known_emotions_and_risk_codes() -> None:
    assert set(LISTS["emotions"]) < set(EMOTIONS)
    assert set(LISTS["risks"]) == {code for code, intent in intents().items() if intent.phase == "risk"}


def test_every_listed_word_is_found_in_a_message_as_buyers_type_it() -> None:
    assert [pair for pair in PLAIN_RISKS if pair[0] not in risks(f"你们，{pair[1]}。")] == []
    assert [pair for pair in PLAIN_EMOTIONS if pair[0] not in emotions(f"你们，{pair[1]}。")] == []
    plain = [word for word in LISTS["calm"] if not word.startswith("re:")]
    assert [word for word in plain if not read_cues(normalise(f"嗯，{word}。")).calm] == []


@pytest.mark.parametrize(
    ("message", "risk"),
    [
        ("再不处理我就打12315", "risk.report"),
        ("我要去消協投訴你們", "risk.report"),
        ("假一赔十", "risk.report"),
        ("不退钱就等着收差评吧", "risk.review_threat"),
        ("评论区见", "risk.review_threat"),
        ("一星伺候", "risk.review_threat"),
        ("你他妈有病吧", "risk.abuse"),
        ("滚！", "risk.abuse"),
        ("SB客服", "risk.abuse"),
        ("加个微信聊", "risk.off_platform"),
        ("有没有V，方便发图", "risk.off_platform"),
        ("加一下V呗", "risk.off_platform"),
        ("V多少", "risk.off_platform"),
        ("我直接转账给你行吗", "risk.off_platform"),
        ("你这什么态度", "risk.service"),
        ("问半天没人理", "risk.service"),
    ],
)
def test_risky_words_are_marked(message: str, risk: str) -> None:
    assert risk in risks(message)


@pytest.mark.parametrize(
    "message",
    [
        "这件可以放滚筒洗衣机洗吗",
        "箱子的滚轮顺不顺",
        "买给妈妈的生日礼物",
        "收件人写我妈的名字",
        "他妈妈穿多大码",
        "工商银行卡能付款吗",
        "一星期能到吗",
        "直接转人工",
        "单号是731234500123450",
        "订单号123150099887",
        "评价里看见有人说偏小",
        "v领的能加绒吗",
        "加v领那款多少钱",
        "有V领的吗",
        "有没有V字领口的",
        "5V多少A的",
        "有没有vivo的壳",
        "能用微信支付吗",
        "usb接口是几个的",
    ],
)
def test_ordinary_questions_carry_no_risk(message: str) -> None:
    assert risks(message) == ()


@pytest.mark.parametrize(
    "message", ["带usb线吗", "滚筒洗可以吗", "送我妈的", "良心卖家", "这个颜色耐脏吗", "优惠完多少了", "好的"]
)
def test_ordinary_words_carry_no_bad_temper(message: str) -> None:
    assert not emotions(message) & {"angry", "upset"}


def test_nothing_said_is_no_cue() -> None:
    cues = read_cues("")
    assert (set(cues.emotions.values()), cues.calm, cues.risks) == ({0}, 0, ())


def test_a_cue_said_twice_counts_once_and_two_cues_count_two() -> None:
    assert read_cues("谢谢，谢谢，谢谢").calm == 1
    assert read_cues("请问，谢谢").calm == 2


def test_the_longer_of_two_words_at_one_place_is_read() -> None:
    assert read_cues("感谢").emotions["positive"] == 1
    assert read_cues("差评预定").risks == ("risk.review_threat",)


def test_the_risk_with_most_cues_comes_first() -> None:
    assert risks("什么态度，我要投诉到消协，找律师起诉") == ("risk.report", "risk.service")
    assert risks("敷衍，踢皮球，服务差，我举报") == ("risk.service", "risk.report")


@given(st.lists(st.sampled_from([word for _, word in PLAIN_RISKS]), max_size=4), st.text(max_size=10))
def test_adding_words_never_takes_a_cue_away_at_a_sentence_border(words: list[str], more: str) -> None:
    before, after = read_cues("。".join(words)), read_cues("。".join([*words, "", normalise(more)]))
    assert set(before.risks) <= set(after.risks)
    assert before.calm <= after.calm
    assert all(before.emotions[label] <= after.emotions[label] for label in before.emotions)
