"""Shops come into being with what names them; their items and settings are kept and counted in the revision."""

from __future__ import annotations

import pytest

from knowledge.catalogue import Item
from knowledge.errors import EntryInvalid
from knowledge.shop_policy import ShopPolicy
from knowledge.store import Changes, Delta, Store
from tests.entry_examples import draft

DRESS = Item.model_validate(
    {
        "item_id": "dress-001",
        "shop_id": "demo",
        "title": "连衣裙",
        "price": 159.0,
        "size_chart": [{"尺码": "M", "身高": "158-165", "体重斤": "95-110"}],
        "skus": [{"sku_id": "m", "options": {"尺码": "M"}, "stock": 3}],
    }
)


def test_shop_comes_into_being_with_the_first_thing_that_names_it(store: Store) -> None:
    store.write(Changes(drafts=[draft("a", shop_id="s1")]))
    store.write(Changes(items=[DRESS]))
    store.write(Changes(policies={"s0": ShopPolicy(return_days=15)}))
    assert store.shops() == ["demo", "s0", "s1"]
    assert store.delta(0).policies == {"demo": ShopPolicy(), "s0": ShopPolicy(return_days=15), "s1": ShopPolicy()}


def test_item_and_policy_are_read_back_and_change_the_revision_once(store: Store) -> None:
    changes = Changes(items=[DRESS], policies={"demo": ShopPolicy(name="小店")})
    assert store.write(changes).revision == 1
    assert store.write(changes).revision == 1
    assert store.delta(0).items == (DRESS,)
    sold_out = DRESS.model_copy(update={"stock": 0})
    assert store.write(Changes(items=[sold_out])).revision == 2
    assert store.delta(1) == Delta(2, (), frozenset(), (sold_out,), {})


def test_item_that_json_cannot_hold_is_refused_before_it_spoils_the_store(store: Store) -> None:
    rows = [{"size": "M", "spans": {"height_cm": (0.0, float("inf"))}}]
    with pytest.raises(EntryInvalid, match="数值"):
        store.write(Changes(items=[DRESS.model_validate({**DRESS.model_dump(), "size_chart": {"rows": rows}})]))
    assert store.delta(0).items == ()
