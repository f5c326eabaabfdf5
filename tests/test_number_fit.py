"""A buyer's number against the attribute that it concerns; no verdict where the two cannot be compared."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.number_fit import number_fit
from knowledge.suitability import Verdict
from models.text import normalise

CUP = {"适用年龄": "6-36个月，需在大人看护下使用", "耐温": "-20℃至110℃", "容量": "240ml"}
CHAIR = {"承重": "最大承重100kg", "适合身高": "150-185cm", "适用年龄": "3岁以上"}
PLUG = {"功率": "单口最大30W"}


def verdict(attributes: dict[str, str], text: str) -> Verdict | None:
    return number_fit(attributes, normalise(text))


@pytest.mark.parametrize(
    ("attributes", "text", "suits", "asked", "name"),
    [
        (CUP, "宝宝8个月能用吗", True, "8个月", "适用年龄"),
        (CUP, "3个月的娃能用不", False, "3个月", "适用年龄"),
        (CUP, "36个月", True, "36个月", "适用年龄"),
        (CUP, "刚满月能喝吗", False, "刚满月", "适用年龄"),
        (CUP, "3岁了", True, "3岁", "适用年龄"),
        (CUP, "3岁多还能用吗", False, "3岁多", "适用年龄"),
        (CUP, "兩三個月的寶寶", False, "两三个月", "适用年龄"),
        (CUP, "快6个月了能用吗", False, "快6个月", "适用年龄"),
        (CUP, "100度的水能装吗", True, "100度", "耐温"),
        (CUP, "零下30度行吗", False, "零下30度", "耐温"),
        (CUP, "能装开水吗", True, "开水", "耐温"),
        (CUP, "能装300毫升吗", False, "300毫升", "容量"),
        (CHAIR, "体重200斤能坐吗", True, "200斤", "承重"),
        (CHAIR, "220斤的人坐会塌吗", False, "220斤", "承重"),
        (CHAIR, "1.2米的娃", False, "1.2米", "适合身高"),
        (CHAIR, "身高120", False, "120cm", "适合身高"),
        (CHAIR, "孩子身高155可以坐吗", True, "155cm", "适合身高"),
        (CHAIR, "身高1.6", True, "160cm", "适合身高"),
        (CHAIR, "2岁半能坐吗", False, "2岁半", "适用年龄"),
        (PLUG, "支持65w吗", False, "65W", "功率"),
        (PLUG, "20W够吗", True, "20W", "功率"),
    ],
)
def test_a_number_is_compared_with_the_attribute_it_concerns(
    attributes: dict[str, str], text: str, suits: bool, asked: str, name: str
) -> None:
    assert verdict(attributes, text) == Verdict(suits, asked, name)


@pytest.mark.parametrize(
    "text",
    [
        "用了8个月坏了",
        "保修3个月吗",
        "怀孕8个月能用吗",
        "到货3天了",
        "吸管几个月换一次",
        "保质期8个月",
        "有货吗",
        "3岁以上能用吗",
        "",
    ],
)
def test_what_is_not_asked_about_a_person_gives_no_verdict(text: str) -> None:
    found = verdict({"适用年龄": "6-36个月"}, text)
    assert found is None


def test_nothing_is_said_without_an_attribute_that_states_a_span() -> None:
    assert verdict({}, "宝宝8个月能用吗") is None
    assert verdict({"适用年龄": "见说明书"}, "宝宝8个月能用吗") is None
    assert verdict({"承重": "见说明书"}, "200斤能坐吗") is None


def test_the_newest_value_counts() -> None:
    assert verdict(CUP, "宝宝3个月，不对是8个月") == Verdict(True, "8个月", "适用年龄")


def test_power_of_what_it_is_used_with_is_not_its_own() -> None:
    assert verdict({"输出功率": "22.5W"}, "用65W的充电头充它可以吗") is None


def test_ages_alone_can_be_asked_for() -> None:
    assert number_fit(CUP, "100度", ages_only=True) is None
    assert number_fit(CUP, "宝宝8个月", ages_only=True) == Verdict(True, "8个月", "适用年龄")


@given(st.integers(0, 40), st.integers(1, 40), st.integers(0, 80))
def test_an_age_suits_exactly_within_the_ends(low: int, width: int, months: int) -> None:
    found = verdict({"适用年龄": f"{low}-{low + width}个月"}, f"宝宝{months}个月能用吗")
    assert found == Verdict(low <= months <= low + width, f"{months}个月", "适用年龄")
