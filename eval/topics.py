"""Topics: which codes answer a labelled message, and whether a suggestion or a reading of it is right."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assistant import judging
from assistant.judging import OUTSIDE as OUTSIDE
from assistant.judging import SILENCE as SILENCE
from assistant.judging import folded as folded
from eval.datasets import Case
from eval.runs import Outcome
from models.intents import intents

OUTSIDE_TAG = "outside"


def is_judged(outcome: Outcome) -> bool:
    """Whether readers agreed on what the message is about."""
    return bool(outcome.case.labels and outcome.case.labels.intents)


def wanted(case: Case) -> tuple[str, ...]:
    """The accepted codes, best first, folded; empty for what readers did not agree on."""
    codes = case.labels.intents if case.labels else None
    return tuple(dict.fromkeys(map(folded, codes or ())))


def is_outside(case: Case) -> bool | None:
    """Whether the message has nothing to do with the shop; None where nobody says what it is about.

    The label decides: what a shop can answer with a question back (other.unclear) or a way to the platform's own help
    (other.account) is not outside, whatever its tags.
    """
    codes = wanted(case)
    if not codes:
        return True if OUTSIDE_TAG in case.tags else None
    return codes[0] == OUTSIDE


def accepted(case: Case) -> set[str]:
    """What a right suggestion is about; to what has nothing to do with the shop, silence is right."""
    return judging.accepted(wanted(case))


def offered(outcome: Outcome) -> list[str]:
    """What is suggested, best first, folded, `SILENCE` for nothing.

    A further wording of a topic (`code 2`) is a place in the list but no new topic, so that measures of ranked lists
    see every topic once and in the place in which the agent reads it.
    """
    if outcome.response.abstained:
        return [SILENCE]
    seen: list[str] = []
    for code in map(folded, outcome.topics):
        seen.append(code if code not in seen else f"{code} {len(seen) + 1}")
    return seen


def is_right(outcome: Outcome, within: int) -> bool:
    """Whether one of the first `within` suggestions is about an acceptable topic."""
    return bool(set(offered(outcome)[:within]) & accepted(outcome.case))


def understood_as(outcome: Outcome) -> str:
    """The likeliest intent, folded; empty for a turn without any."""
    return next((folded(guess.code) for guess in outcome.response.understanding.intents), "")


def closest_wanted(predicted: str, codes: Sequence[str]) -> str:
    """The label that a prediction is compared with: itself when it is acceptable, else the first."""
    return predicted if predicted in codes else codes[0]


def risks(codes: Iterable[str]) -> set[str]:
    """Those of the codes that name a risk."""
    return {code for code in codes if code in intents() and intents()[code].phase == "risk"}
