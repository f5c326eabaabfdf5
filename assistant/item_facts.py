"""Facts of the item: what the catalogue says of it."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.option_words import options_of
from assistant.stock_facts import named_skus
from knowledge.catalogue import ItemFacts, yuan
from knowledge.shop_policy import ShopPolicy

_WARRANTIES = ("保修期", "保修期限", "质保期", "质保期限")


def item_facts(item: ItemFacts | None, goes_with: Sequence[str] = (), text: str = "") -> dict[str, object]:
    """Facts under `item.`; a value that is not known is None. `goes_with` are the titles of the items it goes with.

    The price is that of the variants named in the normalised `text`, else of the one looked at, else of the item.
    """
    if item is None:
        return {}
    sku = item.sku()
    price = _price(item, text)
    return {
        "item.title": item.title,
        "item.category": item.category,
        "item.price": None if price is None else yuan(price),
        "item.sku": sku.name if sku else None,
        "item.options": "；".join(f"{name}有{'、'.join(values)}" for name, values in options_of(item).items()) or None,
        "item.goes_with": "、".join(f"「{title}」" for title in goes_with) or None,
        **{f"item.attributes.{name}": value for name, value in item.attributes.items()},
    }


def _price(item: ItemFacts, text: str) -> float | None:
    """None where the variants named cost differently: no one price is theirs."""
    looked_at = item.sku()
    skus = named_skus(item, text) or ([looked_at] if looked_at else [])
    prices = {sku.price if sku.price is not None else item.price for sku in skus} or {item.price}
    return next(iter(prices)) if len(prices) == 1 else None


def warranty(item: ItemFacts | None, policy: ShopPolicy) -> str | None:
    """How long a fault is repaired: what the item states of itself, else what the shop promises for all of them."""
    attributes = item.attributes if item else {}
    return next((attributes[name] for name in _WARRANTIES if attributes.get(name, "").strip()), policy.warranty)
