"""A size chart answers from its rows alone: one size, two sizes between which a body lies, or none."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from knowledge.size_chart import SizeChart, SizeRow


def chart(*rows: dict[str, Any]) -> SizeChart:
    return SizeChart.model_validate({"rows": rows})


DRESS = chart(
    {"size": "S", "height_cm": [150, 160], "weight_kg": [40, 47]},
    {"size": "M", "height_cm": [156, 166], "weight_kg": [46, 54]},
    {"size": "L", "height_cm": [162, 172], "weight_kg": [53, 61]},
)


@pytest.mark.parametrize(
    ("height", "weight", "sizes"),
    [
        (158, 50, ["M"]),
        (152, 42, ["S"]),
        (158, 46.5, ["S", "M"]),
        (166, 54, ["M", "L"]),
        (150, 60, []),
        (190, 90, []),
    ],
)
def test_sizes_whose_every_span_holds_the_body_fit(height: float, weight: float, sizes: list[str]) -> None:
    assert DRESS.fitting({"height_cm": height, "weight_kg": weight}) == sizes


def test_ends_of_a_span_belong_to_it() -> None:
    assert DRESS.fitting({"height_cm": 150, "weight_kg": 40}) == ["S"]
    assert DRESS.fitting({"height_cm": 172, "weight_kg": 61}) == ["L"]
    assert DRESS.fitting({"height_cm": 172.1, "weight_kg": 61}) == []


def test_one_measurement_alone_is_judged_by_its_column() -> None:
    assert DRESS.fitting({"weight_kg": 50}) == ["M"]
    assert DRESS.fitting({"height_cm": 158}) == ["S", "M"]


def test_measurement_the_chart_does_not_know_says_nothing() -> None:
    assert DRESS.fitting({"foot_cm": 24}) == []
    assert DRESS.between({"foot_cm": 24}) == []
    assert DRESS.fitting({"foot_cm": 24, "weight_kg": 50, "height_cm": 160}) == ["M"]
    assert DRESS.fitting({}) == []


def test_height_of_one_size_and_weight_of_another_lie_between_them() -> None:
    body = {"height_cm": 158.0, "weight_kg": 58.0}
    assert DRESS.fitting(body) == []
    assert DRESS.between(body) == ["M", "L"]
    assert DRESS.between({"height_cm": 171.0, "weight_kg": 48.0}) == ["M", "L"]


def test_a_value_in_the_gap_that_the_chart_leaves_lies_between() -> None:
    shoes = chart({"size": "36", "foot_cm": [22.6, 23.0]}, {"size": "37", "foot_cm": [23.1, 23.5]})
    assert shoes.fitting({"foot_cm": 23.05}) == []
    assert shoes.between({"foot_cm": 23.05}) == ["36", "37"]
    assert shoes.between({"foot_cm": 22.5}) == []


def test_nothing_is_advised_when_one_measurement_is_outside_every_size() -> None:
    assert DRESS.between({"height_cm": 160.0, "weight_kg": 90.0}) == []


def test_measured_names_every_column() -> None:
    assert DRESS.measured() == {"height_cm", "weight_kg"}
    assert chart().measured() == set()
    assert chart().fitting({"height_cm": 160}) == []


@pytest.mark.parametrize(
    ("key", "value", "name", "span"),
    [
        ("height_cm", [155, 160], "height_cm", (155, 160)),
        ("身高", "155-160", "height_cm", (155, 160)),
        ("身高", "155cm~160cm", "height_cm", (155, 160)),
        ("身高", "1.55-1.6米", "height_cm", (155, 160)),
        ("身高", "155-160厘米", "height_cm", (155, 160)),
        ("体重", [45, 50], "weight_kg", (45, 50)),
        ("体重", "90-100斤", "weight_kg", (45, 50)),
        ("体重", "45-50公斤", "weight_kg", (45, 50)),
        ("体重斤", [90, 100], "weight_kg", (45, 50)),
        ("weight_jin", "90-100斤", "weight_kg", (45, 50)),
        ("胸围", 88, "bust_cm", (88, 88)),
        ("脚长", "24.5", "foot_cm", (24.5, 24.5)),
        ("腰围", [72, 68], "waist_cm", (68, 72)),
    ],
)
def test_spans_are_read_as_shops_write_them(key: str, value: object, name: str, span: tuple[float, float]) -> None:
    row = SizeRow.model_validate({"尺码": "M", key: value})
    assert row.spans[name] == pytest.approx(span)


@pytest.mark.parametrize("blank", [None, "", " ", "-", "—", "/"])
def test_empty_cell_asks_for_nothing(blank: object) -> None:
    row = SizeRow.model_validate({"size": "M", "height_cm": blank, "weight_kg": [45, 50]})
    assert set(row.spans) == {"weight_kg"}


@pytest.mark.parametrize(
    "value", ["均码", [1, 2, 3], [], [None, 160], {"low": 1}, ["a", "b"], [180, float("inf")], float("nan")]
)
def test_span_that_cannot_be_read_is_refused(value: object) -> None:
    with pytest.raises(ValidationError):
        SizeRow.model_validate({"size": "M", "height_cm": value})


def test_row_without_a_size_is_refused() -> None:
    with pytest.raises(ValidationError):
        SizeRow.model_validate({"height_cm": [155, 160]})


def test_sizes_of_shoes_are_numbers() -> None:
    shoes = chart({"尺码": 37, "脚长": [23, 23.5]}, {"尺码": 38, "脚长": [23.5, 24]})
    assert shoes.fitting({"foot_cm": 23.2}) == ["37"]


def test_column_of_zeros_fits_nobody_and_breaks_nothing() -> None:
    assert chart({"size": "均码", "waist_cm": 0}).fitting({"waist_cm": 68}) == []


spans = st.tuples(st.integers(30, 60), st.integers(0, 20)).map(lambda pair: [pair[0], pair[0] + pair[1]])
rows = st.fixed_dictionaries({}, optional={"height_cm": spans, "weight_kg": spans, "waist_cm": spans})
charts = st.lists(rows, max_size=4).map(
    lambda found: chart(*({"size": str(number), **row} for number, row in enumerate(found)))
)
bodies = st.dictionaries(
    st.sampled_from(["height_cm", "weight_kg", "waist_cm", "foot_cm"]), st.integers(25, 85).map(float)
)


@given(charts, bodies)
def test_fitting_and_between_agree_with_a_search_by_hand(one: SizeChart, body: dict[str, float]) -> None:
    def holds(row: SizeRow, name: str) -> bool:
        low, high = row.spans.get(name, (float("-inf"), float("inf")))
        return low <= body[name] <= high

    known = [name for name in body if any(name in row.spans for row in one.rows)]
    fitting = [row.size for row in one.rows if known and all(holds(row, name) for name in known)]
    assert one.fitting(body) == fitting

    def between(pair: tuple[SizeRow, ...], name: str) -> bool:
        ends = [end for row in pair if name in row.spans for end in row.spans[name]]
        return bool(ends) and sorted([*ends, body[name]])[0] == min(ends) and max([*ends, body[name]]) == max(ends)

    pairs = [one.rows[i : i + 2] for i in range(len(one.rows) - 1)]
    neighbours = [[row.size for row in pair] for pair in pairs if known and all(between(pair, name) for name in known)]
    assert one.between(body) == (neighbours[0] if neighbours else [])


@given(charts)
def test_chart_survives_json(one: SizeChart) -> None:
    assert SizeChart.model_validate_json(one.model_dump_json()) == one
