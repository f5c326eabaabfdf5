"""Disguised letters fold to what they stand for, and every folded character knows its place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.folded_text import fold


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ＶＸ", "vx"),
        ("V X", "vx"),
        ("V.X", "vx"),
        ("v-x", "vx"),
        ("🆅🆇", "vx"),
        ("🇻🇽", "vx"),
        ("微😊信", "微信"),
        ("微[爱心]信", "微信"),
        ("微\u200b信", "微信"),
        ("微-信", "微信"),
        ("微*信", "微信"),
        ("加微\n信", "加微\n信"),
        ("微\n信", "微信"),
        ("親，請放心", "亲,请放心"),
        ("➕V", "加v"),
        ("1️⃣3️⃣8️⃣", "138"),
        ("①③⑧", "138"),
        ("１３８", "138"),
        ("138 0000", "138 0000"),
        ("1-3天", "1-3天"),
        ("https://item.taobao.com/item.htm", "https://item.taobao.com/item.htm"),
        ("XL 码", "xl码"),
        ("㎏", "kg"),
        ("", ""),
    ],
)
def test_disguises_vanish(text: str, folded: str) -> None:
    assert fold(text).text == folded


def test_a_span_leads_back_to_the_text_as_given() -> None:
    text = "亲😊，微 ❤️ 信"
    folded = fold(text)
    start = folded.text.index("微信")
    assert text[slice(*folded.span(start, start + 2))] == "微 ❤️ 信"


@given(st.text())
def test_places_go_up_and_lie_in_the_text(text: str) -> None:
    folded = fold(text)
    assert len(folded.text) == len(folded.origins)
    assert list(folded.origins) == sorted(folded.origins)
    assert all(0 <= place < len(text) for place in folded.origins)


@given(st.text(alphabet="亲微信加我vx 。，13800"), st.sampled_from(["😊", "❤️", "\u200b", "✨"]))
def test_pictures_and_invisible_characters_change_nothing(text: str, picture: str) -> None:
    between = picture.join(text)
    assert fold(between).text.replace(" ", "") == fold(text.replace(" ", "")).text.replace(" ", "")
