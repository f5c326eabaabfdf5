"""A data folder of an older program opens, and its shops' settings mean what they meant."""

from __future__ import annotations

import json
from contextlib import closing
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, text

import knowledge.migrations
from knowledge.shop_policy import ShopPolicy
from knowledge.store import Store

renamed = import_module("knowledge.migrations.versions.0002_shop_policy").renamed
OLD: dict[str, Any] = {
    "name": "小店", "ship_within_hours": 48, "cutoff": "16:00", "ship_from": None, "carrier": None,
    "optional_carriers": ["顺丰"], "remote_regions": ["新疆", "西藏", "港澳台"], "free_shipping": True,
    "return_days": 15, "freight_insurance": True, "invoice": "电子普通发票", "price_protection_days": 0,
    "warranty": None, "opens": "09:00", "closes": "22:00", "return_address": None, "timezone": "Asia/Shanghai",
}  # fmt: skip


def make_old(url: str, **shops: dict[str, Any]) -> None:
    """A database as the first program left it."""
    engine = create_engine(url)
    with engine.begin() as connection:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(Path(knowledge.migrations.__file__).parent))
        command.upgrade(config, "0001")
        for shop_id, policy in shops.items():
            row = {"shop_id": shop_id, "policy": json.dumps(policy)}
            connection.execute(text("INSERT INTO shops VALUES (:shop_id, :policy, 1)"), row)
        connection.execute(text("UPDATE revision SET value = 1"))
    engine.dispose()


def test_settings_of_an_older_program_are_read_under_their_present_names(url: str) -> None:
    make_old(url, demo=OLD, other={**OLD, "free_shipping": False, "remote_regions": [], "invoice": ""})
    with closing(Store(url)) as store:
        policies = store.delta(0).policies
    demo, other = policies["demo"], policies["other"]
    assert (demo.name, demo.return_days, demo.invoices, demo.optional_carriers) == (
        "小店",
        15,
        ("电子普通发票",),
        ("顺丰",),
    )
    assert demo.region_surcharges == {"新疆": None, "西藏": None, "港澳台": None}
    assert (demo.free_shipping_from, other.free_shipping_from) == (0, None)
    assert (other.region_surcharges, other.invoices) == ({}, ())
    assert demo.facts()["policy.remote_regions"] == "新疆、西藏、港澳台"
    assert (demo.facts()["policy.free_shipping"], other.facts()["policy.free_shipping"]) == (True, False)


def test_settings_of_the_present_program_are_left_as_they_are(url: str) -> None:
    policy = ShopPolicy(unserved_regions=("港澳台",), region_surcharges={"新疆": 15}, bargain_floor=0.9)
    make_old(url, demo=policy.model_dump(mode="json"))
    for _ in range(2):
        with closing(Store(url)) as store:
            assert store.delta(0).policies == {"demo": policy}


@given(
    st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=30)),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=300),
    st.booleans(),
)
def test_whatever_the_older_program_took_is_read(regions: list[str], invoice: str, free: bool) -> None:
    old = {**OLD, "remote_regions": regions, "invoice": invoice, "free_shipping": free, "optional_carriers": [""]}
    policy = ShopPolicy.model_validate(renamed(old))
    assert policy.facts()["policy.free_shipping"] is free
    assert len(policy.remote_regions) <= len(regions)


@pytest.mark.parametrize(
    ("old", "new"), [("海外", "海外地区"), ("浙江省", "浙江"), ("三沙市", "三沙市"), ("内蒙", "内蒙")]
)
def test_a_region_keeps_its_meaning(old: str, new: str) -> None:
    assert list(ShopPolicy.model_validate(renamed({"remote_regions": [old]})).region_surcharges) == [new]
