"""A shop's settings as facts: `policy.*` in the words a buyer reads, `internal.*` for the agent alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from knowledge.catalogue import yuan

if TYPE_CHECKING:
    from knowledge.shop_policy import ShopPolicy

Facts = dict[str, object]


def policy_facts(policy: ShopPolicy) -> Facts:
    """Every setting that may be quoted to a buyer and that the shop has said, under `policy.`."""
    return _known({**_shipping(policy), **_freight(policy), **_after_sale(policy), **_shop(policy)})


def _shop(policy: ShopPolicy) -> Facts:
    return {
        "policy.shop_name": policy.name,
        "policy.business_hours": f"{policy.opens:%H:%M}-{policy.closes:%H:%M}",
        "policy.invoice": "、".join(policy.invoices),
        "policy.price_protection_days": policy.price_protection_days or None,
        "policy.bargaining": policy.bargain_floor is not None and policy.bargain_floor < 1,
        "policy.member_benefits": "；".join(f"{tier}：{words}" for tier, words in policy.member_benefits.items()),
    }


def _shipping(policy: ShopPolicy) -> Facts:
    return {
        "policy.ship_from": policy.ship_from,
        "policy.ship_within_hours": policy.ship_within_hours,
        "policy.cutoff": policy.cutoff.strftime("%H:%M"),
        "policy.carrier": policy.carrier,
        "policy.optional_carriers": "、".join(policy.optional_carriers),
        "policy.region_carriers": _by_carrier(policy.region_carriers),
    }


def _freight(policy: ShopPolicy) -> Facts:
    return {
        "policy.free_shipping": policy.free_shipping_from == 0,
        "policy.free_shipping_from": _yuan(policy.free_shipping_from) if policy.free_shipping_from else None,
        "policy.freight": _yuan(policy.freight) if policy.free_shipping_from != 0 else None,
        "policy.remote_regions": "、".join(policy.remote_regions),
        "policy.unserved_regions": "、".join(policy.unserved_regions),
        "policy.region_surcharges": _surcharges(policy.region_surcharges),
    }


def _after_sale(policy: ShopPolicy) -> Facts:
    return {
        "policy.return_days": policy.return_days,
        "policy.no_reason_excluded": "、".join(map(full_width, policy.no_reason_excluded)),
        "policy.quality_days": policy.quality_days,
        "policy.wish_freight_payer": policy.return_freight.wish,
        "policy.freight_insurance": policy.freight_insurance,
        "policy.return_address": policy.return_address,
        "policy.warranty": policy.warranty,
    }


def full_width(words: str) -> str:
    """The words with the brackets of Chinese text."""
    return words.replace("(", "（").replace(")", "）")


def _by_carrier(carriers: Mapping[str, str]) -> str:
    regions: dict[str, list[str]] = {}
    for region, carrier in carriers.items():
        regions.setdefault(carrier, []).append(region)
    return "，".join(f"{'、'.join(places)}发{carrier}" for carrier, places in regions.items())


def _surcharges(surcharges: Mapping[str, float | None]) -> str | None:
    """新疆15元、西藏20元; None when an amount is open, for then the list would not be whole."""
    if None in surcharges.values():
        return None
    return "、".join(f"{region}{_yuan(amount)}元" for region, amount in surcharges.items())


def _yuan(amount: float | None) -> str | None:
    return None if amount is None else yuan(amount)


def _known(facts: Facts) -> Facts:
    return {field: value for field, value in facts.items() if value is not None and value != ""}
