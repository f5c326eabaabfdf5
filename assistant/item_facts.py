"""Facts of the item: what the catalogue says, which size fits, and the stock of the SKU that the buyer names."""

from __future__ import annotations

import re

from assistant.slots import Measurements
from knowledge.catalogue import ItemFacts, Sku, yuan

LOW_STOCK = 5
_MEASURE_ZH = {"height_cm": "身高", "weight_kg": "体重", "bust_cm": "胸围", "waist_cm": "腰围", "foot_cm": "脚长"}
_UNITS = {"weight_kg": "kg"}
# Height and weight are what a buyer can be asked for; girths are used when given.
_ASKABLE = ("height_cm", "weight_kg", "foot_cm")


def item_facts(item: ItemFacts | None) -> dict[str, object]:
    """Facts under `item.`; a value that is not known is None."""
    if item is None:
        return {}
    sku = item.sku()
    options: dict[str, list[str]] = {}
    for each in item.skus:
        for name, value in each.options.items():
            options.setdefault(name, []).append(value)
    price = sku.price if sku and sku.price is not None else item.price
    return {
        "item.title": item.title,
        "item.category": item.category,
        "item.price": None if price is None else yuan(price),
        "item.sku": sku.name if sku else None,
        "item.options": "；".join(f"{name}有{'、'.join(dict.fromkeys(values))}" for name, values in options.items())
        or None,
        **{f"item.attributes.{name}": value for name, value in item.attributes.items()},
    }


def size_facts(item: ItemFacts | None, measurements: Measurements) -> dict[str, object]:
    """What the size chart says to the buyer's measurements; the chart decides, two fitting sizes are both named."""
    ordered = [(zh, name, measurements[name]) for name, zh in _MEASURE_ZH.items() if name in measurements]
    given = "、".join(f"{zh}{value:g}{_UNITS.get(name, 'cm')}" for zh, name, value in ordered)
    chart = item.size_chart if item else None
    if chart is None:
        return {"size.fit": "none" if item else None, "size.given": given or None}
    needed = [_MEASURE_ZH[name] for name in _ASKABLE if name in chart.measured() and name not in measurements]
    if needed and not {"bust_cm", "waist_cm"} <= measurements.keys():
        return {"size.fit": "ask", "size.given": given or None, "size.needed": "和".join(needed)}
    sizes = chart.fitting(measurements) or chart.between(measurements)
    fit = "one" if len(sizes) == 1 else "between" if sizes else "outside"
    return {"size.fit": fit, "size.advice": "或".join(sizes) or None, "size.given": given or None}


def stock_facts(item: ItemFacts | None, text: str) -> dict[str, object]:
    """Stock of the SKU named in the normalised text, else of the one looked at, else of all together."""
    if item is None:
        return {}
    named = named_skus(item, text)
    skus = named or ([sku] if (sku := item.sku()) else list(item.skus))
    counts = [sku.stock for sku in skus if sku.stock is not None]
    count = sum(counts) if counts else item.stock
    status = "unknown" if count is None else "out" if count == 0 else "low" if count <= LOW_STOCK else "in"
    return {"stock.status": status, "stock.sku": _common_name(skus, text) if named or item.sku() else None}


def named_skus(item: ItemFacts, text: str) -> list[Sku]:
    """The SKUs that the text names by their option values (黑色L码, 米白 S); none when it names no value."""
    values = {value for sku in item.skus for value in sku.options.values() if _names(text, value)}
    wanted = [sku for sku in item.skus if values and values <= set(sku.options.values())]
    return wanted or [sku for sku in item.skus if values & set(sku.options.values())]


def _common_name(skus: list[Sku], text: str) -> str:
    """The options that all these SKUs share: 黑色 when black was asked for in any size."""
    if len(skus) == 1:
        return skus[0].name
    shared = [value for value in skus[0].options.values() if all(value in sku.options.values() for sku in skus)]
    return " ".join(shared) or "、".join(
        sku.name for sku in skus[:3] if any(_names(text, v) for v in sku.options.values())
    )


def _names(text: str, value: str) -> bool:
    value = value.lower()
    if re.fullmatch(r"[a-z0-9]+", value):
        return re.search(rf"(?<![a-z0-9]){value}(?![a-z0-9])", text) is not None
    return value in text or (value.endswith("色") and len(value) == 2 and value[0] in text)
