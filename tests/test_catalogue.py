"""Facts of an item: what a request carries goes over what the catalogue holds, and blanks erase nothing."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from knowledge.catalogue import Item, ItemFacts, Sku

STORED = ItemFacts.model_validate(
    {
        "item_id": "shirt",
        "title": "衬衫",
        "category": "服饰",
        "price": 99,
        "attributes": {"材质": "棉", "领型": "翻领"},
        "size_chart": [{"size": "M", "height_cm": [155, 165]}],
        "skus": [{"sku_id": "m", "options": {"颜色": "白", "尺码": "M"}, "stock": 3}],
        "stock": 3,
    }
)


def inline(**facts: Any) -> ItemFacts:
    return ItemFacts.model_validate(facts)


def test_inline_values_win_and_the_rest_comes_from_the_catalogue() -> None:
    joined = inline(title="白衬衫", price=79).over(STORED)
    assert (joined.title, joined.price) == ("白衬衫", 79)
    assert (joined.category, joined.size_chart, joined.skus) == (STORED.category, STORED.size_chart, STORED.skus)


def test_attributes_are_joined_name_by_name() -> None:
    assert inline(attributes={"材质": "麻", "弹力": "微弹"}).over(STORED).attributes == {
        "材质": "麻",
        "领型": "翻领",
        "弹力": "微弹",
    }


def test_zero_is_a_value() -> None:
    joined = inline(price=0, stock=0).over(STORED)
    assert (joined.price, joined.stock) == (0, 0)


FIELDS = ("title", "price", "attributes", "size_chart", "skus", "stock")
EMPTY: list[tuple[str, object]] = [("attributes", {}), ("size_chart", []), ("skus", [])]


@pytest.mark.parametrize(("field", "blank"), [*((f, b) for f in FIELDS for b in (None, "", "  ")), *EMPTY])
def test_blank_erases_nothing(field: str, blank: object) -> None:
    assert inline(**{field: blank}).over(STORED) == STORED


@pytest.mark.parametrize("blank", [None, "", " "])
def test_blank_attribute_is_no_attribute(blank: object) -> None:
    assert inline(attributes={"材质": blank, "领型": "圆领"}).attributes == {"领型": "圆领"}


def test_facts_alone_are_kept_when_the_catalogue_does_not_know_the_item() -> None:
    alone = inline(title="新品")
    assert alone.over(None) is alone


def test_numbers_are_read_as_text_where_shops_write_numbers() -> None:
    item = inline(
        item_id=601, sku_id=38, attributes={"件数": 2}, skus=[{"sku_id": 38, "options": {"尺码": 38, "颜色": "白"}}]
    )
    assert (item.item_id, item.attributes) == ("601", {"件数": "2"})
    sku = item.sku()
    assert sku is not None
    assert sku.name == "38 白"


def test_sku_is_the_one_looked_at() -> None:
    assert STORED.sku() is None
    assert inline(sku_id="m").over(STORED).sku() == STORED.skus[0]
    assert inline(sku_id="unheard of").over(STORED).sku() is None


def test_name_of_a_sku_is_its_options_in_the_shops_order() -> None:
    assert Sku(sku_id="x", options={"颜色": "黑色", "尺码": "L"}).name == "黑色 L"
    assert Sku(sku_id="x").name == ""


@pytest.mark.parametrize(
    "wrong",
    [
        {"stock": -1},
        {"skus": [{"options": {}}]},
        {"skus": [{"sku_id": "a", "stock": -5}]},
        {"price": "贵"},
        {"attributes": ["棉"]},
        {"size_chart": [{"size": "M", "height_cm": "高"}]},
    ],
)
def test_what_cannot_be_read_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        ItemFacts.model_validate(wrong)


@pytest.mark.parametrize("missing", ["item_id", "shop_id", "title"])
def test_item_of_a_catalogue_needs_an_id_a_shop_and_a_title(missing: str) -> None:
    whole = {"item_id": "a", "shop_id": "demo", "title": "甲"}
    assert Item.model_validate(whole).title == "甲"
    with pytest.raises(ValidationError, match=missing):
        Item.model_validate({**whole, missing: ""})


def test_fields_nobody_asked_for_are_ignored() -> None:
    assert inline(title="甲", colour="red").model_dump() == inline(title="甲").model_dump()


texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=6).filter(lambda text: text.strip())
items = st.builds(
    ItemFacts,
    title=st.none() | texts,
    price=st.none() | st.floats(0, 1e4),
    attributes=st.dictionaries(texts, texts, max_size=3),
    stock=st.none() | st.integers(0, 9),
)


@given(items, items)
def test_every_given_value_is_there_after_laying_over(upper: ItemFacts, lower: ItemFacts) -> None:
    joined = upper.over(lower)
    for name in ("title", "price", "stock"):
        wanted = getattr(upper, name) if getattr(upper, name) is not None else getattr(lower, name)
        assert getattr(joined, name) == wanted
    assert joined.attributes == {**lower.attributes, **upper.attributes}
    assert joined.over(lower) == joined


@given(items)
def test_facts_survive_json(item: ItemFacts) -> None:
    assert ItemFacts.model_validate_json(item.model_dump_json()) == item
