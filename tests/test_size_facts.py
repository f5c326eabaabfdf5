"""Size advice: the chart decides, from what the buyer has told; what is not told is asked for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.size_facts import size_facts
from knowledge.catalogue import ItemFacts

SKIRT = ItemFacts.model_validate(
    {
        "size_chart": [
            {"size": "S", "height_cm": [150, 160], "weight_kg": [40, 48]},
            {"size": "M", "height_cm": [155, 166], "weight_kg": [47, 55]},
            {"size": "L", "height_cm": [160, 172], "weight_kg": [56, 63]},
        ],
    }
)
SHOE = ItemFacts.model_validate(
    {"size_chart": [{"size": "36", "foot_cm": [22.6, 23.0]}, {"size": "37", "foot_cm": [23.1, 23.5]}]}
)
ROMPER = ItemFacts.model_validate(
    {
        "size_chart": [
            {"size": "66", "height_cm": [59, 66], "weight_kg": [6, 8]},
            {"size": "73", "height_cm": [66, 73], "weight_kg": [8, 10]},
        ]
    }
)
GIRTHS = ItemFacts.model_validate({"size_chart": [{"size": "M", "bust_cm": [84, 88], "waist_cm": [68, 72]}]})


def size(item: ItemFacts | None, usual: str | None = None, **measurements: float) -> dict[str, object]:
    found = size_facts(item, measurements, usual)
    return {path.removeprefix("size."): value for path, value in found.items() if value is not None}


@pytest.mark.parametrize(
    ("told", "fit", "advice"),
    [
        ({"height_cm": 152.0, "weight_kg": 45.0}, "one", "S"),
        ({"height_cm": 158.0, "weight_kg": 47.5}, "between", "S或M"),
        ({"height_cm": 153.0, "weight_kg": 50.0}, "between", "S或M"),
        ({"height_cm": 160.0, "weight_kg": 55.5}, "between", "M或L"),
        ({"height_cm": 185.0, "weight_kg": 90.0}, "outside", None),
        ({"height_cm": 160.0}, "ask", None),
        ({"weight_kg": 50.0}, "ask", None),
        ({}, "ask", None),
    ],
)
def test_the_size_chart_decides(told: dict[str, float], fit: str, advice: str | None) -> None:
    facts = size(SKIRT, None, **told)
    assert (facts["fit"], facts.get("advice")) == (fit, advice)


def test_what_is_still_needed_is_named_and_what_was_given_is_quoted() -> None:
    assert size(SKIRT)["needed"] == "身高和体重"
    facts = size(SKIRT, weight_kg=50.5)
    assert (facts["needed"], facts["given"]) == ("身高", "体重50.5kg")
    assert size(SKIRT, weight_kg=50.0, height_cm=160.0)["given"] == "身高160cm、体重50kg"
    assert size(SHOE)["needed"] == "脚长"
    assert size(GIRTHS, bust_cm=86.0)["needed"] == "腰围"


def test_the_foot_decides_the_size_of_a_shoe() -> None:
    assert size(SHOE, foot_cm=23.2)["advice"] == "37"
    assert (size(SHOE, foot_cm=23.05)["fit"], size(SHOE, foot_cm=23.05)["advice"]) == ("between", "36或37")
    assert size(SHOE, foot_cm=26.0)["fit"] == "outside"


def test_the_usual_size_is_a_hint_where_the_item_has_it() -> None:
    assert (size(SHOE, "37")["fit"], size(SHOE, "37")["usual"]) == ("ask", "37")
    assert "usual" not in size(SHOE, "42")
    assert size(ItemFacts.model_validate({"skus": [{"sku_id": "1", "options": {"尺码": "M码"}}]}), "M")["usual"] == "M"
    assert size(SHOE, "36", foot_cm=23.2)["advice"] == "37"


def test_babies_are_measured_like_everyone() -> None:
    assert size(ROMPER, height_cm=70.0, weight_kg=9.0)["advice"] == "73"
    assert size(ROMPER, height_cm=66.0, weight_kg=8.0)["advice"] == "66或73"


@pytest.mark.parametrize(
    ("item", "kind"), [(SKIRT, "clothes"), (SHOE, "shoes"), (ROMPER, "child"), (ItemFacts(), None)]
)
def test_the_chart_tells_what_kind_of_size_it_is(item: ItemFacts, kind: str | None) -> None:
    assert size(item).get("kind") == kind


def test_without_a_chart_nothing_is_advised() -> None:
    assert size(ItemFacts(), height_cm=160.0) == {"fit": "none", "given": "身高160cm"}
    assert size(None, height_cm=160.0) == {"given": "身高160cm"}
    assert size(None, "M") == {}


@given(st.floats(140, 190), st.floats(35, 80))
def test_one_size_is_advised_only_when_the_body_lies_in_its_row_alone(height: float, weight: float) -> None:
    facts = size(SKIRT, height_cm=height, weight_kg=weight)
    rows = {"S": (150, 160, 40, 48), "M": (155, 166, 47, 55), "L": (160, 172, 56, 63)}
    fits = [name for name, (a, b, c, d) in rows.items() if a <= height <= b and c <= weight <= d]
    if fits:
        assert facts["advice"] == "或".join(fits)
        assert facts["fit"] == ("one" if len(fits) == 1 else "between")
    else:
        assert facts["fit"] in ("between", "outside")
