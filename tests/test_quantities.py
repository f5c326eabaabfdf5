"""Quantities in Chinese text: the span that is written, and whether one lies in another."""

from __future__ import annotations

from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.quantities import Quantity, allowed_span, han_number, is_excluding, read_quantities
from models.text import normalise

_HAN = "零一二三四五六七八九"


def read(text: str) -> list[tuple[str, float, float]]:
    return [(each.dimension, each.low, each.high) for each in read_quantities(normalise(text))]


@pytest.mark.parametrize(
    ("text", "dimension", "low", "high"),
    [
        ("6-36个月", "time", 6, 36),
        ("6个月~3岁", "time", 6, 36),
        ("0岁至3岁", "time", 0, 36),
        ("3岁以上", "time", 36, inf),
        ("3+岁", "time", 36, inf),
        ("12个月及以下", "time", -inf, 12),
        ("不超过50℃", "temperature", -inf, 50),
        ("-20℃至110℃", "temperature", -20, 110),
        ("零下20度", "temperature", -20, -20),
        ("100kg以内", "weight", -inf, 100),
        ("承重150斤", "weight", 75, 75),
        ("最大承重150公斤", "weight", 150, 150),
        ("5kg-10kg", "weight", 5, 10),
        ("≥18W", "power", 18, inf),
        ("10000mAh", "charge", 10000, 10000),
        ("1.5L", "volume", 1500, 1500),
        ("15-25㎡", "area", 15, 25),
        ("1.2米的娃", "length", 120, 120),
        ("两三个月", "time", 2, 3),
        ("七八个月", "time", 7, 8),
        ("半岁", "time", 6, 6),
        ("一岁半", "time", 18, 18),
        ("1岁2个月", "time", 14, 14),
        ("一个半月", "time", 1.5, 1.5),
        ("十八个月", "time", 18, 18),
        ("刚满月", "time", 1, 1),
        ("3周岁", "time", 36, 36),
        ("3岁多", "time", 36, 48),
        ("8个多月", "time", 8, 9),
        ("20多斤", "weight", 10, 15),
        ("快3岁了", "time", 24, 36),
        ("成年人", "time", 216, inf),
        ("能装开水吗", "temperature", 100, 100),
    ],
)
def test_a_quantity_is_read_as_it_is_written(text: str, dimension: str, low: float, high: float) -> None:
    [found] = read_quantities(normalise(text))
    assert found.dimension == dimension
    assert [found.low, found.high] == pytest.approx([low, high], abs=1e-4)


@pytest.mark.parametrize("text", ["iphone15", "5V/3A", "3月发货", "买2件", "M码", "订单202611180001", "", "有没有"])
def test_numbers_without_a_unit_are_no_quantities(text: str) -> None:
    assert read_quantities(normalise(text)) == []


def test_several_quantities_are_read_in_order() -> None:
    assert read("10000mAh（37Wh），约215g") == [("charge", 10000, 10000), ("energy", 37, 37), ("weight", 0.215, 0.215)]


@pytest.mark.parametrize(
    ("text", "written"), [("宝宝8个多月", "8个多月"), ("一岁半了", "一岁半"), ("1岁2个月大", "1岁2个月")]
)
def test_what_was_read_is_quoted_as_written(text: str, written: str) -> None:
    assert [each.text for each in read_quantities(text)] == [written]


@pytest.mark.parametrize(
    ("value", "limit", "low", "high"),
    [
        ("6-36个月，需在大人看护下使用", False, 6, 36),
        ("3岁以上，3岁以下的孩子有呛咳的危险，请勿食用", False, 36, inf),
        ("3岁以下禁用", False, 36, inf),
        ("不适合3岁以上儿童", False, -inf, 36),
        ("成年人，男女均可", False, 216, inf),
        ("12个月", True, -inf, 12),
    ],
)
def test_an_attribute_allows_the_first_span_it_states(value: str, limit: bool, low: float, high: float) -> None:
    span = allowed_span(value, "time", alone_is_limit=limit)
    assert span is not None
    assert (span.low, span.high) == (low, high)


@pytest.mark.parametrize("value", ["12个月", "见说明书", "", "6-36公斤", "不适合2-3岁"])
def test_an_attribute_that_states_no_plain_span_allows_nothing(value: str) -> None:
    assert allowed_span(value, "time") is None


def test_what_does_not_suit_is_told_from_what_does() -> None:
    assert is_excluding("不适合给笔记本电脑供电")
    assert not is_excluding("不超过50°c")


amounts = st.integers(0, 120)


@given(
    amounts,
    amounts,
    amounts,
    st.sampled_from(["-", "~", "至", "到"]),
    st.sampled_from(["个月", "岁", "kg", "斤", "°c"]),
)
def test_a_value_is_inside_exactly_between_the_ends(one: int, other: int, asked: int, to: str, unit: str) -> None:
    low, high = sorted((one, other))
    [span] = read_quantities(f"{low}{to}{high}{unit}")
    [value] = read_quantities(f"{asked}{unit}")
    assert value.within(span) is (low <= asked <= high)


@given(amounts, amounts, st.sampled_from(["岁", "kg", "升"]))
def test_a_bound_leaves_one_side_open(limit: int, asked: int, unit: str) -> None:
    [value] = read_quantities(f"{asked}{unit}")
    for written in (f"{limit}{unit}以内", f"不超过{limit}{unit}", f"{limit}{unit}以下"):
        [below] = read_quantities(written)
        assert value.within(below) is (asked <= limit)
    for written in (f"{limit}{unit}以上", f"不低于{limit}{unit}", f"≥{limit}{unit}"):
        [above] = read_quantities(written)
        assert value.within(above) is (asked >= limit)


@given(*(st.floats(-50, 50) for _ in range(4)))
def test_a_span_is_inside_outside_or_neither(a: float, b: float, c: float, d: float) -> None:
    asked, allowed = Quantity("x", min(a, b), max(a, b), ""), Quantity("x", min(c, d), max(c, d), "")
    points = [asked.low, asked.high, (asked.low + asked.high) / 2, max(asked.low, allowed.low)]
    inside = [allowed.low <= point <= allowed.high for point in points if asked.low <= point <= asked.high]
    expected = True if all(inside) else None if any(inside) else False
    assert asked.within(allowed) is expected


@given(st.integers(1, 999))
def test_numerals_written_out_are_read_back(number: int) -> None:
    hundred, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    written = f"{_HAN[hundred]}百" if hundred else ""
    written += f"{_HAN[tens]}十" if tens else "零" if hundred and ones else ""
    assert han_number(written + (_HAN[ones] if ones else "")) == number


@given(st.text("0123456789.一二两三十百半零下多到不超过以上内°c岁个月斤kgm米-~+,，(", max_size=25))
def test_any_text_gives_spans_that_stand_in_it(text: str) -> None:
    for each in read_quantities(text):
        assert each.low <= each.high
        assert 0 <= each.start < len(text)
