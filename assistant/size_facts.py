"""What the size chart says to the buyer's measurements; without them, what is still to be asked."""

from __future__ import annotations

from assistant.option_words import options_of
from assistant.slots import Measurements
from knowledge.catalogue import ItemFacts
from knowledge.size_chart import SizeChart

_MEASURE_ZH = {"height_cm": "身高", "weight_kg": "体重", "bust_cm": "胸围", "waist_cm": "腰围", "foot_cm": "脚长"}
_UNITS = {"weight_kg": "kg"}
# Height and weight are what a buyer can be asked for; girths are used when given.
_ASKABLE = ("height_cm", "weight_kg", "foot_cm")
_CHILD_CM = 140  # a chart that ends here is for children


def size_facts(item: ItemFacts | None, measurements: Measurements, usual: str | None = None) -> dict[str, object]:
    """Facts under `size.`: the chart decides, two fitting sizes are both named.

    `usual` is the size that the buyer says to wear usually: a hint where the item has it, never an advice.
    """
    chart = item.size_chart if item else None
    known: dict[str, object] = {
        "size.given": _given(measurements),
        "size.kind": _kind(chart) if chart else None,
        "size.usual": usual if item and usual and usual in _sizes(item) else None,
    }
    if item is None:
        return known
    if chart is None:
        return {**known, "size.fit": "none"}
    needed = _needed(chart, measurements)
    if needed:
        return {**known, "size.fit": "ask", "size.needed": "和".join(needed)}
    sizes = chart.fitting(measurements) or chart.between(measurements)
    fit = "one" if len(sizes) == 1 else "between" if sizes else "outside"
    return {**known, "size.fit": fit, "size.advice": "或".join(sizes) or None}


def _given(measurements: Measurements) -> str | None:
    ordered = [(zh, name, measurements[name]) for name, zh in _MEASURE_ZH.items() if name in measurements]
    return "、".join(f"{zh}{value:g}{_UNITS.get(name, 'cm')}" for zh, name, value in ordered) or None


def _needed(chart: SizeChart, measurements: Measurements) -> list[str]:
    """What the chart asks for and the buyer has not said; bust and waist together do without height and weight."""
    measured = chart.measured()
    girths = {"bust_cm", "waist_cm"}
    if girths <= measured and girths <= measurements.keys():
        return []
    askable = measured & {*_ASKABLE} or measured
    return [zh for name, zh in _MEASURE_ZH.items() if name in askable - measurements.keys()]


def _kind(chart: SizeChart) -> str:
    """shoes, child or clothes: told by what the chart measures."""
    if "foot_cm" in chart.measured():
        return "shoes"
    tallest = [row.spans["height_cm"][1] for row in chart.rows if "height_cm" in row.spans]
    return "child" if tallest and max(tallest) <= _CHILD_CM else "clothes"


def _sizes(item: ItemFacts) -> set[str]:
    rows = item.size_chart.rows if item.size_chart else ()
    values = [value for values in options_of(item).values() for value in values]
    return {size.upper().removesuffix("码") for size in (*(row.size for row in rows), *values)}
