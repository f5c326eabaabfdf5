"""Does it suit? What a buyer names (宝宝8个月, 200斤, iPhone 15) against the attribute that it concerns."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.device_fit import device_fit
from assistant.number_fit import number_fit
from knowledge.catalogue import ItemFacts
from knowledge.suitability import Verdict


def fit_facts(item: ItemFacts | None, text: str, earlier: Sequence[str] = ()) -> dict[str, object]:
    """Facts under `fit.`: what was asked, the attribute's value, and inside or outside; none where it is not plain.

    `text` is the normalised turn; an age told in one of the `earlier` messages (oldest first) still holds.
    """
    if item is None:
        return {}
    verdict = number_fit(item.attributes, text) or device_fit(item.attributes, text) or _by_age(item, earlier)
    if verdict is None:
        return {}
    return {
        "fit.result": "inside" if verdict.suits else "outside",
        "fit.asked": verdict.asked,
        "fit.attribute": verdict.attribute,
        "fit.range": item.attributes[verdict.attribute],
    }


def _by_age(item: ItemFacts, earlier: Sequence[str]) -> Verdict | None:
    verdicts = (number_fit(item.attributes, told, ages_only=True) for told in reversed(earlier))
    return next((verdict for verdict in verdicts if verdict), None)
