"""Text is folded so that what looks different but means the same is matched, and nothing that matters is lost."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.text import normalise, tokens

messages = st.text(max_size=60)
# What Chinese buyers type most: characters, digits, sizes, punctuation, blanks, emoji.
typed = st.text(st.sampled_from("亲这件裙子有货吗發貨麼160cmXL/，。？！ \n😀👍"), max_size=40)


@pytest.mark.parametrize(
    ("message", "folded"),
    [
        ("發票可以開嗎", "发票可以开吗"),
        ("這個顏色還有貨麼", "这个颜色还有货么"),
        ("ＸＬ码　多少钱？", "xl码 多少钱?"),
        ("能用USB-C充电吗", "能用usb-c充电吗"),
        ("  在吗 \n\n 有人吗\t", "在吗 有人吗"),
        ("①号链接", "1号链接"),
    ],
)
def test_width_case_script_and_blanks_are_folded(message: str, folded: str) -> None:
    assert normalise(message) == folded


@pytest.mark.parametrize(
    "noise",
    [
        "😀",
        "👨‍👩‍👧",
        "❤️",
        "🇨🇳",
        "⭐⭐",
        "⏰",
        "/:806",
        "/:^_^",
        "/:>_<",
        "#E-s12",
        "[图片]",
        "[订单x]",
        "［微笑］",
        "\u200b",
    ],
)
def test_what_the_platform_puts_in_for_pictures_is_taken_out(noise: str) -> None:
    assert normalise(f"谢谢{noise}") == "谢谢"
    assert normalise(noise) == ""


def test_keycap_keeps_its_digit() -> None:
    assert normalise("要1️⃣号") == "要1号"


def test_zero_width_characters_do_not_cut_a_word() -> None:
    assert normalise("微\u200b信\ufeff支\u2060付") == "微信支付"


@pytest.mark.parametrize(
    ("message", "folded"),
    [("哈哈哈哈哈哈", "哈哈"), ("快点啊啊啊啊！！！！", "快点啊啊!!"), ("？？？？", "??"), ("嗯嗯", "嗯嗯")],
)
def test_stretched_letters_are_shortened_to_two(message: str, folded: str) -> None:
    assert normalise(message) == folded


@pytest.mark.parametrize("size", ["XXL", "XXXL", "XXXXL"])
def test_large_sizes_stay_apart(size: str) -> None:
    assert normalise(f"{size}有吗") == f"{size.lower()}有吗"


@pytest.mark.parametrize("number", ["13800000000", "1111222233334444", "0000", "100000.00"])
def test_digits_are_never_shortened(number: str) -> None:
    assert normalise(f"单号{number}") == f"单号{number}"


def test_half_of_a_character_pair_is_dropped() -> None:
    assert normalise("好的\ud83d") == "好的"


@given(st.text(st.characters(), max_size=60))
def test_any_text_is_folded_without_error_into_one_clean_line(message: str) -> None:
    folded = normalise(message)
    assert folded == folded.strip()
    assert not re.search(r"[\n\r\t\x00]|  ", folded)
    assert not re.search(r"([^\dx])\1\1", folded)
    assert not re.search("[\U0001f300-\U0001faff\ud800-\udfff]", folded)


@given(typed)
def test_folding_what_is_folded_changes_nothing(message: str) -> None:
    assert normalise(normalise(message)) == normalise(message)


@given(typed)
def test_digits_and_their_order_are_kept(message: str) -> None:
    assert re.findall(r"\d", normalise(message)) == re.findall(r"\d", message)


@given(messages)
def test_tokens_are_pieces_of_the_text(message: str) -> None:
    text = normalise(message)
    assert all(token and token in text for token in tokens(text))


@given(st.text(st.sampled_from("亲裙子退货运费险吗ab12 ，"), max_size=30))
def test_every_pair_of_neighbouring_chinese_characters_is_a_token(text: str) -> None:
    pairs = {text[i : i + 2] for i in range(len(text) - 1)}
    assert {pair for pair in pairs if re.fullmatch(r"[\u4e00-\u9fff]{2}", pair)} <= set(tokens(text))


def test_words_come_whole_and_cut_words_are_found_by_their_pairs() -> None:
    assert {"运", "运费", "费险", "衣裙"} <= set(tokens("运费险 连衣裙"))
    assert tokens("iphone15 pro") == ["iphone15", "pro"]


def test_punctuation_alone_has_no_tokens() -> None:
    assert tokens("??!!，。…… ~") == []
    assert tokens("") == []
