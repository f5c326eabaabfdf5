"""Facts of the item: what the catalogue says, which size fits, and the stock of what the buyer names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.item_facts import LOW_STOCK, item_facts, named_skus, size_facts, stock_facts
from knowledge.catalogue import ItemFacts
from models.text import normalise

SKIRT = ItemFacts.model_validate(
    {
        "item_id": "skirt-9",
        "sku_id": "b-m",
        "title": "百褶半身裙",
        "category": "服饰",
        "price": 88.0,
        "attributes": {"材质": "棉"},
        "size_chart": [
            {"size": "S", "height_cm": [150, 160], "weight_kg": [40, 48]},
            {"size": "M", "height_cm": [155, 166], "weight_kg": [47, 55]},
            {"size": "L", "height_cm": [160, 172], "weight_kg": [56, 63]},
        ],
        "skus": [
            {"sku_id": "b-m", "options": {"颜色": "黑色", "尺码": "M"}, "price": 89.5, "stock": 30},
            {"sku_id": "b-l", "options": {"颜色": "黑色", "尺码": "L"}, "stock": 0},
            {"sku_id": "w-m", "options": {"颜色": "米白", "尺码": "M"}, "stock": 3},
            {"sku_id": "w-l", "options": {"颜色": "米白", "尺码": "L"}},
        ],
    }
)
UNCHOSEN = SKIRT.model_copy(update={"sku_id": None})


def stock(text: str, item: ItemFacts = UNCHOSEN) -> dict[str, object]:
    return stock_facts(item, normalise(text))


def test_facts_of_an_item_are_as_the_catalogue_says() -> None:
    facts = item_facts(UNCHOSEN)
    assert facts["item.title"] == "百褶半身裙"
    assert facts["item.price"] == "88"
    assert facts["item.attributes.材质"] == "棉"
    assert facts["item.options"] == "颜色有黑色、米白；尺码有M、L"
    assert facts["item.sku"] is None


def test_the_price_is_that_of_the_sku_looked_at() -> None:
    assert item_facts(SKIRT)["item.price"] == "89.5"
    assert item_facts(SKIRT)["item.sku"] == "黑色 M"
    assert item_facts(SKIRT.model_copy(update={"sku_id": "w-l"}))["item.price"] == "88"


def test_without_an_item_nothing_is_said_about_one() -> None:
    assert item_facts(None) == {}
    assert stock_facts(None, "黑色有吗") == {}
    assert size_facts(None, {})["size.fit"] is None


def test_an_item_of_which_nothing_is_known_has_no_values() -> None:
    assert not any(item_facts(ItemFacts()).values())
    assert stock("有货吗", ItemFacts())["stock.status"] == "unknown"
    assert size_facts(ItemFacts(), {"height_cm": 160.0})["size.fit"] == "none"


@pytest.mark.parametrize(
    ("given_", "fit", "advice"),
    [
        ({"height_cm": 152.0, "weight_kg": 45.0}, "one", "S"),
        ({"height_cm": 158.0, "weight_kg": 47.5}, "between", "S或M"),
        ({"height_cm": 153.0, "weight_kg": 50.0}, "between", "S或M"),
        ({"height_cm": 185.0, "weight_kg": 90.0}, "outside", None),
        ({"height_cm": 160.0}, "ask", None),
        ({"weight_kg": 50.0}, "ask", None),
        ({}, "ask", None),
    ],
)
def test_the_size_chart_decides(given_: dict[str, float], fit: str, advice: str | None) -> None:
    facts = size_facts(SKIRT, given_)
    assert facts["size.fit"] == fit
    assert facts.get("size.advice") == advice


def test_what_is_still_needed_is_named_and_what_was_given_is_quoted() -> None:
    assert size_facts(SKIRT, {})["size.needed"] == "身高和体重"
    facts = size_facts(SKIRT, {"weight_kg": 50.5})
    assert (facts["size.needed"], facts["size.given"]) == ("身高", "体重50.5kg")
    both = size_facts(SKIRT, {"weight_kg": 50.0, "height_cm": 160.0})
    assert both["size.given"] == "身高160cm、体重50kg"
    assert "size.needed" not in both


@given(st.floats(140, 190), st.floats(35, 80))
def test_one_size_is_advised_only_when_the_body_lies_in_its_row_alone(height: float, weight: float) -> None:
    facts = size_facts(SKIRT, {"height_cm": height, "weight_kg": weight})
    rows = {"S": (150, 160, 40, 48), "M": (155, 166, 47, 55), "L": (160, 172, 56, 63)}
    fits = [size for size, (a, b, c, d) in rows.items() if a <= height <= b and c <= weight <= d]
    if fits:
        assert facts["size.advice"] == "或".join(fits)
        assert facts["size.fit"] == ("one" if len(fits) == 1 else "between")
    else:
        assert facts["size.fit"] in ("between", "outside", "one")
        advised = str(facts["size.advice"] or "").split("或")
        for size in filter(None, advised):
            a, b, c, d = rows[size]
            assert a <= height <= b or c <= weight <= d


@pytest.mark.parametrize(
    ("text", "status", "sku"),
    [
        ("黑色M还有吗", "in", "黑色 M"),
        ("黑色 l 码有没有", "out", "黑色 L"),
        ("米白M有货吗", "low", "米白 M"),
        ("黑的还有吗", "in", "黑色"),
        ("米白 L 呢", "unknown", "米白 L"),
        ("L码有吗", "out", "L"),
        ("有货吗", "in", None),
        ("XL有吗", "in", None),
    ],
)
def test_stock_is_that_of_what_the_buyer_names(text: str, status: str, sku: str | None) -> None:
    assert stock(text) == {"stock.status": status, "stock.sku": sku}


def test_stock_is_that_of_the_sku_looked_at_when_none_is_named() -> None:
    assert stock("有货吗", SKIRT) == {"stock.status": "in", "stock.sku": "黑色 M"}
    assert stock("米白M呢", SKIRT) == {"stock.status": "low", "stock.sku": "米白 M"}


@given(st.none() | st.integers(0, 100))
def test_stock_status_follows_the_count(count: int | None) -> None:
    expected = "unknown" if count is None else "out" if count == 0 else "low" if count <= LOW_STOCK else "in"
    assert stock("有吗", ItemFacts(stock=count))["stock.status"] == expected


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("黑色m", ["b-m"]),
        ("黑色", ["b-m", "b-l"]),
        ("m码", ["b-m", "w-m"]),
        ("红色", []),
        ("smart", []),
    ],
)
def test_skus_are_named_by_their_option_values(text: str, ids: list[str]) -> None:
    assert [sku.sku_id for sku in named_skus(SKIRT, text)] == ids
