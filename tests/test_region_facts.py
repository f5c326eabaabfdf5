"""Facts of the region: what the settings say of it, and nothing that they leave open."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.region_facts import region_facts
from knowledge.context import Order
from knowledge.regions import _table
from knowledge.shop_policy import ShopPolicy
from models.text import normalise

SHOP: dict[str, Any] = {
    "carrier": "中通",
    "region_carriers": {"西藏": "EMS", "喀什市": "邮政"},
    "unserved_regions": ["港澳台", "三沙市"],
    "region_surcharges": {"新疆": 15, "西藏": 20.5, "海南": None},
}
PROVINCES = [row["name"] for row in _table()["provinces"]]


def facts(text: str, address: str | None = None, **policy: Any) -> dict[str, object]:
    order = Order.model_validate({"receiver": {"address": address}}) if address else None
    found = region_facts(normalise(text), order, ShopPolicy.model_validate({**SHOP, **policy}))
    return {path.removeprefix("region."): value for path, value in found.items() if value is not None}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("新疆包邮吗", {"name": "新疆", "served": True, "free": False, "surcharge": "15", "carrier": "中通"}),
        ("拉萨能到吗", {"name": "西藏", "served": True, "free": False, "surcharge": "20.5", "carrier": "EMS"}),
        ("喀什呢", {"name": "喀什市", "served": True, "free": False, "surcharge": "15", "carrier": "邮政"}),
        ("河北包邮吗", {"name": "河北", "served": True, "free": True, "carrier": "中通"}),
        ("台湾能发吗", {"name": "台湾", "served": False}),
        ("港澳台能发吗", {"name": "港澳台", "served": False}),
        ("三沙市送吗", {"name": "三沙市", "served": False}),
        ("海南包邮吗", {"name": "海南", "free": False, "carrier": "中通"}),
        ("新疆和西藏", {"name": "新疆、西藏", "served": True, "free": False}),
        ("北京和香港", {"name": "北京、香港"}),
        ("包邮吗", {}),
    ],
)
def test_the_settings_decide_for_the_region_named(text: str, expected: dict[str, object]) -> None:
    assert facts(text) == expected


def test_the_receivers_province_counts_when_none_is_named() -> None:
    assert facts("包邮吗", "新疆维吾尔自治区****")["surcharge"] == "15"
    assert facts("发到河北可以吗", "新疆维吾尔自治区****")["name"] == "河北"
    assert facts("包邮吗", "臺灣省台北市****") == {"name": "台湾", "served": False}
    assert facts("包邮吗", "****") == {}


@pytest.mark.parametrize(("free_from", "free"), [(0, True), (99, None), (None, False)])
def test_free_delivery_is_told_only_where_it_does_not_depend_on_the_amount(
    free_from: float | None, free: bool | None
) -> None:
    assert facts("河北包邮吗", free_shipping_from=free_from).get("free") is free
    assert facts("新疆包邮吗", free_shipping_from=free_from)["free"] is False


def test_a_shop_that_has_named_no_carrier_names_none_for_a_region() -> None:
    assert "carrier" not in facts("河北发什么快递", carrier=None)


def test_one_region_goes_before_a_group_that_holds_it() -> None:
    carriers = {"江浙沪": "中通", "上海": "同城快送"}
    assert facts("上海发什么", region_carriers=carriers)["carrier"] == "同城快送"
    assert facts("江苏发什么", region_carriers=carriers)["carrier"] == "中通"


@given(st.sampled_from(PROVINCES))
def test_a_region_is_never_free_and_surcharged_nor_priced_when_not_served(province: str) -> None:
    known = facts(f"{province}包邮吗")
    assert not (known.get("free") and "surcharge" in known)
    assert known.get("served") is not False or known.keys() == {"name", "served"}
