"""Facts of the item: what the catalogue says of it."""

from __future__ import annotations

from assistant.item_facts import item_facts, warranty
from knowledge.catalogue import ItemFacts
from knowledge.shop_policy import ShopPolicy

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


def test_an_item_of_which_nothing_is_known_has_no_values() -> None:
    assert not any(item_facts(ItemFacts()).values())


def test_what_it_goes_with_is_named_by_title() -> None:
    assert item_facts(SKIRT, ["百搭小白鞋", "帆布包"])["item.goes_with"] == "「百搭小白鞋」、「帆布包」"
    assert item_facts(SKIRT)["item.goes_with"] is None


def test_the_items_own_warranty_wins_over_the_shops() -> None:
    shop = ShopPolicy(warranty="一年")
    bank = ItemFacts(attributes={"保修期": "12个月，非人为损坏可保修"})
    assert warranty(bank, shop) == warranty(bank, ShopPolicy()) == "12个月，非人为损坏可保修"
    assert warranty(SKIRT, shop) == warranty(None, shop) == "一年"
    assert warranty(SKIRT, ShopPolicy()) is None


def test_the_price_is_that_of_the_variant_named() -> None:
    nuts = ItemFacts.model_validate(
        {
            "price": 89,
            "skus": [
                {"sku_id": "one", "options": {"规格": "一盒装"}, "price": 89},
                {"sku_id": "two", "options": {"规格": "两盒装"}, "price": 168},
            ],
        }
    )
    assert item_facts(nuts, text="两盒装多少钱")["item.price"] == "168"
    assert item_facts(nuts, text="多少钱")["item.price"] == "89"
    assert item_facts(nuts, text="一盒装和两盒装多少钱")["item.price"] is None
    assert item_facts(nuts.model_copy(update={"sku_id": "two"}), text="一盒装多少钱")["item.price"] == "89"
    assert item_facts(SKIRT, text="l码多少钱")["item.price"] == "88"
