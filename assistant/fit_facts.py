"""Does it suit? What a buyer names (宝宝8个月, 200斤, iPhone 15) against the attribute that it concerns."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.device_fit import device_fit, names_a_device
from assistant.number_fit import AGE, number_fit
from assistant.persons import turned_to
from knowledge.attributes import names_asked
from knowledge.catalogue import ItemFacts
from knowledge.quantities import read_quantities
from knowledge.suitability import Verdict, comparisons, person_words

_PRONOUNS = ("她", "他", "ta")


def fit_facts(item: ItemFacts | None, text: str, earlier: Sequence[str] = ()) -> dict[str, object]:
    """Facts under `fit.`: what was asked, the attribute's value, and inside or outside; none where it is not plain.

    `text` is the normalised turn; an age told in one of the `earlier` messages (oldest first) still holds for a turn
    that asks of it or of nothing in particular (那他能用吗), not for one about something else (孕妇能用吗).
    """
    if item is None:
        return {}
    verdict = number_fit(item.attributes, text) or device_fit(item.attributes, text) or _by_age(item, text, earlier)
    if verdict is None:
        return {}
    return {
        "fit.result": "inside" if verdict.suits else "outside",
        "fit.asked": verdict.asked,
        "fit.attribute": verdict.attribute,
        "fit.range": item.attributes[verdict.attribute],
    }


def _by_age(item: ItemFacts, text: str, earlier: Sequence[str]) -> Verdict | None:
    if not earlier or not _may_mean_age(text):
        return None
    person = turned_to(text)
    told = (each for each in reversed(earlier) if _is_of(person, each))
    verdicts = (number_fit(item.attributes, each, ages_only=True) for each in told)
    return next((verdict for verdict in verdicts if verdict), None)


def _may_mean_age(text: str) -> bool:
    """Whether a turn asks of an age, or of nothing that is compared or stated otherwise."""
    names, quantities = names_asked(text), read_quantities(text)
    if names_a_device(text) or any(each.dimension != AGE for each in quantities):
        return False
    return not names or _age_attribute() in names


def _is_of(person: str | None, told: str) -> bool:
    """Whether what was told earlier is of the person now asked for: any child is the one told of."""
    return person is None or person in (*_PRONOUNS, *person_words()) or person in told


def _age_attribute() -> str:
    return next(row.attributes[0] for row in comparisons() if row.dimension == AGE)
