"""Facts of the region a parcel goes to: whether the shop sends there, what it costs, and by which carrier."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import TypeVar

from knowledge.catalogue import yuan
from knowledge.context import Order
from knowledge.regions import Region, area_in, named_region, provinces_of, region_of_address, within
from knowledge.shop_policy import ShopPolicy
from models.text import normalise

Value = TypeVar("Value")


def region_facts(text: str, order: Order | None, policy: ShopPolicy) -> dict[str, object]:
    """Facts under `region.`: of the region that the normalised text names, else of the order's receiver.

    Of several regions named together, the facts that hold for all of them. What the settings leave open is None.
    """
    region = _region(text, order, policy)
    if region is None:
        return {}
    first, *others = (_decisions(province, policy) for province in region.provinces)
    agreed = {path: value for path, value in first.items() if all(other[path] == value for other in others)}
    return {"region.name": region.name, **agreed}


def _region(text: str, order: Order | None, policy: ShopPolicy) -> Region | None:
    named = _area(text, policy) or named_region(text)
    if named or not order or not order.receiver or not order.receiver.address:
        return named
    address = _folded(order.receiver.address)
    return _area(address, policy) or region_of_address(address)


@lru_cache(maxsize=512)  # an order's address is the same for every message
def _folded(address: str) -> str:
    return normalise(address)


def _area(text: str, policy: ShopPolicy) -> Region | None:
    """A place smaller than a province that the settings single out, when the text names it."""
    return area_in(text, (*policy.unserved_regions, *policy.region_surcharges, *policy.region_carriers))


def _decisions(place: str, policy: ShopPolicy) -> dict[str, object]:
    """What the settings say of one province or smaller place."""
    if _listed(place, policy.unserved_regions):
        return {"region.served": False, "region.surcharge": None, "region.free": None, "region.carrier": None}
    surcharged = _listed(place, policy.region_surcharges)
    amount = _of(place, policy.region_surcharges)
    is_open = surcharged and amount is None  # the shop lists the region but leaves the rest to the checkout page
    return {
        "region.served": None if is_open else True,
        "region.surcharge": None if amount is None else yuan(amount),
        "region.free": False if surcharged else _is_free(policy),
        "region.carrier": _of(place, policy.region_carriers) or policy.carrier,
    }


def _is_free(policy: ShopPolicy) -> bool | None:
    """None where it depends on the amount of the order."""
    return policy.free_shipping_from == 0 if not policy.free_shipping_from else None


def _listed(place: str, regions: Iterable[str]) -> bool:
    return any(_covers(region, place) for region in regions)


def _of(place: str, settings: Mapping[str, Value]) -> Value | None:
    """The place's setting; its own before its province's, that before one made for several provinces."""
    rows = [region for region in settings if _covers(region, place)]
    nearest = min(rows, key=lambda region: (place not in provinces_of(region), len(provinces_of(region))), default=None)
    return settings[nearest] if nearest else None


def _covers(region: str, place: str) -> bool:
    return bool(set(within(place)) & set(provinces_of(region)))
